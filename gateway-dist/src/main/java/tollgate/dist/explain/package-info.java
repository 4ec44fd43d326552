/**
 * What would become of a request: it is taken through the real route table and the real chain, up
 * to the point where bytes would leave for the backend.
 */
@org.jspecify.annotations.NullMarked
package tollgate.dist.explain;
