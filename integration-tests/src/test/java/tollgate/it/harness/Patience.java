package tollgate.it.harness;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How tests wait for what happens soon: they look at once, and then often. Any thread. */
public final class Patience {
  private Patience() {}

  /** Waits up to 20 seconds. */
  public static ConditionFactory await() {
    return Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(15))
        .atMost(Duration.ofSeconds(20))
        .pollInSameThread();
  }
}
