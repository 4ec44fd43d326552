package tollgate.core.upstream;

import tollgate.core.time.Ticker;

/** A clock that stands until it is moved. */
final class ManualTicker implements Ticker {
  // Near the overflow: instants are compared by subtraction only.
  private long nanos = Long.MAX_VALUE - 5;

  @Override
  public long nanos() {
    return nanos;
  }

  void pass(long passed) {
    nanos += passed;
  }
}
