package tollgate.config.read;

import static tollgate.config.read.ValueTypes.bindAddress;
import static tollgate.config.read.ValueTypes.bool;
import static tollgate.config.read.ValueTypes.cidr;
import static tollgate.config.read.ValueTypes.duration;
import static tollgate.config.read.ValueTypes.file;
import static tollgate.config.read.ValueTypes.host;
import static tollgate.config.read.ValueTypes.integer;
import static tollgate.config.read.ValueTypes.listOf;
import static tollgate.config.read.ValueTypes.name;
import static tollgate.config.read.ValueTypes.oneOf;
import static tollgate.config.read.ValueTypes.rate;
import static tollgate.config.read.ValueTypes.size;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.Cidr;
import tollgate.config.model.ClientAuthConfig;
import tollgate.config.model.DataSize;
import tollgate.config.model.HandshakeLimit;
import tollgate.config.model.HostPattern;
import tollgate.config.model.ListenerConfig;
import tollgate.config.model.ListenerLimits;
import tollgate.config.model.ListenerTlsConfig;
import tollgate.config.model.Rate;

/** The keys of a listener. */
final class ListenerShapes {
  private static final DataSize SMALLEST_HEAD = DataSize.ofBytes(256);
  private static final DataSize LARGEST_HEAD = DataSize.ofMebibytes(1);
  private static final DataSize LARGEST_RATE = DataSize.ofMebibytes(1024);
  private static final int MOST_CONNECTIONS = 10_000_000;
  private static final int MOST_STREAMS = 1000;
  private static final DataSize LARGEST_BODY = DataSize.ofMebibytes(1024L * 1024 * 1024);

  private static final Shape<ListenerTlsConfig.Certificate> CERTIFICATE =
      Shape.of(
          ListenerTlsConfig.Certificate.class,
          "A certificate with its key.",
          keys -> {
            var hosts =
                keys.withDefault(
                    "hosts",
                    listOf(host()).unique("", pattern -> pattern),
                    List.<HostPattern>of(),
                    "Server names it is shown to, exact or *.name; left out: those of the certificate itself.");
            var cert = keys.required("cert", file(), "PEM file with the chain, leaf first.");
            var key = keys.required("key", file(), "PEM file with the private key.");
            return fields ->
                new ListenerTlsConfig.Certificate(
                    fields.get(hosts), fields.get(cert), fields.get(key));
          });

  private static final Shape<ClientAuthConfig> CLIENT_AUTH =
      Shape.of(
          ClientAuthConfig.class,
          "Certificates of clients.",
          keys -> {
            var mode =
                keys.withDefault(
                    "mode",
                    oneOf(ClientAuthConfig.Mode.class, ClientAuthConfig.Mode::word),
                    ClientAuthConfig.DEFAULT_MODE,
                    "Whether clients are asked for a certificate; one that is shown must be good.");
            var trust =
                keys.optional(
                    "trust",
                    file(),
                    "PEM file of the authorities that clients' certificates must come from.",
                    "only with mode none");
            keys.check(
                trust,
                fields ->
                    fields.get(mode) != ClientAuthConfig.Mode.NONE && fields.get(trust) == null
                        ? "is missing (expected: file name)"
                        : null);
            var crl =
                keys.optional(
                    "crl",
                    file(),
                    "PEM file of revocation lists, one of each authority in a client's chain.",
                    "revocation is not looked at");
            var depth =
                keys.withDefault(
                    "depth",
                    integer(0, ClientAuthConfig.MAX_DEPTH),
                    ClientAuthConfig.DEFAULT_DEPTH,
                    "Most certificates between a client's own and a trusted one.");
            return fields ->
                new ClientAuthConfig(
                    fields.get(mode), fields.get(trust), fields.get(crl), fields.get(depth));
          });

