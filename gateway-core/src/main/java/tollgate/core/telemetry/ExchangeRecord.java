package tollgate.core.telemetry;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.ClientConnection;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.exchange.TraceContext;
import tollgate.core.fault.Fault;
import tollgate.core.fault.Outcome;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.upstream.Target;

/**
 * One ended exchange: the one source of log, metrics, spans and events. Immutable; any thread.
 * Durations in nanoseconds; -1 where the thing did not happen.
 *
 * @param generation of the configuration it ran under
 * @param epochMillis when the head was complete
 * @param status what the client was sent, 0 if nothing
 * @param upstream name of the upstream, null if none was asked
 * @param upstreamStatus what the last attempt answered, 0 if nothing
 * @param upstreamNanos from the first attempt's start to the end of the last response
 * @param connectNanos time waited for a connection of the last attempt
 * @param firstByteNanos from start to the response head
 * @param grpcStatus with which a call of gRPC ended; -1 where it was none, or nobody said
 * @param tunnelEnd how it ended, if it was a WebSocket; null else
 */
public record ExchangeRecord(
    long generation,
    long epochMillis,
    ClientConnection connection,
    InetAddress clientAddress,
    ReceivedRequest request,
    RouteHandle route,
    String requestId,
    @Nullable TraceContext trace,
    int status,
    Outcome outcome,
    @Nullable Fault fault,
    long requestBytes,
    long responseBytes,
    long durationNanos,
    @Nullable String upstream,
    @Nullable Target target,
    int attempts,
    int upstreamStatus,
    long upstreamNanos,
    long connectNanos,
    long firstByteNanos,
    int grpcStatus,
    @Nullable TunnelEnd tunnelEnd) {
  /** What the gateway itself took: the duration without the upstream's part, never negative. */
  public long overheadNanos() {
    return upstreamNanos < 0 ? durationNanos : Math.max(0, durationNanos - upstreamNanos);
  }
}
