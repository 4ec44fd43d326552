package tollgate.core.port;

/** All permits for offloaded work are taken: an immediate 503. Stackless. Immutable. */
public final class NoPermitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param dependency whose permits are taken
   */
  public NoPermitException(String dependency) {
    super("no permit for " + dependency, null, false, false);
  }
}
