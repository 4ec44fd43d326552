/** Tests of the command line. */
@org.jspecify.annotations.NullMarked
package tollgate.dist.cli;
