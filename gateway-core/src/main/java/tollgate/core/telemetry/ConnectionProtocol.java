package tollgate.core.telemetry;

import java.util.Locale;

/** What is spoken on a client connection: the label {@code protocol}. */
public enum ConnectionProtocol {
  /** A TLS handshake that is not over; it decides what comes next. */
  TLS,
  /** HTTP/1.0 and HTTP/1.1, over TLS or not. */
  HTTP1,
  HTTP2;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** As it is printed, e.g. {@code http1}. */
  public String word() {
    return word;
  }
}
