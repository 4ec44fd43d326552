package tollgate.dist.run;

import java.util.List;
import tollgate.analytics.metrics.GatewayMetrics;
import tollgate.analytics.metrics.Metric;
import tollgate.core.chain.Traffic;
import tollgate.core.upstream.Target;
import tollgate.core.upstream.Upstream;
import tollgate.dist.assembly.Generations;
import tollgate.dist.assembly.UpstreamPiece;
import tollgate.transport.client.PendingLimit;
import tollgate.transport.client.PoolSnapshot;
import tollgate.transport.loop.EventLoops;
import tollgate.transport.loop.NettyLoop;

/** What other parts know and the metrics show: asked at each scrape. */
final class Gauges {
  private final GatewayMetrics metrics;
  private final Generations generations;
  private final Listeners listeners;
  private final EventLoops loops;
  private final Traffic traffic;
  private final OverloadWatch overload;

  Gauges(
      GatewayMetrics metrics,
      Generations generations,
      Listeners listeners,
      EventLoops loops,
      Traffic traffic,
      OverloadWatch overload) {
    this.traffic = traffic;
    this.overload = overload;
    this.metrics = metrics;
    this.generations = generations;
    this.listeners = listeners;
    this.loops = loops;
  }

  void register() {
    metrics.supply(
        Metric.TLS_CERTIFICATE_NOT_AFTER,
        sink ->
            listeners
                .notAfter()
                .forEach((file, end) ->
                    sink.put(end.getEpochSecond(), String.valueOf(file.getFileName()))));
    metrics.supply(
        Metric.UPSTREAM_TARGET_UP,
        sink -> {
          for (UpstreamPiece piece : pieces()) {
            for (Target target : piece.upstream().targets()) {
              sink.put(piece.upstream().isOut(target) ? 0 : 1, piece.name(), target.label());
            }
          }
        });
    metrics.supply(
        Metric.UPSTREAM_EJECTIONS,
        sink -> {
          for (UpstreamPiece piece : pieces()) {
            Upstream upstream = piece.upstream();
            sink.put(upstream.ejections(), piece.name(), "consecutive_failures");
            if (upstream.activeHealth() != null) {
              sink.put(upstream.foundDown(), piece.name(), "health_check");
            }
          }
        });
    metrics.supply(
        Metric.UPSTREAM_RETRY_BUDGET_EXHAUSTED,
        sink ->
            pieces().forEach(piece -> sink.put(piece.upstream().retriesDenied(), piece.name())));
    metrics.supply(
        Metric.UPSTREAM_BREAKER_OPEN,
        sink -> {
          for (UpstreamPiece piece : pieces()) {
            Boolean isFull = piece.upstream().isFull();
            if (isFull != null) {
              sink.put(isFull ? 1 : 0, piece.name(), "in_flight");
            }
            PendingLimit pending = piece.pendingLimit();
            if (pending != null) {
              sink.put(pending.isFull() ? 1 : 0, piece.name(), "pending");
            }
          }
        });
    metrics.supply(
        Metric.UPSTREAM_POOL_CONNECTIONS,
        sink -> {
          for (UpstreamPiece piece : pieces()) {
            PoolSnapshot pool = piece.connector().snapshot();
            sink.put(pool.active(), piece.name(), "active");
            sink.put(pool.idle(), piece.name(), "idle");
          }
        });
    metrics.supply(
        Metric.UPSTREAM_POOL_PENDING,
        sink ->
            pieces()
                .forEach(piece -> sink.put(piece.connector().snapshot().pending(), piece.name())));
    metrics.supply(
        Metric.STREAMS,
        sink ->
            traffic.streams(
                (api, version, kind, count) -> sink.put(count, api, version, kind.word())));
    metrics.supply(Metric.OVERLOAD_STATE, sink -> sink.put(overload.state().severity()));
    metrics.supply(
        Metric.OVERLOAD_PRESSURE,
        sink ->
            overload
                .pressures()
                .forEach((resource, pressure) -> sink.put(pressure, resource.word())));
    metrics.supply(
        Metric.EVENT_LOOP_PENDING_TASKS,
        sink -> sink.put(loops.all().stream().mapToInt(NettyLoop::pendingTasks).sum(), "traffic"));
  }

  private List<UpstreamPiece> pieces() {
    return generations.present().upstreams();
  }
}
