package tollgate.config.read;

import static tollgate.config.read.ValueTypes.bool;
import static tollgate.config.read.ValueTypes.duration;
import static tollgate.config.read.ValueTypes.either;
import static tollgate.config.read.ValueTypes.file;
import static tollgate.config.read.ValueTypes.integer;
import static tollgate.config.read.ValueTypes.listOf;
import static tollgate.config.read.ValueTypes.name;
import static tollgate.config.read.ValueTypes.oneOf;
import static tollgate.config.read.ValueTypes.percent;
import static tollgate.config.read.ValueTypes.targetUrl;
import static tollgate.config.read.ValueTypes.text;

import java.util.Map;
import tollgate.config.model.ActiveHealthConfig;
import tollgate.config.model.UpstreamConfig;
import tollgate.config.model.UpstreamConfig.Balance;
import tollgate.config.model.UpstreamConfig.Breaker;
import tollgate.config.model.UpstreamConfig.Health;
import tollgate.config.model.UpstreamConfig.Passive;
import tollgate.config.model.UpstreamConfig.Pool;
import tollgate.config.model.UpstreamConfig.Protocol;
import tollgate.config.model.UpstreamConfig.Target;
import tollgate.config.model.UpstreamConfig.Timeouts;
import tollgate.config.model.UpstreamConfig.Tls;

/** The keys of {@code kind: Upstream}. */
final class UpstreamShapes {
  private static final Shape<Target> TARGET =
      Shape.of(
          Target.class,
          "One server.",
          keys -> {
            var url =
                keys.required("url", targetUrl(), "http or https URL without a path; unique.");
            var weight =
                keys.withDefault(
                    "weight",
                    integer(1, Target.MAX_WEIGHT),
                    Target.DEFAULT_WEIGHT,
                    "Its share among the targets.");
            return fields -> new Target(fields.get(url), fields.get(weight));
          });

  private static final Shape<Passive.Eject> EJECT =
      Shape.of(
          Passive.Eject.class,
          "Takes a failing target out for a while.",
          keys -> {
            var failures =
                keys.withDefault(
                    "consecutiveFailures",
                    integer(1, 1_000_000),
                    Passive.Eject.DEFAULT_CONSECUTIVE_FAILURES,
                    "Failures in a row that take a target out.");
            var eject =
                keys.withDefault(
                    "eject",
                    duration(),
                    Passive.Eject.DEFAULT_EJECT,
                    "How long a target is left out.");
            var maxEjected =
                keys.withDefault(
                    "maxEjected",
                    percent(),
                    Passive.Eject.DEFAULT_MAX_EJECTED,
                    "Most targets that may be out at the same time.");
            return fields ->
                new Passive.Eject(fields.get(failures), fields.get(eject), fields.get(maxEjected));
          });

  private static final Shape<Health> HEALTH =
      Shape.of(
          Health.class,
          "How bad targets are found.",
          keys -> {
            var off = oneOf(Map.of("off", Passive.Off.OFF), _ -> "off");
            var passive =
                keys.<Passive>withDefault(
                    "passive",
                    either(off, EJECT),
                    Passive.Eject.DEFAULTS,
                    "What is learnt from real requests; off takes no target out.");
            var active =
                keys.optional(
                    "active",
                    HealthShapes.ACTIVE,
                    "Probes: requests of the gateway's own.",
                    "no probes");
            return fields -> new Health(fields.get(active), fields.get(passive));
          });

  private static final Shape<Timeouts> TIMEOUTS =
      Shape.of(
          Timeouts.class,
          "How long is waited.",
          keys -> {
            var connect =
                keys.withDefault(
                    "connect",
                    duration(),
                    Timeouts.DEFAULT_CONNECT,
                    "For a connection, TLS handshake included.");
            var response =
                keys.withDefault(
                    "response",
                    duration(),
                    Timeouts.DEFAULT_RESPONSE,
                    "From the end of the request to the head of the response.");
            var idle =
                keys.withDefault(
                    "idle",
                    duration(),
                    Timeouts.DEFAULT_IDLE,
                    "Longest silence while a response body is awaited.");
            return fields ->
                new Timeouts(fields.get(connect), fields.get(response), fields.get(idle));
          });

  private static final Shape<Pool> POOL =
      Shape.of(
          Pool.class,
          "Connections to each target, over all event loops together.",
          keys -> {
            var maxConnections =
                keys.withDefault(
                    "maxConnections",
                    integer(1, 1_000_000),
                    Pool.DEFAULT_MAX_CONNECTIONS,
                    "Most connections open at the same time.");
            var maxStreams =
                keys.withDefault(
                    "maxStreams",
                    integer(1, 1_000_000),
                    Pool.DEFAULT_MAX_STREAMS,
                    "Most requests at the same time on a connection of HTTP/2.");
            var maxIdle =
                keys.withDefault(
                    "maxIdle",
                    duration(),
                    Pool.DEFAULT_MAX_IDLE,
                    "An unused connection is closed after this.");
            var maxPending =
                keys.withDefault(
                    "maxPending",
                    integer(0, 1_000_000),
                    Pool.DEFAULT_MAX_PENDING,
                    "Most requests that wait for a connection.");
            var maxWait =
                keys.optional(
                    "maxWait",
                    duration(),
                    "Longest wait for a connection while no further one may be opened.",
                    "as long as timeouts.connect");
            return fields ->
                new Pool(
                    fields.get(maxConnections),
                    fields.get(maxStreams),
                    fields.get(maxIdle),
                    fields.get(maxPending),
                    fields.get(maxWait));
          });

