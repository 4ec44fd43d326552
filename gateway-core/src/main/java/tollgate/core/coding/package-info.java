/** Content codings (RFC 9110 section 8.4.1): streams whose native memory and output are bounded. */
package tollgate.core.coding;
