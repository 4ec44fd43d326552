/** Multipart bodies: parts as slices of the bytes they came in. */
@org.jspecify.annotations.NullMarked
package tollgate.core.message.multipart;