  private static final Shape<Breaker> BREAKER =
      Shape.of(
          Breaker.class,
          "When requests are refused at once, over all targets and event loops together.",
          keys -> {
            var maxInFlight =
                keys.optional(
                    "maxInFlight",
                    integer(1, 1_000_000),
                    "Most requests on their way.",
                    "no limit");
            var maxPending =
                keys.optional(
                    "maxPending",
                    integer(0, 1_000_000),
                    "Most requests that wait for a connection.",
                    "no limit but the pool's");
            return fields -> new Breaker(fields.get(maxInFlight), fields.get(maxPending));
          });

  private static final Shape<Tls> TLS =
      Shape.of(
          Tls.class,
          "How https targets are checked, and how the gateway proves who it is.",
          keys -> {
            var trust =
                keys.optional(
                    "trust", file(), "PEM file of trusted authorities.", "those of the platform");
            var serverName =
                keys.optional(
                    "serverName",
                    text(
                        "host name",
                        "orders.internal",
                        "[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?"),
                    "Name that is sent and verified in place of the target's host.",
                    "the target's host");
            var verifyHostname =
                keys.withDefault(
                    "verifyHostname",
                    bool(),
                    Tls.DEFAULT_VERIFY_HOSTNAME,
                    "Whether the certificate must be for that name.");
            var cert =
                keys.optional(
                    "cert",
                    file(),
                    "PEM file of the gateway's own certificate and its chain.",
                    "no certificate is shown");
            var key =
                keys.optional("key", file(), "PEM file of that certificate's key.", "see cert");
            keys.check(
                cert,
                fields ->
                    fields.get(cert) != null && fields.get(key) == null
                        ? "has no key (expected: tls.key as well)"
                        : null);
            keys.check(
                key,
                fields ->
                    fields.get(key) != null && fields.get(cert) == null
                        ? "has no certificate (expected: tls.cert as well)"
                        : null);
            keys.warn(
                verifyHostname,
                fields ->
                    fields.get(verifyHostname)
                        ? null
                        : "false: any certificate of a trusted authority is accepted (expected: true)");
            return fields ->
                new Tls(
                    fields.get(trust),
                    fields.get(serverName),
                    fields.get(verifyHostname),
                    fields.get(cert),
                    fields.get(key));
          });

  static final Shape<UpstreamConfig> UPSTREAM =
      Shape.ofKind(
          "Upstream",
          UpstreamConfig.class,
          "Where requests are sent.",
          keys -> {
            var name = keys.required("name", name(), "Name that APIs use; unique.");
            var targets =
                keys.required(
                    "targets",
                    listOf(TARGET).nonEmpty().unique("url", Target::url),
                    "Servers that do the same.");
            var protocol =
                keys.withDefault(
                    "protocol",
                    oneOf(Protocol.class, Protocol::word),
                    UpstreamConfig.DEFAULT_PROTOCOL,
                    "Version of HTTP spoken to the targets; auto is what they choose by ALPN, and"
                        + " http1 without TLS.");
            var balance =
                keys.withDefault(
                    "balance",
                    oneOf(Balance.class, Balance::word),
                    UpstreamConfig.DEFAULT_BALANCE,
                    "How the next target is chosen.");
            var hash =
                keys.optional(
                    "hash",
                    HashShapes.HASH,
                    "What of a request decides about its target, with balance: consistent-hash.",
                    "only allowed with another balance");
            keys.check(
                balance,
                fields ->
                    fields.get(balance) == Balance.CONSISTENT_HASH && fields.get(hash) == null
                        ? "consistent-hash has no key (expected: hash as well, e.g. hash: client-ip)"
                        : null);
            keys.check(
                hash,
                fields ->
                    fields.get(balance) != Balance.CONSISTENT_HASH && fields.get(hash) != null
                        ? "is of no use (expected: only with balance: consistent-hash)"
                        : null);
            var health = keys.section("health", HEALTH, "How bad targets are found.");
            keys.check(
                health,
                fields -> {
                  ActiveHealthConfig active = fields.get(health).active();
                  return active != null
                          && active.grpcService() != null
                          && fields.get(protocol) == Protocol.HTTP1
                      ? "has probes in gRPC, and the targets are spoken to in HTTP/1.1 (expected: protocol: h2)"
                      : null;
                });
            var timeouts = keys.section("timeouts", TIMEOUTS, "How long is waited.");
            var retry =
                keys.section("retry", RetryShapes.RETRY, "When a request is sent once more.");
            var breaker = keys.section("breaker", BREAKER, "When requests are refused at once.");
            var pool =
                keys.section(
                    "pool", POOL, "Connections to each target, over all event loops together.");
            var tls =
                keys.section(
                    "tls",
                    TLS,
                    "How https targets are checked, and how the gateway proves who it is.");
            return fields ->
                new UpstreamConfig(
                    fields.get(name),
                    fields.get(targets),
                    fields.get(protocol),
                    fields.get(balance),
                    fields.get(hash),
                    fields.get(health),
                    fields.get(timeouts),
                    fields.get(retry),
                    fields.get(breaker),
                    fields.get(pool),
                    fields.get(tls));
          });

  private UpstreamShapes() {}
}
