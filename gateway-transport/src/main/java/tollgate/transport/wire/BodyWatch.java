package tollgate.transport.wire;

import tollgate.core.time.Ticker;

/**
 * Whether the body of a request comes while it is awaited: no silence longer than allowed, and no
 * fewer bytes a second. A connection has one once it has waited for a body. Event loop only.
 */
public final class BodyWatch {
  private final Ticker ticker;
  private final long silenceNanos;
  private final Pace pace;
  private boolean isWaiting;
  private long countedNanos;
  private long lastByteNanos;

  public BodyWatch(Ticker ticker, HttpLimits limits) {
    this.ticker = ticker;
    this.silenceNanos = limits.bodyNanos();
    this.pace = new Pace(limits.minRequestRate(), limits.bodyNanos());
  }

  /** The next body is another one. */
  public void begin() {
    pace.begin();
  }

  /**
   * From now on time counts.
   *
   * @return after how long to {@link #look} at the latest
   */
  public long await() {
    isWaiting = true;
    countedNanos = ticker.nanos();
    lastByteNanos = countedNanos;
    return leftNanos();
  }

  /** From now on no time counts: the gateway does not read. */
  public void pause() {
    count();
    isWaiting = false;
  }

  public void moved(int bytes) {
    if (isWaiting) {
      count();
      lastByteNanos = countedNanos;
    }
    pace.moved(bytes);
  }

  /**
   * @return after how long to look again; 0 or less if the time is over
   */
  public long look() {
    count();
    return leftNanos();
  }

  /** When the time is over: whether bytes came, but too few. */
  public boolean isTooSlow() {
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
