/** Tests of the application log. */
@org.jspecify.annotations.NullMarked
package tollgate.dist.log;
