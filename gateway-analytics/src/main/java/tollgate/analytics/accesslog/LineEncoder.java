package tollgate.analytics.accesslog;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.ClientConnection;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.exchange.TraceContext;
import tollgate.core.fault.Fault;
import tollgate.core.fault.Outcome;
import tollgate.core.http.FieldName;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.telemetry.ExchangeRecord;
import tollgate.core.telemetry.TunnelEnd;
import tollgate.core.upstream.Target;

/**
 * Writes a record as one line of JSON. What is not known is left out. Of the request's fields only
 * the three named here are ever read. The writer thread only.
 */
final class LineEncoder {
  private static final FieldName REFERER = FieldName.of("Referer");

  private final JsonBuffer out;
  private final @Nullable String node;
  private final boolean withQuery;
  private final Timestamp timestamp = new Timestamp();
  private final Segments<String> listeners = new Segments<>(this::listener);
  private final Segments<RouteHandle> routes = new Segments<>(this::route);
  private final Segments<String> upstreams = new Segments<>(this::upstream);
  private final Segments<Target> targets = new Segments<>(this::target);
  private final Segments<Outcome> outcomes = new Segments<>(this::outcome);

  /**
   * @param withQuery whether path and referer keep their query
   */
  LineEncoder(JsonBuffer out, @Nullable String node, boolean withQuery) {
    this.out = out;
    this.node = node;
    this.withQuery = withQuery;
  }

  void encode(ExchangeRecord ended) {
    out.raw(Field.TS.key());
    timestamp.write(ended.epochMillis(), out);
    wire(Field.REQUEST_ID, ended.requestId());
    trace(ended.trace());
    text(Field.NODE, node);
    number(Field.CONFIG_GENERATION, ended.generation());
    connection(ended);
    request(ended.request());
    routes.write(ended.route(), out);
    result(ended);
    upstream(ended);
    if (ended.grpcStatus() >= 0) {
      number(Field.GRPC_STATUS, ended.grpcStatus());
    }
    tunnel(ended.tunnelEnd());
    fields(ended.request().fields());
    out.raw('}');
    out.raw('\n');
  }

  private void trace(@Nullable TraceContext trace) {
    if (trace != null) {
      String ids = trace.traceparent();
      out.raw(Field.TRACE_ID.key());
      out.plain(ids, TraceContext.TRACE_ID, TraceContext.TRACE_ID_END);
      out.raw(Field.SPAN_ID.key());
      out.plain(ids, TraceContext.SPAN_ID, TraceContext.SPAN_ID_END);
    }
  }

  private void connection(ExchangeRecord ended) {
    ClientConnection connection = ended.connection();
    listeners.write(connection.listener(), out);
    boolean isPeer = ended.clientAddress().equals(connection.peerAddress());
    plain(
        Field.CLIENT_IP,
        isPeer ? connection.peerText() : NetUtil.toAddressString(ended.clientAddress()));
    InetAddress tcpPeer = connection.tcpPeer().getAddress();
    plain(
        Field.PEER_IP,
        tcpPeer.equals(connection.peerAddress())
            ? connection.peerText()
            : NetUtil.toAddressString(tcpPeer));
    number(Field.CLIENT_PORT, connection.peer().getPort());
    plain(Field.PROTOCOL, ended.request().protocol());
    ClientConnection.TlsFacts tls = connection.tls();
    if (tls != null) {
      text(Field.TLS_VERSION, tls.version());
      text(Field.TLS_CIPHER, tls.cipher());
      wire(Field.TLS_SNI, tls.serverName());
      text(Field.TLS_CLIENT_SUBJECT, tls.clientSubject());
    }
  }

  private void request(ReceivedRequest request) {
    wire(Field.METHOD, request.method().name());
    plain(Field.SCHEME, request.scheme());
    if (!request.authority().isEmpty()) {
      wire(Field.HOST, request.authority());
    }
    String query = request.query();
    // The path of a malformed request is whatever could be read and may still hold a query.
    if (withQuery && query != null) {
      wire(Field.PATH, request.path() + '?' + query);
    } else {
      withoutQuery(Field.PATH, request.path());
    }
  }

