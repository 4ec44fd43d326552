package tollgate.config.read;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.config.model.AccessLogConfig;
import tollgate.config.model.ActiveHealthConfig;
import tollgate.config.model.ApiConfig;
import tollgate.config.model.BindAddress;
import tollgate.config.model.Cidr;
import tollgate.config.model.ClientAuthConfig;
import tollgate.config.model.ConvertConfig;
import tollgate.config.model.CorsConfig;
import tollgate.config.model.DataSize;
import tollgate.config.model.DrainConfig;
import tollgate.config.model.GatewayConfig;
import tollgate.config.model.GrpcConfig;
import tollgate.config.model.HandshakeLimit;
import tollgate.config.model.HashConfig;
import tollgate.config.model.HostPattern;
import tollgate.config.model.ListenerConfig;
import tollgate.config.model.ListenerLimits;
import tollgate.config.model.ListenerTlsConfig;
import tollgate.config.model.MessagesConfig;
import tollgate.config.model.OperationConfig;
import tollgate.config.model.OperationMatch;
import tollgate.config.model.OverloadConfig;
import tollgate.config.model.Percent;
import tollgate.config.model.PolicyConfig;
import tollgate.config.model.PrometheusConfig;
import tollgate.config.model.Rate;
import tollgate.config.model.ReloadConfig;
import tollgate.config.model.RestConfig;
import tollgate.config.model.RetryConfig;
import tollgate.config.model.SoapConfig;
import tollgate.config.model.StateConfig;
import tollgate.config.model.StatusConfig;
import tollgate.config.model.StatusRange;
import tollgate.config.model.TargetUrl;
import tollgate.config.model.TelemetryConfig;
import tollgate.config.model.UpstreamConfig;
import tollgate.config.model.ValidateConfig;
import tollgate.config.model.WebSocketConfig;

/** Per kind: all defaults as values, and every key set to something else. */
final class RecordsTest {
  @TempDir private Path folder;
  private ConfigRoot root;

  @BeforeEach
  void makeRoot() throws Exception {
    root = new ConfigRoot(folder, TestSteps.ALL);
    for (String file : List.of("a.crt", "a.key", "ca.pem", "ca.crl")) {
      Files.writeString(folder.resolve(file), file);
    }
    root.gateway();
  }

  @Test
  void defaultsOfAGateway() {
    assertThat(root.valid().gateway().value())
        .isEqualTo(
            new GatewayConfig(
                "edge",
                List.of(
                    new ListenerConfig(
                        "http",
                        new BindAddress("127.0.0.1", 0),
                        List.of(ListenerConfig.Protocol.HTTP1, ListenerConfig.Protocol.H2),
                        null,
                        List.of(),
                        new ListenerLimits(
                            DataSize.ofBytes(8192),
                            DataSize.ofBytes(32768),
                            100,
                            null,
                            Duration.ofSeconds(10),
                            Duration.ofSeconds(30),
                            DataSize.ofBytes(240),
                            DataSize.ofBytes(240),
                            Duration.ofSeconds(75),
                            null,
                            100,
                            Duration.ofSeconds(10),
                            20_000,
                            null,
                            null),
                        List.of())),
                new StatusConfig(new BindAddress("0.0.0.0", 9480)),
                new StateConfig(folder.resolve(".state")),
                new ReloadConfig(true, Duration.ofSeconds(2), Duration.ofMinutes(10)),
                new DrainConfig(Duration.ofSeconds(5), Duration.ofSeconds(30)),
                Duration.ofSeconds(4),
                new OverloadConfig(
                    true,
                    20_000,
                    new Percent(85),
                    new Percent(85),
                    new Percent(90),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(1)),
                new TelemetryConfig(
                    new PrometheusConfig(
                        new PrometheusConfig.Labels(true),
                        10_000,
                        List.of(1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000).stream()
                            .map(Duration::ofMillis)
                            .toList()),
                    new AccessLogConfig(
                        AccessLogConfig.Format.JSON,
                        AccessLogConfig.Output.Stream.STDOUT,
                        false))));
  }