  private static final Shape<ListenerTlsConfig> TLS =
      Shape.of(
          ListenerTlsConfig.class,
          "TLS of a listener.",
          keys -> {
            var minVersion =
                keys.withDefault(
                    "minVersion",
                    oneOf(ListenerTlsConfig.TlsVersion.class, ListenerTlsConfig.TlsVersion::word),
                    ListenerTlsConfig.DEFAULT_MIN_VERSION,
                    "Oldest version of TLS that is spoken.");
            var certificates =
                keys.required(
                    "certificates",
                    listOf(CERTIFICATE).nonEmpty(),
                    "Certificates; the first serves clients that send no server name.");
            var strictSni =
                keys.withDefault(
                    "strictSni",
                    bool(),
                    ListenerTlsConfig.DEFAULT_STRICT_SNI,
                    "Whether a client without a known server name is refused.");
            var clientAuth =
                keys.optional(
                    "clientAuth",
                    CLIENT_AUTH,
                    "Certificates of clients.",
                    "clients are asked for none");
            return fields ->
                new ListenerTlsConfig(
                    fields.get(minVersion),
                    fields.get(certificates),
                    fields.get(strictSni),
                    fields.get(clientAuth));
          });

  private static final Shape<HandshakeLimit> HANDSHAKES =
      Shape.of(
          HandshakeLimit.class,
          "How many TLS handshakes one client may begin.",
          keys -> {
            var rate = keys.required("rate", rate(), "So many in each such time.");
            var burst =
                keys.optional(
                    "burst",
                    integer(1, Rate.MAX_COUNT),
                    "So many at once after a silence.",
                    "the count of the rate");
            return fields -> {
              Integer given = fields.get(burst);
              Rate filled = fields.get(rate);
              return new HandshakeLimit(filled, given == null ? filled.count() : given);
            };
          });

  private static final Shape<ListenerLimits> LIMITS =
      Shape.of(
          ListenerLimits.class,
          "What one client may ask before it is refused.",
          keys -> {
            var head = size(SMALLEST_HEAD, LARGEST_HEAD);
            var requestLine =
                keys.withDefault(
                    "requestLine",
                    head,
                    ListenerLimits.DEFAULT_REQUEST_LINE,
                    "Longest request line.");
            var headers =
                keys.withDefault(
                    "headers",
                    head,
                    ListenerLimits.DEFAULT_HEADERS,
                    "All header fields of a request together.");
            var headerCount =
                keys.withDefault(
                    "headerCount",
                    integer(1, 10_000),
                    ListenerLimits.DEFAULT_HEADER_COUNT,
                    "Most header fields of a request.");
            var body =
                keys.optional(
                    "body",
                    size(DataSize.ofBytes(0), LARGEST_BODY),
                    "Longest request body.",
                    "no limit");
            var headerTimeout =
                keys.withDefault(
                    "headerTimeout",
                    duration(),
                    ListenerLimits.DEFAULT_HEADER_TIMEOUT,
                    "From the first byte of a request to the end of its head.");
            var bodyTimeout =
                keys.withDefault(
                    "bodyTimeout",
                    duration(),
                    ListenerLimits.DEFAULT_BODY_TIMEOUT,
                    "Longest silence while a request body is awaited.");
            var rate = size(DataSize.ofBytes(0), LARGEST_RATE);
            var minRequestRate =
                keys.withDefault(
                    "minRequestRate",
                    rate,
                    ListenerLimits.DEFAULT_MIN_REQUEST_RATE,
                    "Bytes a second, on average, that a request body must bring while it is awaited; 0B is any.");
            var minResponseRate =
                keys.withDefault(
                    "minResponseRate",
                    rate,
                    ListenerLimits.DEFAULT_MIN_RESPONSE_RATE,
                    "Bytes a second, on average, that a client must take while some wait for it; 0B is any.");
            var idleTimeout =
                keys.withDefault(
                    "idleTimeout",
                    duration(),
                    ListenerLimits.DEFAULT_IDLE_TIMEOUT,
                    "Longest silence between two requests.");
            var connectionAge =
                keys.optional(
                    "connectionAge",
                    duration(),
                    "Age after which a connection takes no further request and ends, give or take a tenth.",
                    "no limit");
            var streams =
                keys.withDefault(
                    "streams",
                    integer(1, MOST_STREAMS),
                    ListenerLimits.DEFAULT_STREAMS,
                    "Most requests of one HTTP/2 connection at the same time.");
            var handshakeTimeout =
                keys.withDefault(
                    "handshakeTimeout",
                    duration(),
                    ListenerLimits.DEFAULT_HANDSHAKE_TIMEOUT,
                    "Longest TLS handshake.");
            var connections =
                keys.withDefault(
                    "connections",
                    integer(1, MOST_CONNECTIONS),
                    ListenerLimits.DEFAULT_CONNECTIONS,
                    "Most connections that are open at the same time.");
            var connectionsPerClient =
                keys.optional(
                    "connectionsPerClient",
                    integer(1, MOST_CONNECTIONS),
                    "Most of them of one client: an IPv4 address or an IPv6 /64.",
                    "no limit");
            var handshakesPerClient =
                keys.optional(
                    "handshakesPerClient",
                    HANDSHAKES,
                    "Most TLS handshakes that one client may begin.",
                    "no limit");
            return fields ->
                new ListenerLimits(
                    fields.get(requestLine),
                    fields.get(headers),
                    fields.get(headerCount),
                    fields.get(body),
                    fields.get(headerTimeout),
                    fields.get(bodyTimeout),
                    fields.get(minRequestRate),
                    fields.get(minResponseRate),
                    fields.get(idleTimeout),
                    fields.get(connectionAge),
                    fields.get(streams),
                    fields.get(handshakeTimeout),
                    fields.get(connections),
                    fields.get(connectionsPerClient),
                    fields.get(handshakesPerClient));
          });

