package tollgate.transport.server;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.CidrSet;

/**
 * How many connections a listener takes, in all and of one client: an IPv4 address or an IPv6
 * network of 64 bits. Immutable.
 *
 * @param total open at the same time; beyond it a connection is closed as soon as it is accepted; 0
 *     is no limit
 * @param perClient of one client; 0 is no limit
 * @param handshakesPerClient null for no limit
 * @param exempt addresses behind which there are many clients; no client of their own
 */
public record ConnectionLimits(
    int total, int perClient, @Nullable HandshakeRate handshakesPerClient, CidrSet exempt) {
  public static final ConnectionLimits NONE = new ConnectionLimits(0, 0, null, CidrSet.EMPTY);

  public ConnectionLimits {
    if (total < 0) {
      throw new IllegalArgumentException("total: " + total + " (expected: >= 0)");
    }
    if (perClient < 0) {
      throw new IllegalArgumentException("perClient: " + perClient + " (expected: >= 0)");
    }
    requireNonNull(exempt, "exempt");
  }

  /**
   * TLS handshakes that one client may begin: a bucket of {@code burst} that fills by {@code count}
   * each {@code per}.
   */
  public record HandshakeRate(int count, Duration per, int burst) {
    public HandshakeRate {
      if (count < 1 || burst < 1 || !per.isPositive()) {
        throw new IllegalArgumentException(
            count + " each " + per + ", burst " + burst + " (expected: all of them positive)");
      }
    }
  }

  boolean hasPerClient() {
    return perClient > 0 || handshakesPerClient != null;
  }
}
