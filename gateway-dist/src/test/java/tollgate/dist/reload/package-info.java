/** Tests of noticing changes. */
@org.jspecify.annotations.NullMarked
package tollgate.dist.reload;
