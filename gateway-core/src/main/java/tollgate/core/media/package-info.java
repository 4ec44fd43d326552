/** Media types and the charsets of bodies. */
package tollgate.core.media;
