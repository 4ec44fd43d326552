package tollgate.transport.http1;

import tollgate.core.time.Ticker;

/**
 * Whether the body of a request comes while it is awaited: no silence longer than allowed, and no
 * fewer bytes a second. A connection has one once it has waited for a body. Event loop only.
 */
final class BodyWatch {
  private final Ticker ticker;
  private final long silenceNanos;
  private final Pace pace;
  private boolean isWaiting;
  private long countedNanos;
  private long lastByteNanos;

  BodyWatch(Ticker ticker, Http1Limits limits) {
    this.ticker = ticker;
    this.silenceNanos = limits.bodyNanos();
    this.pace = new Pace(limits.minRequestRate(), limits.bodyNanos());
  }

  /** The next body is another one. */
  void begin() {
    pace.begin();
  }

  /**
   * From now on time counts.
   *
   * @return after how long to {@link #look} at the latest
   */
  long await() {
    isWaiting = true;
    countedNanos = ticker.nanos();
    lastByteNanos = countedNanos;
    return leftNanos();
  }

  /** From now on no time counts: the gateway does not read. */
  void pause() {
    count();
    isWaiting = false;
  }

  void moved(int bytes) {
    if (isWaiting) {
      count();
      lastByteNanos = countedNanos;
    }
    pace.moved(bytes);
  }

  /**
   * @return after how long to look again; 0 or less if the time is over
   */
  long look() {
    count();
    return leftNanos();
  }

  /** When the time is over: whether bytes came, but too few. */
  boolean isTooSlow() {
    return silenceLeftNanos() > 0;
  }

  private void count() {
    long now = ticker.nanos();
    pace.waited(now - countedNanos);
    countedNanos = now;
  }

  private long leftNanos() {
    return Math.min(silenceLeftNanos(), pace.leftNanos());
  }

  private long silenceLeftNanos() {
    return silenceNanos - (countedNanos - lastByteNanos);
  }
}
