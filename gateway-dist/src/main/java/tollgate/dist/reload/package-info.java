/**
 * Notices that the configuration has changed and puts a new generation in place of the old, or
 * keeps the old.
 */
@org.jspecify.annotations.NullMarked
package tollgate.dist.reload;
