package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the WebSockets of an operation. Immutable.
 *
 * @param origins whose pages may open one, or {@link CorsConfig#ANY} alone; null for those of the
 *     host that is asked
 * @param maxFrame longest frame
 * @param maxMessage longest message, decompressed
 * @param idleTimeout how long nothing may pass in either direction
 * @param maxAge how long one may last, or null for ever
 * @param pingInterval after how long a silent client is sent a ping, or null for never
 * @param deflate whether permessage-deflate may be agreed on
 */
public record WebSocketConfig(
    @Nullable List<String> origins,
    DataSize maxFrame,
    DataSize maxMessage,
    Duration idleTimeout,
    @Nullable Duration maxAge,
    @Nullable Duration pingInterval,
    boolean deflate) {
  public static final DataSize DEFAULT_MAX_FRAME = DataSize.ofMebibytes(16);
  public static final DataSize DEFAULT_MAX_MESSAGE = DataSize.ofMebibytes(16);
  public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofMinutes(5);
  public static final boolean DEFAULT_DEFLATE = true;

  public static final WebSocketConfig DEFAULTS =
      new WebSocketConfig(
          null,
          DEFAULT_MAX_FRAME,
          DEFAULT_MAX_MESSAGE,
          DEFAULT_IDLE_TIMEOUT,
          null,
          null,
          DEFAULT_DEFLATE);

  public WebSocketConfig {
    origins = origins == null ? null : List.copyOf(origins);
    requireNonNull(maxFrame, "maxFrame");
    requireNonNull(maxMessage, "maxMessage");
    requireNonNull(idleTimeout, "idleTimeout");
    if (pingInterval != null && pingInterval.compareTo(idleTimeout) >= 0) {
      throw new IllegalArgumentException(
          "pingInterval: "
              + pingInterval
              + " (expected: shorter than idleTimeout, "
              + idleTimeout
              + ")");
    }
  }
}
