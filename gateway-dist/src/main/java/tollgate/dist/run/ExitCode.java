package tollgate.dist.run;

/** What the process tells whoever started it. */
public final class ExitCode {
  /** All went well; also after SIGTERM and a clean drain. */
  public static final int GOOD = 0;

  /** The configuration has errors, or was refused. */
  public static final int INVALID_CONFIGURATION = 1;

  /** The command line was not understood. */
  public static final int USAGE = 2;

  /** The gateway could not start, or the command could not do its work. */
  public static final int FAILED = 3;

  private ExitCode() {}
}
