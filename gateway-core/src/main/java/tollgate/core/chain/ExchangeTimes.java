package tollgate.core.chain;

import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.Attempt;
import tollgate.core.exchange.Ending;
import tollgate.core.exchange.TraceContext;
import tollgate.core.telemetry.ExchangeRecord;
import tollgate.core.telemetry.TunnelEnd;

/**
 * When what happened to an exchange, and the record of it. A clock is read where something happens
 * between, and not twice where nothing does. Event loop only.
 */
final class ExchangeTimes {
  private final long epochMillis = System.currentTimeMillis();
  private final long startNanos;
  private long firstAttemptNanos;
  private long upstreamEndNanos;
  private long firstByteNanos = -1;
  private boolean isUpstreamEndNow;

  ExchangeTimes(long startNanos) {
    this.startNanos = startNanos;
  }

  /** The first attempt begins. */
  void asked(long now) {
    firstAttemptNanos = now;
  }

  /** A response head came that is passed on. */
  void answered(long now) {
    firstByteNanos = now - startNanos;
  }

  void upstreamEnded(long now) {
    upstreamEndNanos = now;
  }

  /** Whether what happens is still a part of the upstream's end. */
  void isNow(boolean isUpstreamEndNow) {
    this.isUpstreamEndNow = isUpstreamEndNow;
  }

  /**
   * @param last null if no backend was asked
   * @param call null if it was none of gRPC
   * @param tunnelEnd null if it was none
   */
  ExchangeRecord record(
      RunningExchange exchange,
      long generation,
      Ending ending,
      long requestBytes,
      long responseBytes,
      int attempts,
      @Nullable AttemptRun last,
      @Nullable GrpcCall call,
      @Nullable TunnelEnd tunnelEnd) {
    long now = isUpstreamEndNow ? upstreamEndNanos : exchange.loop().ticker().nanos();
    Attempt remote = last != null && last.isRemote() ? last.attempt() : null;
    return new ExchangeRecord(
        generation,
        epochMillis,
        exchange.connection(),
        exchange.clientAddress(),
        exchange.request().received(),
        exchange.route(),
        exchange.requestId(),
        exchange.get(TraceContext.KEY),
        ending.status(),
        ending.outcome(),
        ending.fault(),
        requestBytes,
        responseBytes,
        now - startNanos,
        remote == null ? null : remote.upstream(),
        remote == null ? null : remote.target(),
        attempts,
        last == null ? 0 : last.status(),
        last == null ? -1 : (upstreamEndNanos == 0 ? now : upstreamEndNanos) - firstAttemptNanos,
        last == null ? -1 : last.connectNanos(),
        firstByteNanos,
        call == null ? -1 : call.status(ending),
        tunnelEnd);
  }
}
