package tollgate.analytics.accesslog;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What is configured of the access log. Immutable.
 *
 * @param node field {@code node}, null for none
 * @param withQuery whether path and referer keep their query
 * @param ringSize records that may wait per event loop, a power of two
 */
public record AccessLogOptions(
    LogOutput output, @Nullable String node, boolean withQuery, int ringSize) {
  public static final int DEFAULT_RING_SIZE = 8_192;

  public AccessLogOptions {
    requireNonNull(output, "output");
    if (Integer.bitCount(ringSize) != 1) {
      throw new IllegalArgumentException("ringSize: " + ringSize + " (expected: a power of two)");
    }
  }

  public static AccessLogOptions to(LogOutput output) {
    return new AccessLogOptions(output, null, false, DEFAULT_RING_SIZE);
  }
}