  private void route(RouteHandle route) {
    if (route.equals(RouteHandle.NONE)) {
      return;
    }
    text(Field.API, route.api());
    if (!route.apiVersion().isEmpty()) {
      text(Field.API_VERSION, route.apiVersion());
    }
    text(Field.OPERATION, route.operation());
  }

  private void listener(String name) {
    text(Field.LISTENER, name);
  }

  private void upstream(String name) {
    text(Field.UPSTREAM, name);
  }

  private void target(Target target) {
    text(Field.TARGET, target.label());
  }

  private void outcome(Outcome outcome) {
    plain(Field.OUTCOME, outcome.word());
  }

  private void result(ExchangeRecord ended) {
    if (ended.status() > 0) {
      number(Field.STATUS, ended.status());
    }
    outcomes.write(ended.outcome(), out);
    Fault fault = ended.fault();
    if (fault != null) {
      text(Field.ERROR_CODE, fault.code().code());
    }
    number(Field.REQUEST_BYTES, ended.requestBytes());
    number(Field.RESPONSE_BYTES, ended.responseBytes());
    millis(Field.DURATION_MS, ended.durationNanos());
    millis(Field.OVERHEAD_MS, ended.overheadNanos());
  }

  private void upstream(ExchangeRecord ended) {
    String upstream = ended.upstream();
    if (upstream != null) {
      upstreams.write(upstream, out);
    }
    Target target = ended.target();
    if (target != null) {
      targets.write(target, out);
    }
    if (ended.upstreamStatus() > 0) {
      number(Field.UPSTREAM_STATUS, ended.upstreamStatus());
    }
    millis(Field.UPSTREAM_MS, ended.upstreamNanos());
    millis(Field.CONNECT_MS, ended.connectNanos());
    millis(Field.TTFB_MS, ended.firstByteNanos());
    if (ended.attempts() > 0) {
      number(Field.ATTEMPTS, ended.attempts());
    }
  }

  private void tunnel(@Nullable TunnelEnd end) {
    if (end != null) {
      number(Field.WS_CLOSE_CODE, end.code());
      plain(Field.WS_CLOSED_BY, end.by().word());
      text(Field.WS_CLOSE_REASON, end.reason());
    }
  }

  private void fields(ReceivedFields fields) {
    wire(Field.USER_AGENT, first(fields, FieldName.USER_AGENT));
    String referer = first(fields, REFERER);
    if (referer != null && !withQuery) {
      withoutQuery(Field.REFERER, referer);
    } else {
      wire(Field.REFERER, referer);
    }
    wire(Field.CONTENT_TYPE, first(fields, FieldName.CONTENT_TYPE));
  }

  private static @Nullable String first(ReceivedFields fields, FieldName name) {
    int index = fields.indexOf(name, 0);
    return index < 0 ? null : fields.value(index);
  }

  private void text(Field field, @Nullable String value) {
    if (value != null) {
      out.raw(field.key());
      out.text(value);
    }
  }

  private void plain(Field field, String ascii) {
    out.raw(field.key());
    out.plain(ascii);
  }

  /** What a client may have sent: see {@link JsonBuffer#wire}. */
  private void wire(Field field, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      out.raw(field.key());
      out.wire(value, value.length());
    }
  }

  /** Up to a query or fragment, which may hold secrets. */
  private void withoutQuery(Field field, String value) {
    int query = value.indexOf('?');
    int fragment = value.indexOf('#');
    int end = query < 0 ? value.length() : query;
    end = fragment < 0 ? end : Math.min(end, fragment);
    if (end > 0) {
      out.raw(field.key());
      out.wire(value, end);
    }
  }

  private void number(Field field, long value) {
    out.raw(field.key());
    out.number(value);
  }

  private void millis(Field field, long nanos) {
    if (nanos >= 0) {
      out.raw(field.key());
      out.millis(nanos);
    }
  }
}