  @Test
  void defaultsOfClientCertificates() throws Exception {
    root.write(
        "gateway.yaml",
        """
        kind: Gateway
        name: edge
        listeners:
          - name: https
            bind: 127.0.0.1:0
            tls: {certificates: [{cert: a.crt, key: a.key}], clientAuth: {trust: ca.pem}}
            limits: {handshakesPerClient: {rate: 7/1s}}
        """);

    ListenerConfig listener = root.valid().gateway().value().listeners().getFirst();
    assertThat(listener.tls())
        .extracting(ListenerTlsConfig::clientAuth)
        .isEqualTo(
            new ClientAuthConfig(
                ClientAuthConfig.Mode.REQUIRED, folder.resolve("ca.pem"), null, 1));
    assertThat(listener.limits().handshakesPerClient())
        .isEqualTo(new HandshakeLimit(new Rate(7, Duration.ofSeconds(1)), 7));
  }

  @Test
  void everyKeyOfAGateway() throws Exception {
    root.write("gateway.yaml", FullConfiguration.GATEWAY);

    assertThat(root.valid().gateway().value())
        .isEqualTo(
            new GatewayConfig(
                "full",
                List.of(
                    new ListenerConfig(
                        "https",
                        new BindAddress("::1", 8243),
                        List.of(ListenerConfig.Protocol.H2, ListenerConfig.Protocol.HTTP1),
                        new ListenerTlsConfig(
                            ListenerTlsConfig.TlsVersion.TLS_1_3,
                            List.of(
                                new ListenerTlsConfig.Certificate(
                                    List.of(
                                        new HostPattern("api.example.com", false),
                                        new HostPattern("example.org", true)),
                                    folder.resolve("a.crt"),
                                    folder.resolve("a.key"))),
                            true,
                            new ClientAuthConfig(
                                ClientAuthConfig.Mode.OPTIONAL,
                                folder.resolve("ca.pem"),
                                folder.resolve("ca.crl"),
                                3)),
                        List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("2001:db8::/32")),
                        new ListenerLimits(
                            DataSize.ofKibibytes(4),
                            DataSize.ofKibibytes(16),
                            50,
                            DataSize.ofMebibytes(10),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(2),
                            DataSize.ofKibibytes(1),
                            DataSize.ofBytes(0),
                            Duration.ofMinutes(3),
                            Duration.ofHours(1),
                            250,
                            Duration.ofMillis(400),
                            500,
                            20,
                            new HandshakeLimit(new Rate(10, Duration.ofSeconds(1)), 50)),
                        List.of(Cidr.parse("10.1.0.0/16")))),
                new StatusConfig(new BindAddress("127.0.0.1", 9999)),
                new StateConfig(Path.of("/var/lib/tollgate")),
                new ReloadConfig(false, Duration.ofMinutes(1), Duration.ZERO),
                new DrainConfig(Duration.ZERO, Duration.ofHours(1)),
                Duration.ofSeconds(2),
                new OverloadConfig(
                    false,
                    7,
                    new Percent(50),
                    new Percent(60),
                    new Percent(70),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(5)),
                new TelemetryConfig(
                    new PrometheusConfig(
                        new PrometheusConfig.Labels(false),
                        500,
                        List.of(Duration.ofMillis(20), Duration.ofSeconds(4))),
                    new AccessLogConfig(
                        AccessLogConfig.Format.JSON,
                        new AccessLogConfig.Output.File(folder.resolve("logs/access.log")),
                        true))));
  }

  @Test
  void defaultsOfAnUpstream() throws Exception {
    root.write("conf.d/u.yaml", "kind: Upstream\nname: u\ntargets: [{url: 'http://u'}]\n");

    assertThat(root.valid().upstreams().getFirst().value())
        .isEqualTo(
            new UpstreamConfig(
                "u",
                List.of(
                    new UpstreamConfig.Target(new TargetUrl(TargetUrl.Scheme.HTTP, "u", 80), 1)),
                UpstreamConfig.Protocol.HTTP1,
                UpstreamConfig.Balance.ROUND_ROBIN,
                null,
                new UpstreamConfig.Health(
                    null,
                    new UpstreamConfig.Passive.Eject(5, Duration.ofSeconds(30), new Percent(50))),
                new UpstreamConfig.Timeouts(
                    Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(60)),
                new RetryConfig(2, List.of(), new Percent(20)),
                new UpstreamConfig.Breaker(null, null),
                new UpstreamConfig.Pool(256, 100, Duration.ofSeconds(50), 1024, null),
                new UpstreamConfig.Tls(null, null, true, null, null)));
  }

  @Test
  void everyKeyOfAnUpstream() throws Exception {
    root.write("conf.d/u.yaml", FullConfiguration.UPSTREAM);

    assertThat(root.valid().upstreams().getFirst().value())
        .isEqualTo(
            new UpstreamConfig(
                "full",
                List.of(
                    new UpstreamConfig.Target(new TargetUrl(TargetUrl.Scheme.HTTPS, "a", 8443), 3),
                    new UpstreamConfig.Target(
                        new TargetUrl(TargetUrl.Scheme.HTTP, "::1", 80), 1000)),
                UpstreamConfig.Protocol.AUTO,
                UpstreamConfig.Balance.CONSISTENT_HASH,
                new HashConfig(HashConfig.Source.COOKIE, "session"),
                new UpstreamConfig.Health(
                    new ActiveHealthConfig(
                        "/health?deep=1",
                        Duration.ofSeconds(1),
                        Duration.ofMillis(200),
                        1,
                        5,
                        List.of(new StatusRange(200, 200), new StatusRange(204, 299)),
                        "orders.internal"),
                    new UpstreamConfig.Passive.Eject(2, Duration.ofMinutes(1), new Percent(10))),
                new UpstreamConfig.Timeouts(
                    Duration.ofMillis(500), Duration.ofSeconds(3), Duration.ofDays(1)),
                new RetryConfig(
                    3,
                    List.of(
                        RetryConfig.On.Failure.CONNECT_FAILURE,
                        new RetryConfig.On.Status(503),
                        new RetryConfig.On.Status(429)),
                    new Percent(10)),
                new UpstreamConfig.Breaker(400, 0),
                new UpstreamConfig.Pool(1, 10, Duration.ofSeconds(5), 0, Duration.ofSeconds(2)),
                new UpstreamConfig.Tls(
                    folder.resolve("ca.pem"),
                    "internal",
                    false,
                    folder.resolve("a.crt"),
                    folder.resolve("a.key"))));
  }

  @Test
  void defaultsOfProbes() throws Exception {
    root.write(
        "conf.d/u.yaml",
        "kind: Upstream\nname: u\ntargets: [{url: 'http://u'}]\nhealth: {active: {path: /up}}\n");

    assertThat(root.valid().upstreams().getFirst().value().health().active())
        .isEqualTo(
            new ActiveHealthConfig(
                "/up",
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                2,
                3,
                List.of(new StatusRange(200, 399)),
                null));
  }

  @Test
  void probesOfAGrpcHealthService() throws Exception {
    root.write(
        "conf.d/u.yaml",
        "kind: Upstream\nname: u\nprotocol: h2\ntargets: [{url: 'http://u'}]\nhealth: {active: {grpc: {service: a.B}}}\n");

    assertThat(root.valid().upstreams().getFirst().value().health().active())
        .isEqualTo(
            new ActiveHealthConfig(
                null,
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                2,
                3,
                List.of(new StatusRange(200, 399)),
                null,
                "a.B"));
  }

  @Test
  void aHashKeyThatNeedsNoNameIsAWord() throws Exception {
    root.write(
        "conf.d/u.yaml",
        "kind: Upstream\nname: u\ntargets: [{url: 'http://u'}]\nbalance: consistent-hash\nhash: client-ip\n");

    assertThat(root.valid().upstreams().getFirst().value().hash())
        .isEqualTo(new HashConfig(HashConfig.Source.CLIENT_IP, ""));
  }

  @Test
  void passiveHealthCanBeTurnedOff() throws Exception {
    root.write(
        "conf.d/u.yaml",
        "kind: Upstream\nname: u\ntargets: [{url: 'http://u'}]\nhealth: {passive: off}\n");

    assertThat(root.valid().upstreams().getFirst().value().health().passive())
        .isEqualTo(UpstreamConfig.Passive.Off.OFF);
  }

  @Test
  void defaultsOfAnApi() throws Exception {
    root.write(
        "conf.d/a.yaml",
        "kind: Upstream\nname: u\ntargets: [{url: 'http://u'}]\n---\nkind: Api\nname: a\nversion: 1.0\ncontext: /\nsecurity: none\nroute: {upstream: u}\noperations: [{id: x, match: GET /}]\ncors: {origins: ['*']}\n");

    assertThat(root.valid().apis().getFirst().value())
        .isEqualTo(
            new ApiConfig(
                "a",
                "1.0",
                "/",
                List.of(),
                ApiConfig.State.PUBLISHED,
                null,
                ApiConfig.Security.NONE,
                ApiConfig.Subscription.NONE,
                List.of(),
                new CorsConfig(
                    List.of("*"),
                    List.of("GET", "HEAD", "POST"),
                    List.of(),
                    List.of(),
                    false,
                    null),
                new ApiConfig.Route("u", true, false),
                null,
                ValidateConfig.NONE,
                MessagesConfig.DEFAULTS,
                ApiConfig.Faults.PROBLEM,
                List.of(
                    new OperationConfig(
                        "x",
                        OperationMatch.parse("GET /"),
                        OperationConfig.Timeout.Inherited.INHERITED,
                        OperationConfig.Stream.NONE))));
  }

  @Test
  void defaultsOfWebSockets() throws Exception {
    root.write("conf.d/u.yaml", "kind: Upstream\nname: u\ntargets: [{url: 'http://u'}]\n");
    root.write(
        "conf.d/a.yaml",
        """
        kind: Api
        name: a
        version: v1
        context: /a
        security: none
        route: {upstream: u}
        operations:
          - {id: left-out, match: GET /x, stream: websocket}
          - {id: empty, match: GET /y, stream: websocket, websocket: {}}
        """);

    assertThat(root.valid().apis().getFirst().value().operations())
        .extracting(OperationConfig::websocket)
        .containsOnly(
            new WebSocketConfig(
                null,
                DataSize.ofMebibytes(16),
                DataSize.ofMebibytes(16),
                Duration.ofMinutes(5),
                null,
                null,
                true));
  }

  @Test
  void defaultsOfSoapAndRest() throws Exception {
    root.write("conf.d/u.yaml", "kind: Upstream\nname: u\ntargets: [{url: 'http://u'}]\n");
    root.write(
        "conf.d/a.yaml",
        """
        kind: Api
        name: a
        version: v1
        context: /
        security: none
        route: {upstream: u}
        operations:
          - {id: x, match: GET /x, soap: {element: Get}}
          - {id: y, match: POST /y, rest: {calls: [{element: Get, call: GET /x}]}}
        """);

    List<OperationConfig> operations = root.valid().apis().getFirst().value().operations();
    assertThat(operations.getFirst().soap())
        .isEqualTo(
            new SoapConfig(
                SoapConfig.Version.V11,
                null,
                null,
                "Get",
                null,
                true,
                null,
                Map.of(),
                Map.of(),
                Map.of()));
    assertThat(operations.getLast().rest())
        .isEqualTo(
            new RestConfig(
                null,
                true,
                null,
                Map.of(),
                List.of(
                    new RestConfig.Call(
                        "Get", null, OperationMatch.parse("GET /x"), List.of(), "GetResponse"))));
  }

  @Test
  void everyKeyOfSoapRestAndTypes() throws Exception {
    root.write("conf.d/u.yaml", "kind: Upstream\nname: u\ntargets: [{url: 'http://u'}]\n");
    root.write("any.xsd", "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'/>");
    root.write("any.json", "{}");
    root.write(
        "conf.d/a.yaml",
        """
        kind: Api
        name: a
        version: v1
        context: /
        security: none
        route: {upstream: u}
        operations:
          - id: x
            match: GET /x/{id}
            soap:
              version: "1.2"
              action: urn:a#b
              path: /s
              element: Get
              namespace: urn:a
              qualified: false
              xsd: any.xsd
              parameters: {id: customerId}
              headers: {X-A: A, X-B: {element: B, namespace: "urn:b", mustUnderstand: true}}
              faults: {Client.NotFound: 404}
          - id: y
            match: POST /y
            rest:
              namespace: urn:a
              qualified: false
              xsd: any.xsd
              headers: {A: X-A}
              calls:
                - {element: Get, action: a, call: "GET /x/{id}", query: [page], response: Got}
          - id: z
            match: POST /z
            messages:
              convert:
                request: json
                types: {request: {xsd: any.xsd}, response: {jsonSchema: any.json}}
        """);

    List<OperationConfig> operations = root.valid().apis().getFirst().value().operations();
    Path xsd = root.folder.resolve("any.xsd");
    assertThat(operations.get(0).soap())
        .isEqualTo(
            new SoapConfig(
                SoapConfig.Version.V12,
                "urn:a#b",
                "/s",
                "Get",
                "urn:a",
                false,
                xsd,
                Map.of("id", "customerId"),
                Map.of(
                    "X-A",
                    new SoapConfig.Block("A", null, false),
                    "X-B",
                    new SoapConfig.Block("B", "urn:b", true)),
                Map.of("Client.NotFound", 404)));
    assertThat(operations.get(1).rest())
        .isEqualTo(
            new RestConfig(
                "urn:a",
                false,
                xsd,
                Map.of("A", "X-A"),
                List.of(
                    new RestConfig.Call(
                        "Get", "a", OperationMatch.parse("GET /x/{id}"), List.of("page"), "Got"))));
    assertThat(requireNonNull(operations.get(2).convert()).types())
        .isEqualTo(
            new ConvertConfig.Types.Files(
                new ValidateConfig.Against.Xsd(xsd),
                new ValidateConfig.Against.JsonSchema(root.folder.resolve("any.json"))));
  }

  @Test
  void defaultsOfAGrpcOperation() throws Exception {
    root.write("conf.d/u.yaml", "kind: Upstream\nname: u\ntargets: [{url: 'http://u'}]\n");
    root.write(
        "conf.d/a.yaml",
        """
        kind: Api
        name: a
        version: v1
        context: /
        security: none
        route: {upstream: u}
        operations:
          - {id: x, grpc: Echo}
        """);

    assertThat(root.valid().apis().getFirst().value().operations())
        .containsExactly(
            new OperationConfig(
                "x",
                OperationMatch.parse("POST /Echo/{method}"),
                OperationConfig.Timeout.Inherited.INHERITED,
                OperationConfig.Stream.NONE,
                null,
                new GrpcConfig(new GrpcConfig.Target("Echo", null), DataSize.ofMebibytes(4), null),
                ValidateConfig.NONE,
                null));
  }

  @Test
  void everyKeyOfAnApiAndAPolicy() throws Exception {
    root.write("conf.d/u.yaml", FullConfiguration.UPSTREAM);
    root.write("conf.d/a.yaml", FullConfiguration.API);
    FullConfiguration.writeSchemas(root);
    root.write("conf.d/p.yaml", FullConfiguration.POLICY);

    assertThat(root.valid().apis().getFirst().value())
        .isEqualTo(
            new ApiConfig(
                "full",
                "v1",
                "/full/v1",
                List.of(new HostPattern("api.example.com", false)),
                ApiConfig.State.DEPRECATED,
                Instant.parse("2027-01-01T00:00:00Z"),
                ApiConfig.Security.NONE,
                ApiConfig.Subscription.NONE,
                List.of("full"),
                new CorsConfig(
                    List.of("https://shop.example.com"),
                    List.of("PUT"),
                    List.of("X-Key"),
                    List.of("X-Id"),
                    true,
                    Duration.ofMinutes(10)),
                new ApiConfig.Route("full", false, true),
                folder.resolve("specs/full.yaml"),
                new ValidateConfig(
                    new ValidateConfig.Rule(
                        ValidateConfig.Mode.ENFORCE, ValidateConfig.Against.OpenApi.OPENAPI),
                    new ValidateConfig.Rule(
                        ValidateConfig.Mode.LOG, ValidateConfig.Against.OpenApi.OPENAPI),
                    DataSize.ofMebibytes(2),
                    ValidateConfig.UnknownQuery.REFUSE),
                new MessagesConfig(
                    Map.of("application/vnd.acme", "json"),
                    new MessagesConfig.Limits(
                        DataSize.ofMebibytes(1),
                        20,
                        100,
                        1000,
                        DataSize.ofBytes(64),
                        DataSize.ofKibibytes(4),
                        16,
                        8),
                    new ConvertConfig(
                        MessagesConfig.Target.XML,
                        MessagesConfig.Response.Negotiated.NEGOTIATED,
                        MessagesConfig.Shape.BADGERFISH)),
                ApiConfig.Faults.WSO2,
                List.of(
                    new OperationConfig(
                        "events",
                        OperationMatch.parse("GET /events"),
                        OperationConfig.Timeout.None.NONE,
                        OperationConfig.Stream.SSE),
                    new OperationConfig(
                        "chat",
                        OperationMatch.parse("GET /chat"),
                        OperationConfig.Timeout.Inherited.INHERITED,
                        OperationConfig.Stream.WEBSOCKET,
                        new WebSocketConfig(
                            List.of("https://shop.example.com"),
                            DataSize.ofKibibytes(64),
                            DataSize.ofMebibytes(1),
                            Duration.ofMinutes(1),
                            Duration.ofHours(1),
                            Duration.ofSeconds(20),
                            false),
                        null,
                        ValidateConfig.NONE,
                        null),
                    new OperationConfig(
                        "files",
                        OperationMatch.parse("* /files/{path*}"),
                        new OperationConfig.Timeout.After(Duration.ofSeconds(8)),
                        OperationConfig.Stream.NONE,
                        null,
                        null,
                        ValidateConfig.NONE,
                        new ConvertConfig(
                            MessagesConfig.Target.JSON,
                            new MessagesConfig.Response.To(MessagesConfig.Target.JSON),
                            MessagesConfig.Shape.EXACT)),
                    new OperationConfig(
                        "place",
                        OperationMatch.parse("POST /shop.v1.Orders/Place"),
                        OperationConfig.Timeout.Inherited.INHERITED,
                        OperationConfig.Stream.GRPC,
                        null,
                        new GrpcConfig(
                            new GrpcConfig.Target("shop.v1.Orders", "Place"),
                            DataSize.ofMebibytes(8),
                            Duration.ofSeconds(30)),
                        new ValidateConfig(
                            new ValidateConfig.Rule(
                                ValidateConfig.Mode.LOG,
                                new ValidateConfig.Against.JsonSchema(
                                    folder.resolve("schemas/full.json"))),
                            new ValidateConfig.Rule(
                                ValidateConfig.Mode.OFF,
                                new ValidateConfig.Against.Xsd(folder.resolve("schemas/full.xsd"))),
                            null,
                            null),
                        null))));
    PolicyConfig policy = root.valid().policies().getFirst().value();
    TestSteps.Headers request = policy.request().getFirst().options(TestSteps.Headers.class);
    assertThat(request.set()).containsExactly(Map.entry("X-Channel", "api"));
    assertThat(policy.response().getFirst().options(TestSteps.Headers.class).remove())
        .containsExactly("Server");
    assertThat(policy.response().getFirst().location()).hasToString(folder + "/conf.d/p.yaml:6:5");
  }
}
