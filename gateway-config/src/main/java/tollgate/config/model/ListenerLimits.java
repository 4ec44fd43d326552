package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one client may ask of a listener before it is refused. Immutable.
 *
 * @param requestLine longest request line
 * @param headers all header fields of a request together
 * @param headerCount most header fields of a request
 * @param body longest request body, or null for no limit
 * @param headerTimeout from the first byte of a request to the end of its head
 * @param bodyTimeout longest silence while a request body is awaited
 * @param minRequestRate bytes a second that an awaited request body must bring on average; 0 is any
 * @param minResponseRate bytes a second that a client must take of what waits for it on average; 0
 *     is any
 * @param idleTimeout longest silence between two requests
 * @param connectionAge after it a connection takes no further request, or null for no limit
 * @param streams most requests of one HTTP/2 connection at the same time
 * @param handshakeTimeout longest TLS handshake
 * @param connections most connections that are open at the same time
 * @param connectionsPerClient most of them of one client, or null for no limit
 * @param handshakesPerClient most TLS handshakes that one client may begin, or null for no limit
 */
public record ListenerLimits(
    DataSize requestLine,
    DataSize headers,
    int headerCount,
    @Nullable DataSize body,
    Duration headerTimeout,
    Duration bodyTimeout,
    DataSize minRequestRate,
    DataSize minResponseRate,
    Duration idleTimeout,
    @Nullable Duration connectionAge,
    int streams,
    Duration handshakeTimeout,
    int connections,
    @Nullable Integer connectionsPerClient,
    @Nullable HandshakeLimit handshakesPerClient) {
  public static final DataSize DEFAULT_REQUEST_LINE = DataSize.ofKibibytes(8);
  public static final DataSize DEFAULT_HEADERS = DataSize.ofKibibytes(32);
  public static final int DEFAULT_HEADER_COUNT = 100;
  public static final Duration DEFAULT_HEADER_TIMEOUT = Duration.ofSeconds(10);
  public static final Duration DEFAULT_BODY_TIMEOUT = Duration.ofSeconds(30);
  public static final DataSize DEFAULT_MIN_REQUEST_RATE = DataSize.ofBytes(240);
  public static final DataSize DEFAULT_MIN_RESPONSE_RATE = DataSize.ofBytes(240);
  public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(75);
  public static final Duration DEFAULT_HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);
  public static final int DEFAULT_STREAMS = 100;
  public static final int DEFAULT_CONNECTIONS = 20_000;
  public static final ListenerLimits DEFAULTS =
      new ListenerLimits(
          DEFAULT_REQUEST_LINE,
          DEFAULT_HEADERS,
          DEFAULT_HEADER_COUNT,
          null,
          DEFAULT_HEADER_TIMEOUT,
          DEFAULT_BODY_TIMEOUT,
          DEFAULT_MIN_REQUEST_RATE,
          DEFAULT_MIN_RESPONSE_RATE,
          DEFAULT_IDLE_TIMEOUT,
          null,
          DEFAULT_STREAMS,
          DEFAULT_HANDSHAKE_TIMEOUT,
          DEFAULT_CONNECTIONS,
          null,
          null);

  public ListenerLimits {
    requireNonNull(requestLine, "requestLine");
    requireNonNull(headers, "headers");
    if (headerCount < 1) {
      throw new IllegalArgumentException("headerCount: " + headerCount + " (expected: >= 1)");
    }
    requireNonNull(headerTimeout, "headerTimeout");
    requireNonNull(bodyTimeout, "bodyTimeout");
    requireNonNull(minRequestRate, "minRequestRate");
    requireNonNull(minResponseRate, "minResponseRate");
    requireNonNull(idleTimeout, "idleTimeout");
    if (streams < 1) {
      throw new IllegalArgumentException("streams: " + streams + " (expected: >= 1)");
    }
    requireNonNull(handshakeTimeout, "handshakeTimeout");
    if (connections < 1) {
      throw new IllegalArgumentException("connections: " + connections + " (expected: >= 1)");
    }
    if (connectionsPerClient != null && connectionsPerClient < 1) {
      throw new IllegalArgumentException(
          "connectionsPerClient: " + connectionsPerClient + " (expected: >= 1)");
    }
  }
}
