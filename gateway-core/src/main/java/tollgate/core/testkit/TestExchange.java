package tollgate.core.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.PathTemplate;
import tollgate.core.chain.Backend;
import tollgate.core.chain.Chain;
import tollgate.core.chain.CompiledRoute;
import tollgate.core.chain.Exchanges;
import tollgate.core.chain.InFlight;
import tollgate.core.chain.MessageRules;
import tollgate.core.chain.Site;
import tollgate.core.chain.StreamKind;
import tollgate.core.chain.Traffic;
import tollgate.core.exchange.ClientConnection;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultStyle;
import tollgate.core.fault.Outcome;
import tollgate.core.grpc.GrpcRules;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;
import tollgate.core.http.BodyLength;
import tollgate.core.http.Method;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.http.Trailers;
import tollgate.core.port.RequestEvents;
import tollgate.core.route.ApiRoutes;
import tollgate.core.route.RouteTable;
import tollgate.core.telemetry.ExchangeRecord;
import tollgate.core.telemetry.Telemetry;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.core.upstream.Balance;
import tollgate.core.upstream.PassiveHealth;
import tollgate.core.upstream.Target;
import tollgate.core.upstream.Upstream;
import tollgate.core.upstream.UpstreamRules;
import tollgate.core.websocket.WebSocketRules;

/**
 * One exchange through the real chain, between a {@link RecordingClient} and a {@link
 * FakeUpstream}. The API is {@code test:v1} at context {@code /api} and serves everything below it.
 * One thread.
 *
 * <pre>
 *   TestExchange exchange = TestExchange.get("/api/items").field("X-Debug", "1").handler(Stage.CONTENT, handler).start();
 *   exchange.upstream().call().answer(200, "hello");
 *   assertThat(exchange.client().body()).isEqualTo("hello");
 * </pre>
 *
 * <p>More than 400 lines in one class: a builder of one scene.
 */
