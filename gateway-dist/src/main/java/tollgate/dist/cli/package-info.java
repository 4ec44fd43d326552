/**
 * The command line: one class a command, thin over the services that do the work, and the ways
 * their results are printed. Exit codes are {@link tollgate.dist.cli.ExitCode}'s.
 */
@org.jspecify.annotations.NullMarked
package tollgate.dist.cli;