  static final Shape<ListenerConfig> LISTENER =
      Shape.of(
          ListenerConfig.class,
          "One address that traffic comes in by.",
          keys -> {
            var name = keys.required("name", name(), "Name in logs and metrics; unique.");
            var bind =
                keys.required(
                    "bind",
                    bindAddress(),
                    "Address to listen on, unique; port 0 takes any free one.");
            var protocols =
                keys.withDefault(
                    "protocols",
                    listOf(oneOf(ListenerConfig.Protocol.class, ListenerConfig.Protocol::word))
                        .nonEmpty()
                        .unique("", protocol -> protocol),
                    ListenerConfig.DEFAULT_PROTOCOLS,
                    "Protocols it speaks: with TLS as the client's ALPN says, in plain text h2 where the client begins with it.");
            var tls = keys.optional("tls", TLS, "TLS of the listener.", "plain text");
            var trustedProxies =
                keys.withDefault(
                    "trustedProxies",
                    listOf(cidr()),
                    List.of(),
                    "Peers whose Forwarded and X-Forwarded-* header fields are believed.");
            keys.warn(trustedProxies, fields -> everybody(fields.get(trustedProxies)));
            var limits =
                keys.section("limits", LIMITS, "What one client may ask before it is refused.");
            keys.warn(
                limits,
                fields ->
                    fields.get(tls) == null && fields.get(limits).handshakesPerClient() != null
                        ? "has handshakesPerClient, and the listener has no TLS to limit"
                        : null);
            var proxyProtocol =
                keys.withDefault(
                    "proxyProtocol",
                    listOf(cidr()),
                    List.of(),
                    "Peers that begin every connection with a PROXY header (version 1 or 2), before TLS.");
            keys.warn(proxyProtocol, fields -> everybody(fields.get(proxyProtocol)));
            return fields ->
                new ListenerConfig(
                    fields.get(name),
                    fields.get(bind),
                    fields.get(protocols),
                    fields.get(tls),
                    fields.get(trustedProxies),
                    fields.get(limits),
                    fields.get(proxyProtocol));
          });

  private ListenerShapes() {}

  private static @Nullable String everybody(List<Cidr> proxies) {
    for (Cidr proxy : proxies) {
      if (proxy.prefix() == 0) {
        return proxy + " lets every client choose its own address (expected: the proxies' own)";
      }
    }
    return null;
  }
}
