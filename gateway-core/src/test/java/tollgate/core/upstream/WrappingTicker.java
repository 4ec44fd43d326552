package tollgate.core.upstream;

import tollgate.core.time.Ticker;

/** A clock that stands until it is moved, shortly before its number overflows. */
final class WrappingTicker implements Ticker {
  private long nanos = Long.MAX_VALUE - 5;

  @Override
  public long nanos() {
    return nanos;
  }

  void pass(long passed) {
    nanos += passed;
  }
}
