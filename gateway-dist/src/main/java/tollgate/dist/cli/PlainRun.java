package tollgate.dist.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tollgate.dist.run.ExitCode;
import tollgate.dist.run.GatewayProcess;

/**
 * {@code run} as it is nearly always written, understood without the command line's library: to
 * load that and have it look at ten commands takes a fifth of a start on one processor. Whatever
 * else is on the command line is the library's, so that there is one place for help and for what is
 * wrong.
 */
public final class PlainRun {
  private static final String CONF = "--conf";

  private PlainRun() {}

  /**
   * The root folder of {@code run}, {@code run --conf DIR} or {@code run --conf=DIR}; null for any
   * other command line.
   */
  public static @Nullable Path root(String... arguments) {
    if (arguments.length == 0 || !arguments[0].equals("run")) {
      return null;
    }
    if (arguments.length == 1) {
      return ConfigurationFolder.DEFAULT;
    }
    if (arguments.length == 2 && arguments[1].startsWith(CONF + "=")) {
      return folder(arguments[1].substring(CONF.length() + 1));
    }
    return arguments.length == 3 && arguments[1].equals(CONF) ? folder(arguments[2]) : null;
  }

  /** A name in which the library would see more than a name is left to it. */
  private static @Nullable Path folder(String name) {
    boolean isPlain =
        !name.isEmpty() && !name.startsWith("-") && name.chars().noneMatch(PlainRun::isSpecial);
    return isPlain ? Path.of(name) : null;
  }

  private static boolean isSpecial(int character) {
    return character == '@' || character == '"' || character == '$' || character == 0;
  }

  /** Runs the gateway to its end; gives the exit code. */
  public static int runBlocking(Path root, PrintWriter err) {
    Build build = Build.present();
    try {
      return GatewayProcess.runBlocking(root, build.version(), build.revision());
    } catch (RuntimeException e) { // as the library's handler does it
      e.printStackTrace(err);
      return ExitCode.FAILED;
    }
  }
}
