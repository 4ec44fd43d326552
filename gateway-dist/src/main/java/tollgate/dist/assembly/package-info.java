/**
 * From configuration records to a {@link tollgate.dist.assembly.GatewaySnapshot}: all wiring, by
 * plain constructors. Opens nothing.
 */
@org.jspecify.annotations.NullMarked
package tollgate.dist.assembly;