public final class TestExchange {
  private static final InetSocketAddress PEER =
      new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 40000);
  private static final InetSocketAddress LOCAL =
      new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 8280);
  private static final ClientConnection CONNECTION =
      new ClientConnection() {
        @Override
        public String listener() {
          return "http";
        }

        @Override
        public InetSocketAddress peer() {
          return PEER;
        }

        @Override
        public InetSocketAddress local() {
          return LOCAL;
        }

        @Override
        public String peerText() {
          return "192.0.2.7";
        }

        @Override
        public @Nullable TlsFacts tls() {
          return null;
        }
      };

  private final Method method;
  private final String path;
  private final @Nullable String query;
  private final List<String> fields = new ArrayList<>();
  private final List<Chain.Entry> entries = new ArrayList<>();
  private final RecordingClient client = new RecordingClient();
  private final FakeUpstream upstream = new FakeUpstream();
  private final ManualLoop loop = new ManualLoop();
  private final List<ExchangeRecord> records = new ArrayList<>();
  private String api = "test";
  private Traffic traffic = Traffic.unlimited(1);
  private StreamKind stream = StreamKind.NONE;
  private @Nullable WebSocketRules websocket;
  private @Nullable String upgrade;
  private @Nullable GrpcRules grpc;
  private MessageRules messages = MessageRules.NONE;
  private String protocol = "HTTP/1.1";
  private long bodyLength = BodyLength.ABSENT;
  private long maxBodyBytes = Long.MAX_VALUE;
  private @Nullable Fault malformed;
  private @Nullable String template;
  private UpstreamRules rules = UpstreamRules.of(Balance.ROUND_ROBIN, PassiveHealth.OFF);
  private int targetCount = 1;
  private @Nullable RequestEvents events;

  private TestExchange(Method method, String target) {
    this.method = method;
    int mark = target.indexOf('?');
    this.path = mark < 0 ? target : target.substring(0, mark);
    this.query = mark < 0 ? null : target.substring(mark + 1);
  }

  public static TestExchange get(String target) {
    return new TestExchange(Method.GET, target);
  }

  public static TestExchange request(Method method, String target) {
    return new TestExchange(method, target);
  }

  public TestExchange field(String name, String value) {
    fields.add(name);
    fields.add(value);
    return this;
  }

  /** A body of this length will follow, or {@link BodyLength#UNKNOWN}. */
  public TestExchange body(long length) {
    bodyLength = length;
    return this;
  }

  /** The API serves only this path below its context, with any method; else everything. */
  public TestExchange operation(String template) {
    this.template = template;
    return this;
  }

  public TestExchange maxBody(long bytes) {
    maxBodyBytes = bytes;
    return this;
  }

  public TestExchange malformed(Fault fault) {
    malformed = fault;
    return this;
  }

  /** Runs among others; else alone. */
  public TestExchange in(Traffic shared) {
    traffic = shared;
    return this;
  }

  /** Another name for the API. */
  public TestExchange api(String name) {
    api = name;
    return this;
  }

  /** What the operation's responses are. */
  public TestExchange stream(StreamKind kind) {
    stream = kind;
    return this;
  }

  /** The operation allows WebSockets under these rules. */
  public TestExchange websocket(WebSocketRules rules) {
    websocket = rules;
    return stream(StreamKind.WEBSOCKET);
  }

  /** A WebSocket handshake that is right, but for fields of other kinds. */
  public TestExchange handshake() {
    return upgrade("websocket")
        .field("Sec-WebSocket-Version", "13")
        .field("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
  }

  /** What the client asks to switch to. */
  public TestExchange upgrade(String protocol) {
    upgrade = protocol;
    return this;
  }

  /** The operation is a gRPC service or method. */
  public TestExchange grpc(GrpcRules rules) {
    grpc = rules;
    return this;
  }

  /** How messages are built; else none is. */
  public TestExchange messages(MessageRules rules) {
    messages = rules;
    return this;
  }

  /** What the request came by; else HTTP/1.1. */
  public TestExchange protocol(String name) {
    protocol = name;
    return this;
  }

  public TestExchange targets(int count) {
    targetCount = count;
    return this;
  }

  /** Connections come about only when told to. */
  public TestExchange slowConnect() {
    upstream.connectsAtOnce(false);
    return this;
  }

  /** What the upstream decides by. */
  public TestExchange rules(UpstreamRules rules) {
    this.rules = rules;
    return this;
  }

  /** Connections have served requests before. */
  public TestExchange reusedConnections() {
    upstream.reused(true);
    return this;
  }

  public TestExchange handler(Stage stage, Handler handler) {
    return handler(stage, handler, Side.BOTH);
  }

  /** Handlers stand in the order they are given, which must be that of their stages. */
  public TestExchange handler(Stage stage, Handler handler, Side side) {
    entries.add(new Chain.Entry(handler, stage, side));
    return this;
  }

  /** Hands the request over. */
  public TestExchange start() {
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < targetCount; i++) {
      targets.add(Target.of(i, "http", "backend-" + i, 8080, 1));
    }
    Upstream decisions = new Upstream("backend", targets, rules, 1, loop.ticker());
    Chain chain = Chain.of(entries);
    List<Chain.Entry> listener =
        entries.stream().filter(entry -> entry.stage() == Stage.LISTENER).toList();
    CompiledRoute route =
        new CompiledRoute(
            new RouteHandle(api, "v1", template == null ? "_all" : "op", "/api", template),
            chain,
            new Backend.Remote(decisions, upstream),
            new AttemptTimeouts(0, 0, 0),
            true,
            false,
            stream,
            websocket,
            grpc,
            messages);
    List<ApiRoutes.Operation<CompiledRoute>> operations =
        template == null
            ? List.of()
            : List.of(new ApiRoutes.Operation<>(null, PathTemplate.parse(template), route));
    CompiledRoute everything = template == null ? route : unmatched(route);
    RouteTable<CompiledRoute> routes =
        RouteTable.<CompiledRoute>builder()
            .add(new ApiRoutes<>("test:v1", everything, "/api", List.of(), operations, true))
            .build();
    Site site =
        new Site(
            1,
            Chain.of(listener),
            routes,
            maxBodyBytes,
            new Recorder(),
            new InFlight(1),
            traffic,
            FaultStyle.PROBLEM);
    ReceivedRequest request =
        new ReceivedRequest(
            protocol,
            method,
            "http",
            "gateway.example.com",
            path,
            query,
            ListedFields.of(fields),
            bodyLength,
            false,
            upgrade);
    events = new Exchanges(() -> site).begin(request, malformed, CONNECTION, client, loop);
    return this;
  }

  /** What 404 and 405 run through, as the gateway does it: what the API answers by itself. */
  private CompiledRoute unmatched(CompiledRoute route) {
    List<Chain.Entry> own =
        entries.stream().filter(entry -> entry.stage().compareTo(Stage.EDGE) <= 0).toList();
    return new CompiledRoute(
        new RouteHandle(api, "v1", "_none", "/api", null),
        Chain.of(own),
        route.backend(),
        route.timeouts(),
        true,
        false,
        StreamKind.NONE,
        messages);
  }

  public RecordingClient client() {
    return client;
  }

  public FakeUpstream upstream() {
    return upstream;
  }

  public ManualLoop loop() {
    return loop;
  }

  /** The record of the ended exchange; fails if it has not ended, or ended twice. */
  public ExchangeRecord record() {
    if (records.size() != 1) {
      throw new AssertionError("ended " + records.size() + " times");
    }
    return records.getFirst();
  }

  public boolean isEnded() {
    return events().isEnded();
  }

  /** The client sends a piece of its body. */
  public TestExchange send(String chunk) {
    return send(Unpooled.copiedBuffer(chunk, UTF_8));
  }

  public TestExchange send(ByteBuf chunk) {
    events().onBody(chunk);
    return this;
  }

  /** The client ends its body. */
  public TestExchange sendEnd() {
    return sendEnd(Trailers.NONE);
  }

  public TestExchange sendEnd(Trailers trailers) {
    events().onBodyEnd(trailers);
    return this;
  }

  public TestExchange sendFails(Fault fault) {
    events().onBodyFailed(fault);
    return this;
  }

  public TestExchange clientGoes() {
    events().onClientGone();
    return this;
  }

  /** No further request is taken from the client. */
  public TestExchange drain() {
    events().onDraining();
    return this;
  }

  public TestExchange clientWritable(boolean writable) {
    client.writable(writable);
    if (writable) {
      events().onClientWritable();
    }
    return this;
  }

  public TestExchange pass(Duration time) {
    loop.advance(time);
    return this;
  }

  /** What came in one burst has been told. */
  public TestExchange readComplete() {
    events().onReadComplete();
    return this;
  }

  private RequestEvents events() {
    return requireNonNull(events, "start() comes first");
  }

  private final class Recorder implements Telemetry {
    @Override
    public void started(int loop, String listener) {}

    @Override
    public void ended(int loop, ExchangeRecord ended) {
      records.add(ended);
    }

    @Override
    public void attempted(int loop, String upstream, Target target, int status, Outcome outcome) {}

    @Override
    public void retried(int loop, String upstream, String reason) {}
  }
}
