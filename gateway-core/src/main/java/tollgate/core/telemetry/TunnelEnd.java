package tollgate.core.telemetry;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a WebSocket ended. Immutable.
 *
 * @param code of the first Close frame (RFC 6455 section 7.4); 1005 if it had none, 1006 if there
 *     was no such frame
 * @param by who sent it, or went without
 * @param reason in the gateway's words, if it was the gateway; null else
 */
public record TunnelEnd(int code, By by, @Nullable String reason) {
  /** Who ends a WebSocket. */
  public enum By {
    CLIENT,
    UPSTREAM,
    GATEWAY;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As it is printed. */
    public String word() {
      return word;
    }
  }
}
