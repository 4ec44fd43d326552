package tollgate.core.chain;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import tollgate.core.exchange.Exchange;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.LocalReply;
import tollgate.core.http.FieldName;

/**
 * The exchanges that run now, of all generations: how many may, which go on under a newer
 * generation, which have outlived theirs. One per process for its traffic; status port and control
 * socket have one of their own, so that no limit concerns them. Methods with a loop on that loop
 * only, all others on any thread.
 */
public final class Traffic {
  private static final Fault OVERLOADED =
      Fault.of(FaultCode.OVERLOADED, "The gateway has more requests than it can serve.");

  private final LoopTraffic[] loops;
  private final LocalReply shedReply;
  private final Map<Stream, Integer> streams = new ConcurrentHashMap<>();

  private record Stream(String api, String version, StreamKind kind) {}

  /** Is told how many streams of a kind an API has. */
  public interface StreamCount {
    void of(String api, String version, StreamKind kind, int count);
  }

  /**
   * @param retryAfterSeconds what a client is told that is not served
   */
  public Traffic(int loopCount, long retryAfterSeconds) {
    loops = new LoopTraffic[loopCount];
    for (int i = 0; i < loopCount; i++) {
      loops[i] = new LoopTraffic();
    }
    shedReply =
        LocalReply.of(OVERLOADED).with(FieldName.RETRY_AFTER, Long.toString(retryAfterSeconds));
  }

  /** Without a limit until one is set. */
  public static Traffic unlimited(int loopCount) {
    return new Traffic(loopCount, 1);
  }

  /** Sets how many exchanges may run on this loop; beyond it APIs over their share are refused. */
  public void limit(int loop, int limit) {
    loops[loop].limit(limit);
  }

  /** Exchanges on this loop but for streams; a moment old on other threads. */
  public int running(int loop) {
    return loops[loop].running();
  }

  /**
   * Lets the exchanges of a loop go on under a newer generation where it serves their route
   * unchanged, so that they keep no older one alive.
   *
   * @param sites the newer generation's, by listener
   * @param isServed whether it has this very route
   */
  public void handOver(int loop, Function<String, Site> sites, Predicate<RouteHandle> isServed) {
    loops[loop].forEach(run -> run.handOver(sites, isServed));
  }

  /** Ends the exchanges of a loop that still run under this generation or an older one. */
  public void endThrough(int loop, long generation) {
    loops[loop].forEach(run -> run.outlived(generation));
  }

  /**
   * Ends exchanges of a loop that have been admitted and may not go on: an answer that has not
   * begun becomes a refusal, one that has is cut, and a WebSocket is closed with the reason.
   */
  public void end(int loop, Predicate<? super Exchange> which, Fault why) {
    loops[loop].forEach(run -> run.end(which, why));
  }

  /** Tells every count that is not zero. */
  public void streams(StreamCount sink) {
    streams.forEach(
        (stream, count) -> sink.of(stream.api(), stream.version(), stream.kind(), count));
  }

  LoopTraffic on(int loop) {
    return loops[loop];
  }

  LocalReply shedReply() {
    return shedReply;
  }

  void streamBegun(RouteHandle route, StreamKind kind) {
    streams.merge(stream(route, kind), 1, Integer::sum);
  }

  void streamEnded(RouteHandle route, StreamKind kind) {
    // Gone with the last one: a removed API leaves nothing behind.
    streams.computeIfPresent(stream(route, kind), (_, count) -> count == 1 ? null : count - 1);
  }

  private static Stream stream(RouteHandle route, StreamKind kind) {
    return new Stream(route.api(), route.apiVersion(), kind);
  }
}
