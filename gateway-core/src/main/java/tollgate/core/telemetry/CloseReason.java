package tollgate.core.telemetry;

import java.util.Locale;

/** Why a client connection ended: the label {@code close_reason}. */
public enum CloseReason {
  /** The client ended it or went away. */
  CLIENT,
  /** The gateway closed it: after a response, after a silence, for what came. */
  GATEWAY,
  /** The connection was over a limit of the listener, or of its client. */
  LIMIT,
  /** The TLS handshake did not succeed. */
  HANDSHAKE,
  /** A peer that is listed for it did not begin with a PROXY header. */
  PROXY_HEADER,
  /** The gateway is going down and the connection had nothing more to do. */
  DRAINED,
  /** Cut at the end of the time for draining. */
  ABORTED;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** As it is printed. */
  public String word() {
    return word;
  }
}
