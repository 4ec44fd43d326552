package tollgate.analytics.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.fault.Outcome;
import tollgate.core.telemetry.CloseReason;
import tollgate.core.telemetry.ConnectionProtocol;
import tollgate.core.telemetry.ExchangeRecord;
import tollgate.core.telemetry.HandshakeResult;

/**
 * What one event loop counts. Event loop only.
 *
 * <p>Cells are found by the identity of the route handle and by the upstream's name. After a reload
 * (a new epoch of {@link Families}) these short cuts are dropped and made again by label, which
 * leads to the same cells where the labels are the same: counters survive, and what was removed is
 * held no longer.
 */
final class LoopMeters {
  /** Handles that are not the snapshot's own must not pile up. */
  private static final int MAX_ROUTES = 1 << 18;

  private final Families families;
  private final int loop;
  private final MethodIndex methods = new MethodIndex();
  private final List<ListenerMeters> listeners = new ArrayList<>();
  private final IdentityHashMap<RouteHandle, RouteMeters> routes = new IdentityHashMap<>();
  private final Map<String, UpstreamMeters> upstreams = new HashMap<>();
  private final Map<String, HistogramCell> lags = new HashMap<>();
  private int epoch;

  LoopMeters(Families families, int loop) {
    this.families = families;
    this.loop = loop;
    this.epoch = families.epoch();
  }

  void started(String listener) {
    listener(listener).started();
  }

  void ended(ExchangeRecord ended) {
    renew();
    ListenerMeters listener = listener(ended.connection().listener());
    listener.ended();
    route(ended.route()).ended(ended, listener, methods);
    String upstream = ended.upstream();
    if (upstream != null && ended.connectNanos() >= 0) {
      upstream(upstream).connected(ended.connectNanos());
    }
  }

  void attempted(String upstream, int status, Outcome outcome) {
    renew();
    upstream(upstream).attempted(status, outcome);
  }

  void retried(String upstream, String reason) {
    renew();
    upstream(upstream).retried(reason);
  }

  void violated(RouteHandle route, String kind, String direction) {
    renew();
    route(route).violated(kind, direction);
  }

  void opened(String listener, ConnectionProtocol protocol) {
    listener(listener).opened(protocol);
  }

  void agreed(String listener, ConnectionProtocol from, ConnectionProtocol protocol) {
    listener(listener).agreed(from, protocol);
  }

  void closed(String listener, ConnectionProtocol protocol, CloseReason reason) {
    listener(listener).closed(protocol, reason);
  }

  void handshake(String listener, HandshakeResult result, String version) {
    listener(listener).handshake(result, version);
  }

  void lagged(String group, long nanos) {
    HistogramCell cell = lags.get(group);
    if (cell == null) {
      cell = Families.lasting(families.loopLag, loop, group);
      lags.put(group, cell);
    }
    cell.observe(nanos);
  }

  private void renew() {
    int now = families.epoch();
    if (now != epoch || routes.size() > MAX_ROUTES) {
      epoch = now;
      routes.clear();
      upstreams.clear();
    }
  }

  private RouteMeters route(RouteHandle handle) {
    RouteMeters known = routes.get(handle);
    if (known == null) {
      known = new RouteMeters(families, loop, handle);
      routes.put(handle, known);
    }
    return known;
  }

  private UpstreamMeters upstream(String name) {
    UpstreamMeters known = upstreams.get(name);
    if (known == null) {
      known = new UpstreamMeters(families, loop, name);
      upstreams.put(name, known);
    }
    return known;
  }

  /** A process has a handful of listeners, so they are searched one by one. */
  private ListenerMeters listener(String name) {
    for (int i = 0; i < listeners.size(); i++) {
      ListenerMeters known = listeners.get(i);
      if (known.name().equals(name)) {
        return known;
      }
    }
    ListenerMeters added = new ListenerMeters(families, loop, listeners.size(), name);
    listeners.add(added);
    return added;
  }
}
