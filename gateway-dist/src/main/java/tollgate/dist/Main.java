package tollgate.dist;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import tollgate.dist.cli.PlainRun;
import tollgate.dist.cli.Tollgate;

/** Entry point of the process. */
public final class Main {
  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Path root = PlainRun.root(arguments);
    System.exit(
        root == null
            ? Tollgate.run(printer(System.out), printer(System.err), arguments)
            : PlainRun.runBlocking(root, printer(System.err)));
  }

  private static PrintWriter printer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }
}
