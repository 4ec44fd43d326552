package tollgate.config.read;

import java.io.IOException;

/** Documents that set every key of their kind to something other than its default. */
final class FullConfiguration {
  static final String GATEWAY =
      """
      kind: Gateway
      name: full
      listeners:
        - name: https
          bind: "[::1]:8243"
          protocols: [h2, http1]
          tls:
            minVersion: "1.3"
            certificates: [{hosts: [api.example.com, "*.example.org"], cert: a.crt, key: a.key}]
            strictSni: true
            clientAuth: {mode: optional, trust: ca.pem, crl: ca.crl, depth: 3}
          trustedProxies: [10.0.0.0/8, "2001:db8::/32"]
          limits:
            requestLine: 4KiB
            headers: 16KiB
            headerCount: 50
            body: 10MiB
            headerTimeout: 1s
            bodyTimeout: 2s
            minRequestRate: 1KiB
            minResponseRate: 0B
            idleTimeout: 3m
            connectionAge: 1h
            streams: 250
            handshakeTimeout: 400ms
            connections: 500
            connectionsPerClient: 20
            handshakesPerClient: {rate: 10/1s, burst: 50}
          proxyProtocol: [10.1.0.0/16]
      status: {bind: "127.0.0.1:9999"}
      state: {path: /var/lib/tollgate}
      reload: {watch: false, poll: 1m, streamGrace: 0s}
      drain: {delay: 0s, timeout: 1h}
      warmUp: 2s
      overload: {enabled: false, maxInFlight: 7, heap: 50%, directMemory: 60%, fileDescriptors: 70%, loopLag: 1s, retryAfter: 5s}
      telemetry:
        prometheus: {labels: {operation: false}, seriesLimit: 500, buckets: [20ms, 4s]}
        accessLog: {format: json, output: logs/access.log, query: true}
      """;

  static final String UPSTREAM =
      """
      kind: Upstream
      name: full
      targets: [{url: "https://A:8443/", weight: 3}, {url: "http://[::1]", weight: 1000}]
      protocol: auto
      balance: consistent-hash
      hash: {cookie: session}
      health:
        active: {path: "/health?deep=1", interval: 1s, timeout: 200ms, healthy: 1, unhealthy: 5, statuses: [200, 204-299], host: orders.internal}
        passive: {consecutiveFailures: 2, eject: 1m, maxEjected: 10%}
      retry: {attempts: 3, on: [connect-failure, "503", 429], budget: 10%}
      breaker: {maxInFlight: 400, maxPending: 0}
      timeouts: {connect: 500ms, response: 3s, idle: 1day}
      pool: {maxConnections: 1, maxStreams: 10, maxIdle: 5s, maxPending: 0, maxWait: 2s}
      tls: {trust: ca.pem, serverName: internal, verifyHostname: false, cert: a.crt, key: a.key}
      """;

  static final String API =
      """
      kind: Api
      name: full
      version: v1
      context: /full/v1
      hosts: [API.example.com]
      state: deprecated
      sunset: 2027-01-01T00:00:00Z
      security: none
      subscription: none
      policies: [full]
      cors:
        origins: ["https://shop.example.com"]
        methods: [PUT]
        headers: [X-Key]
        exposeHeaders: [X-Id]
        credentials: true
        maxAge: 10m
      route: {upstream: full, stripContext: false, preserveHost: true}
      openapi: specs/full.yaml
      validate: {request: enforce, response: log, maxBody: 2MiB, unknownQuery: refuse}
      messages:
        builders: {application/vnd.acme: json}
        limits: {body: 1MiB, depth: 20, members: 100, arrayLength: 1000, name: 64B, string: 4KiB, attributes: 16, parts: 8}
        convert: {request: xml, response: accept, shape: badgerfish}
      faults: wso2
      operations:
        - {id: events, match: GET /events, stream: sse, timeout: none}
        - id: chat
          match: GET /chat
          stream: websocket
          websocket: {origins: ["https://shop.example.com"], maxFrame: 64KiB, maxMessage: 1MiB, idleTimeout: 1m, maxAge: 1h, pingInterval: 20s, deflate: false}
        - {id: files, match: "* /files/{path*}", timeout: 8s, messages: {convert: {request: json, response: json}}}
        - {id: place, grpc: shop.v1.Orders/Place, stream: grpc, maxMessage: 8MiB, maxDeadline: 30s, validate: {request: {mode: log, jsonSchema: schemas/full.json}, response: {mode: "off", xsd: schemas/full.xsd}}}
      """;

  static final String POLICY =
      """
      kind: Policy
      name: full
      request:
        - headers: {set: {X-Channel: api}}
      response:
        - headers: {remove: [Server]}
      """;

  private static final String OPENAPI =
      """
      openapi: 3.1.0
      info: {title: full, version: "1"}
      paths:
        /events: {get: {responses: {"200": {description: all}}}}
        /chat: {get: {}}
        /files/{path}: {get: {parameters: [{name: path, in: path, required: true}]}}
      """;

  private FullConfiguration() {}

  /** The schemas that {@link #API} names. */
  static void writeSchemas(ConfigRoot root) throws IOException {
    root.write("specs/full.yaml", OPENAPI);
    root.write("schemas/full.json", "{}");
    root.write("schemas/full.xsd", "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"/>\n");
  }
}
