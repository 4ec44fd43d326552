/**
 * Requests of the gateway to itself before it says that it is ready, so that the first real ones
 * meet compiled code.
 */
@org.jspecify.annotations.NullMarked
package tollgate.dist.warmup;
