package tollgate.analytics.telemetry;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.ClientConnection;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.exchange.TraceContext;
import tollgate.core.fault.Fault;
import tollgate.core.fault.Outcome;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.telemetry.ExchangeRecord;
import tollgate.core.telemetry.TunnelEnd;
import tollgate.core.upstream.Target;

/** Makes records of ended exchanges: a good one, changed where a test wants it. */
public final class Recorded {
  /** 2026-11-23T10:20:30.045Z. */
  public static final long AT_MILLIS = 1_795_429_230_045L;

  public static final RouteHandle ORDERS =
      new RouteHandle("orders", "1.0.0", "getOrder", "/orders", "/{id}");
  public static final Target TARGET = Target.of(0, "http", "10.0.0.7", 8080, 1);

  private final List<String> fields = new ArrayList<>();
  private RouteHandle route = ORDERS;
  private String listener = "http";
  private String requestId = "r-1";
  private Method method = Method.GET;
  private String authority = "api.example.com";
  private String path = "/orders/7";
  private @Nullable String query;
  private @Nullable String traceId = "0af7651916cd43dd8448eb211c80319c";
  private ClientConnection.@Nullable TlsFacts tls;
  private String tcpPeer = "10.1.2.3";
  private int status = 200;
  private Outcome outcome = Outcome.OK;
  private int grpcStatus = -1;
  private @Nullable TunnelEnd tunnelEnd;
  private @Nullable Fault fault;
  private long durationNanos = 12_345_678;
  private long upstreamNanos = 12_000_000;
  private @Nullable String upstream = "orders-v1";

  private Recorded() {}

  public static Recorded exchange() {
    return new Recorded();
  }

  public Recorded route(RouteHandle route) {
    this.route = route;
    return this;
  }

  public Recorded listener(String listener) {
    this.listener = listener;
    return this;
  }

  public Recorded requestId(String requestId) {
    this.requestId = requestId;
    return this;
  }

  public Recorded method(String method) {
    this.method = Method.of(method);
    return this;
  }

  public Recorded authority(String authority) {
    this.authority = authority;
    return this;
  }

  public Recorded path(String path, @Nullable String query) {
    this.path = path;
    this.query = query;
    return this;
  }

  public Recorded field(String name, String value) {
    fields.add(name);
    fields.add(value);
    return this;
  }

  public Recorded traceId(@Nullable String traceId) {
    this.traceId = traceId;
    return this;
  }

  public Recorded tls(String version, String cipher, @Nullable String serverName) {
    this.tls = new ClientConnection.TlsFacts(version, cipher, serverName, null);
    return this;
  }

  /** After {@link #tls}: the client showed a certificate. */
  public Recorded clientSubject(String subject) {
    ClientConnection.TlsFacts agreed = requireNonNull(tls);
    this.tls =
        new ClientConnection.TlsFacts(
            agreed.version(), agreed.cipher(), agreed.serverName(), subject);
    return this;
  }

  /** A PROXY header came from here. */
  public Recorded tcpPeer(String address) {
    this.tcpPeer = address;
    return this;
  }

  public Recorded status(int status, Outcome outcome) {
    this.status = status;
    this.outcome = outcome;
    return this;
  }

  public Recorded fault(Fault fault) {
    this.fault = fault;
    return status(fault.code().status(), fault.code().outcome());
  }

  public Recorded durationNanos(long durationNanos) {
    this.durationNanos = durationNanos;
    return this;
  }

  /** Null: the gateway answered itself. */
  public Recorded upstream(@Nullable String upstream) {
    this.upstream = upstream;
    return this;
  }

  public Recorded grpcStatus(int code) {
    this.grpcStatus = code;
    return this;
  }

  public Recorded tunnelEnd(TunnelEnd end) {
    this.tunnelEnd = end;
    return this;
  }

  public ExchangeRecord build() {
    boolean asked = upstream != null;
    ReceivedRequest request =
        new ReceivedRequest(
            "HTTP/1.1",
            method,
            tls == null ? "http" : "https",
            authority,
            path,
            query,
            new ListedFields(List.copyOf(fields)),
            BodyLength.ABSENT,
            false);
    return new ExchangeRecord(
        3,
        AT_MILLIS,
        new Peer(listener, tls, tcpPeer),
        address("203.0.113.9"),
        request,
        route,
        requestId,
        traceId == null ? null : new TraceContext("00-" + traceId + "-b7ad6b7169203331-01"),
        status,
        outcome,
        fault,
        11,
        2_048,
        durationNanos,
        upstream,
        asked ? TARGET : null,
        asked ? 1 : 0,
        asked ? status : 0,
        asked ? upstreamNanos : -1,
        asked ? 45_600 : -1,
        status > 0 ? 11_999_999 : -1,
        grpcStatus,
        tunnelEnd);
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private record Peer(String listener, @Nullable TlsFacts tls, String tcpAddress)
      implements ClientConnection {
    @Override
    public InetSocketAddress tcpPeer() {
      return new InetSocketAddress(address(tcpAddress), 40_000);
    }

    @Override
    public InetSocketAddress peer() {
      return new InetSocketAddress(address("10.1.2.3"), 51_000);
    }

    @Override
    public InetSocketAddress local() {
      return new InetSocketAddress(address("10.1.2.4"), 8_280);
    }

    @Override
    public String peerText() {
      return "10.1.2.3";
    }
  }

  private record ListedFields(List<String> lines) implements ReceivedFields {
    @Override
    public int count() {
      return lines.size() / 2;
    }

    @Override
    public String name(int index) {
      return requireNonNull(lines.get(index * 2));
    }

    @Override
    public String value(int index) {
      return requireNonNull(lines.get(index * 2 + 1));
    }

    @Override
    public int indexOf(FieldName name, int from) {
      for (int i = from; i < count(); i++) {
        if (name.text().equalsIgnoreCase(name(i))) {
          return i;
        }
      }
      return -1;
    }
  }
}
