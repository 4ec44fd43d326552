package tollgate.transport.loop;

import tollgate.core.time.Ticker;

/** A ticker that remembers what it told last. Event loop only. */
final class LoopTicker implements Ticker {
  private final Ticker source;
  private long recent;

  LoopTicker(Ticker source) {
    this.source = source;
    this.recent = source.nanos();
  }

  @Override
  public long nanos() {
    long now = source.nanos();
    recent = now;
    return now;
  }

  /** The last instant told, without looking at a clock. */
  long recent() {
    return recent;
  }
}
