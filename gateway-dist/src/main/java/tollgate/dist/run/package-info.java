/** The running process: what is opened in which order, the signals, and the orderly end. */
@org.jspecify.annotations.NullMarked
package tollgate.dist.run;
