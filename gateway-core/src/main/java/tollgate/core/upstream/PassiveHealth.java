package tollgate.core.upstream;

/**
 * When a target is taken out because of what its requests came to. Immutable.
 *
 * @param consecutiveFailures that many in a row eject; 0: never
 * @param ejectNanos for how long
 * @param maxEjectedPercent 0 to 100, of the number of targets, rounded down; a lone target is never
 *     ejected
 */
public record PassiveHealth(int consecutiveFailures, long ejectNanos, int maxEjectedPercent) {
  public static final PassiveHealth OFF = new PassiveHealth(0, 0, 0);

  public PassiveHealth {
    if (consecutiveFailures < 0) {
      throw new IllegalArgumentException(
          "consecutiveFailures: " + consecutiveFailures + " (expected: >= 0)");
    }
    if (ejectNanos < 0) {
      throw new IllegalArgumentException("ejectNanos: " + ejectNanos + " (expected: >= 0)");
    }
    if (maxEjectedPercent < 0 || maxEjectedPercent > 100) {
      throw new IllegalArgumentException(
          "maxEjectedPercent: " + maxEjectedPercent + " (expected: 0 to 100)");
    }
  }

  /** How many of {@code targets} may be out at a time. */
  int maxEjected(int targets) {
    return targets < 2 || consecutiveFailures == 0 ? 0 : targets * maxEjectedPercent / 100;
  }
}
