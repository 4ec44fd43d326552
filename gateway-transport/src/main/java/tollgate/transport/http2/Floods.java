package tollgate.transport.http2;

import tollgate.core.time.Ticker;

/**
 * Counts what costs a peer little and us something, over spans of time: resets by either side,
 * frames that carry nothing (RFC 9113 section 10.5; B3, B4 and B8 of the bad-input table). Beyond
 * its bound each is ENHANCE_YOUR_CALM. What is done for a peer allows it more. Event loop only.
 */
final class Floods {
  private static final long SPAN_NANOS = 30_000_000_000L;

  /** Resets in a span, whoever made them, as long as it was the peer's doing. */
  private static final int MAX_RESETS = 200;

  /** From so many on they may not be more than half of the streams that were opened. */
  private static final int MANY_RESETS = 50;

  private static final int MAX_PINGS = 1000;
  private static final int MAX_SETTINGS = 100;
  private static final int MAX_IDLE = 1000;
  private static final int MAX_UPDATES = 1000;

  /** WINDOW_UPDATE frames for each frame that has reason to ask for one. */
  private static final int UPDATES_EACH = 4;

  private final Ticker ticker;
  private long beganNanos;
  private int streams;
  private int resets;
  private int pings;
  private int settings;
  private int idle;
  private int crumbs;
  private int updates;
  private long sent;

  Floods(Ticker ticker) {
    this.ticker = ticker;
    this.beganNanos = ticker.nanos();
  }

  /** A stream was opened. */
  void opened() {
    streams++;
  }

  /** A frame went out that the peer may answer by widening its windows. */
  void sent() {
    sent++;
  }

  /** A window let so little through that the frame costs more than it carries. */
  void crumb() throws Http2Error {
    if (isOver(++crumbs > MAX_IDLE + streams)) {
      throw calm("windows of a few bytes");
    }
  }

  /** A stream that was not finished was reset, by the peer or because of it. */
  void reset() throws Http2Error {
    resets++;
    if (isOver(resets > MAX_RESETS || (resets > MANY_RESETS && 2 * resets > streams))) {
      throw calm("resets");
    }
  }

  void ping() throws Http2Error {
    if (isOver(++pings > MAX_PINGS + streams + sent)) {
      throw calm("PING frames");
    }
  }

  void settings() throws Http2Error {
    if (isOver(++settings > MAX_SETTINGS)) {
      throw calm("SETTINGS frames");
    }
  }

  /** A frame without consequence. */
  void idle() throws Http2Error {
    if (isOver(++idle > MAX_IDLE + 2L * streams)) {
      throw calm("frames that say nothing");
    }
  }

  void update() throws Http2Error {
    if (isOver(++updates > MAX_UPDATES + UPDATES_EACH * (sent + streams))) {
      throw calm("WINDOW_UPDATE frames");
    }
  }

  /** The clock is read only where a bound is reached: it may be that of a span long past. */
  private boolean isOver(boolean isReached) {
    if (!isReached) {
      return false;
    }
    long now = ticker.nanos();
    if (now - beganNanos <= SPAN_NANOS) {
      return true;
    }
    beganNanos = now;
    streams = 0;
    resets = 0;
    pings = 0;
    settings = 0;
    idle = 0;
    crumbs = 0;
    updates = 0;
    sent = 0;
    return false;
  }

  private static Http2Error calm(String what) {
    return Http2Error.ofConnection(ErrorCode.ENHANCE_YOUR_CALM, "too many " + what);
  }
}
