/** Content codings (RFC 9110 section 8.4.1): compressing streams whose native memory is bounded. */
package tollgate.core.coding;
