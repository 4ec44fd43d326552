package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code kind: Upstream}: where requests are sent. Immutable.
 *
 * @param targets at least one; URLs are unique
 * @param hash given with {@link Balance#CONSISTENT_HASH} and only then
 */
public record UpstreamConfig(
    String name,
    List<Target> targets,
    Protocol protocol,
    Balance balance,
    @Nullable HashConfig hash,
    Health health,
    Timeouts timeouts,
    RetryConfig retry,
    Breaker breaker,
    Pool pool,
    Tls tls) {
  public static final Protocol DEFAULT_PROTOCOL = Protocol.HTTP1;
  public static final Balance DEFAULT_BALANCE = Balance.ROUND_ROBIN;

  /**
   * One server.
   *
   * @param weight its share among the targets, 1 to 1000
   */
  public record Target(TargetUrl url, int weight) {
    public static final int DEFAULT_WEIGHT = 1;
    public static final int MAX_WEIGHT = 1000;

    public Target {
      requireNonNull(url, "url");
      if (weight < 1 || weight > MAX_WEIGHT) {
        throw new IllegalArgumentException(
            "weight: " + weight + " (expected: 1 to " + MAX_WEIGHT + ")");
      }
    }
  }

  /** The version of HTTP that targets are spoken to in. */
  public enum Protocol {
    HTTP1("http1"),
    /** By ALPN where there is TLS, else by prior knowledge. */
    H2("h2"),
    /** What the target chooses by ALPN; HTTP/1.1 without TLS. */
    AUTO("auto");

    private final String word;

    Protocol(String word) {
      this.word = word;
    }

    /** As written in the configuration. */
    public String word() {
      return word;
    }
  }

  /** How the next target is chosen. */
  public enum Balance {
    ROUND_ROBIN("round-robin"),
    LEAST_REQUEST("least-request"),
    CONSISTENT_HASH("consistent-hash");

    private final String word;

    Balance(String word) {
      this.word = word;
    }

    /** As written in the configuration. */
    public String word() {
      return word;
    }
  }

  /**
   * How bad targets are found.
   *
   * @param active null where targets are not probed
   */
  public record Health(@Nullable ActiveHealthConfig active, Passive passive) {
    public static final Health DEFAULTS = new Health(null, Passive.Eject.DEFAULTS);

    public Health {
      requireNonNull(passive, "passive");
    }
  }

  /** What is learnt from real requests. */
  public sealed interface Passive {
    /** Nothing: no target is ever taken out. */
    enum Off implements Passive {
      OFF
    }

    /**
     * A failing target is taken out for a while.
     *
     * @param consecutiveFailures in a row, at least one
     * @param eject how long it is left out
     * @param maxEjected most targets that may be out at the same time
     */
    record Eject(int consecutiveFailures, Duration eject, Percent maxEjected) implements Passive {
      public static final int DEFAULT_CONSECUTIVE_FAILURES = 5;
      public static final Duration DEFAULT_EJECT = Duration.ofSeconds(30);
      public static final Percent DEFAULT_MAX_EJECTED = new Percent(50);
      public static final Eject DEFAULTS =
          new Eject(DEFAULT_CONSECUTIVE_FAILURES, DEFAULT_EJECT, DEFAULT_MAX_EJECTED);

      public Eject {
        if (consecutiveFailures < 1) {
          throw new IllegalArgumentException(
              "consecutiveFailures: " + consecutiveFailures + " (expected: >= 1)");
        }
        requireNonNull(eject, "eject");
        requireNonNull(maxEjected, "maxEjected");
      }
    }
  }

  /**
   * How long is waited.
   *
   * @param connect for a connection, TLS handshake included
   * @param response from the end of the request to the head of the response
   * @param idle longest silence while a response body is awaited
   */
  public record Timeouts(Duration connect, Duration response, Duration idle) {
    public static final Duration DEFAULT_CONNECT = Duration.ofSeconds(1);
    public static final Duration DEFAULT_RESPONSE = Duration.ofSeconds(30);
    public static final Duration DEFAULT_IDLE = Duration.ofSeconds(60);
    public static final Timeouts DEFAULTS =
        new Timeouts(DEFAULT_CONNECT, DEFAULT_RESPONSE, DEFAULT_IDLE);

    public Timeouts {
      requireNonNull(connect, "connect");
      requireNonNull(response, "response");
      requireNonNull(idle, "idle");
    }
  }

  /**
   * Connections to each target, over all event loops together.
   *
   * @param maxConnections open at the same time, at least one
   * @param maxStreams requests at the same time on a connection of HTTP/2, at least one
   * @param maxIdle an unused connection is closed after this
   * @param maxPending requests waiting for a connection; may be zero
   * @param maxWait longest wait for a connection that may not be opened yet; null for as long as
   *     connecting may take
   */
  public record Pool(
      int maxConnections,
      int maxStreams,
      Duration maxIdle,
      int maxPending,
      @Nullable Duration maxWait) {
    public static final int DEFAULT_MAX_CONNECTIONS = 256;
    public static final int DEFAULT_MAX_STREAMS = 100;
    public static final Duration DEFAULT_MAX_IDLE = Duration.ofSeconds(50);
    public static final int DEFAULT_MAX_PENDING = 1024;
    public static final Pool DEFAULTS =
        new Pool(
            DEFAULT_MAX_CONNECTIONS,
            DEFAULT_MAX_STREAMS,
            DEFAULT_MAX_IDLE,
            DEFAULT_MAX_PENDING,
            null);

    public Pool {
      if (maxConnections < 1) {
        throw new IllegalArgumentException(
            "maxConnections: " + maxConnections + " (expected: >= 1)");
      }
      if (maxStreams < 1) {
        throw new IllegalArgumentException("maxStreams: " + maxStreams + " (expected: >= 1)");
      }
      requireNonNull(maxIdle, "maxIdle");
      if (maxPending < 0) {
        throw new IllegalArgumentException("maxPending: " + maxPending + " (expected: >= 0)");
      }
    }
  }

  /**
   * When requests are refused at once, over all targets and event loops together.
   *
   * @param maxInFlight requests on their way; null for no limit
   * @param maxPending requests waiting for a connection; null for no limit but the pool's
   */
  public record Breaker(@Nullable Integer maxInFlight, @Nullable Integer maxPending) {
    public static final Breaker DEFAULTS = new Breaker(null, null);

    public Breaker {
      if (maxInFlight != null && maxInFlight < 1) {
        throw new IllegalArgumentException("maxInFlight: " + maxInFlight + " (expected: >= 1)");
      }
      if (maxPending != null && maxPending < 0) {
        throw new IllegalArgumentException("maxPending: " + maxPending + " (expected: >= 0)");
      }
    }
  }

  /**
   * How https targets are checked, and how the gateway proves who it is.
   *
   * @param trust PEM file of trusted authorities, or null for those of the platform
   * @param serverName sent and verified in place of the target's host, or null for the host
   * @param verifyHostname whether the certificate must be for that name
   * @param cert PEM file of the gateway's own certificate and its chain, or null for none
   * @param key PEM file of its key; given with {@code cert} and only then
   */
  public record Tls(
      @Nullable Path trust,
      @Nullable String serverName,
      boolean verifyHostname,
      @Nullable Path cert,
      @Nullable Path key) {
    public static final boolean DEFAULT_VERIFY_HOSTNAME = true;
    public static final Tls DEFAULTS = new Tls(null, null, DEFAULT_VERIFY_HOSTNAME, null, null);

    public Tls {
      if ((cert == null) != (key == null)) {
        throw new IllegalArgumentException("cert and key: only one (expected: both or none)");
      }
    }
  }

  public UpstreamConfig {
    requireNonNull(name, "name");
    targets = List.copyOf(targets);
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("targets: is empty (expected: at least one)");
    }
    requireNonNull(protocol, "protocol");
    requireNonNull(balance, "balance");
    if ((balance == Balance.CONSISTENT_HASH) != (hash != null)) {
      throw new IllegalArgumentException("hash: " + hash + " with balance " + balance.word());
    }
    requireNonNull(health, "health");
    requireNonNull(timeouts, "timeouts");
    requireNonNull(retry, "retry");
    requireNonNull(breaker, "breaker");
    requireNonNull(pool, "pool");
    requireNonNull(tls, "tls");
  }
}
