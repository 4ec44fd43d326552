package tollgate.core.websocket;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the WebSockets of one operation. Immutable.
 *
 * @param origins whose pages may open one, lower-cased, {@code *} for all; null for those of the
 *     host that is asked. Who sends no Origin is no page and is let pass.
 * @param maxFrameBytes of a frame's payload as it is sent
 * @param maxMessageBytes of a message, decompressed
 * @param idleNanos how long no frame may pass in either direction
 * @param maxAgeNanos how long one may last; 0 for ever
 * @param pingNanos after how long a silent client is sent a ping; 0 never
 * @param deflate whether permessage-deflate may be agreed on
 */
public record WebSocketRules(
    @Nullable List<String> origins,
    long maxFrameBytes,
    long maxMessageBytes,
    long idleNanos,
    long maxAgeNanos,
    long pingNanos,
    boolean deflate) {
  public static final String ANY_ORIGIN = "*";

  public WebSocketRules {
    origins = origins == null ? null : List.copyOf(origins);
    if (maxFrameBytes < 1 || maxMessageBytes < 1 || idleNanos < 1) {
      throw new IllegalArgumentException(
          "maxFrameBytes: %d, maxMessageBytes: %d, idleNanos: %d (expected: >= 1)"
              .formatted(maxFrameBytes, maxMessageBytes, idleNanos));
    }
    if (maxAgeNanos < 0 || pingNanos < 0) {
      throw new IllegalArgumentException(
          "maxAgeNanos: %d, pingNanos: %d (expected: >= 0)".formatted(maxAgeNanos, pingNanos));
    }
  }
}
