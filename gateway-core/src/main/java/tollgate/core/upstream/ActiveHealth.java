package tollgate.core.upstream;

/**
 * How many probes in a row prove something of a target. Immutable.
 *
 * @param healthy good ones that bring it back, 1 or more
 * @param unhealthy bad ones that take it out, 1 or more
 */
public record ActiveHealth(int healthy, int unhealthy) {
  public ActiveHealth {
    if (healthy < 1) {
      throw new IllegalArgumentException("healthy: " + healthy + " (expected: >= 1)");
    }
    if (unhealthy < 1) {
      throw new IllegalArgumentException("unhealthy: " + unhealthy + " (expected: >= 1)");
    }
  }
}
