package tollgate.core.testkit;

import java.time.Duration;
import tollgate.core.time.Ticker;

/** A clock that moves when told to. One thread. */
public final class ManualTicker implements Ticker {
  private long nanos;

  public ManualTicker() {}

  @Override
  public long nanos() {
    return nanos;
  }

  public void advance(Duration duration) {
    nanos += duration.toNanos();
  }
}
