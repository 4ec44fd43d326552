/**
 * The application log: what operators read, on standard error. The access log is another world
 * (analytics writes it, to standard output or a file) and does not pass through here.
 */
@org.jspecify.annotations.NullMarked
package tollgate.dist.log;
