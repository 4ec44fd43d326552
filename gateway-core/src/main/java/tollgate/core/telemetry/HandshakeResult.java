package tollgate.core.telemetry;

import java.util.Locale;

/** How a TLS handshake with a client ended: the label {@code result}. */
public enum HandshakeResult {
  OK,
  /** No certificate for the name, or no name where one is required. */
  UNRECOGNIZED_NAME,
  TIMEOUT,
  /** The client went away in the middle. */
  ABORTED,
  /** No common version or cipher, no TLS at all, or a certificate the client does not accept. */
  FAILED;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** As it is printed, e.g. {@code unrecognized_name}. */
  public String word() {
    return word;
  }
}
