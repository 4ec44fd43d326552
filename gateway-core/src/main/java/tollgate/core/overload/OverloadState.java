package tollgate.core.overload;

/** How the gateway meets new work. In order of severity. */
public enum OverloadState {
  /** Everything is begun. */
  NORMAL(0),
  /** As much is begun as can be ended; APIs over their share are refused. */
  SHEDDING(1),
  /** Nothing is begun, so that what runs can end. */
  CRITICAL(2);

  private final int severity;

  OverloadState(int severity) {
    this.severity = severity;
  }

  /** 0 and up, as the metrics show it. */
  public int severity() {
    return severity;
  }

  /** The next one down. */
  OverloadState milder() {
    return this == CRITICAL ? SHEDDING : NORMAL;
  }
}
