package tollgate.core.telemetry;

import java.util.Locale;

/**
 * Why a client connection ended: the label {@code close_reason}. It is the first thing that pointed
 * to the end.
 */
public enum CloseReason {
  /** The client ended it or went away. */
  CLIENT,
  /** Closed behind a response that said so: the client wished it, or the request was refused. */
  RESPONSE,
  /** No further request came in time. */
  IDLE,
  /** The head of a request did not come in time. */
  HEAD_TIMEOUT,
  /** The body of a request was silent for too long. */
  BODY_TIMEOUT,
  /** The body of a request came too slowly. */
  REQUEST_RATE,
  /** The client took nothing of a response for too long. */
  RESPONSE_TIMEOUT,
  /** The client took a response too slowly. */
  RESPONSE_RATE,
  /** What came is no HTTP, or not such as is served. */
  MALFORMED,
  /** Over a limit of the listener, or of its client: too many connections, too long a head. */
  LIMIT,
  /** The TLS handshake did not succeed. */
  HANDSHAKE,
  /** The TLS handshake did not end in time. */
  HANDSHAKE_TIMEOUT,
  /** A peer that is listed for it did not begin with a PROXY header. */
  PROXY_HEADER,
  /** As old as a connection may get. */
  AGE,
  /** Idle, and the gateway was short of memory or files. */
  OVERLOADED,
  /** The gateway is going down and the connection had nothing more to do. */
  DRAINED,
  /** Cut in the middle of a response, or at the end of the time for draining. */
  ABORTED,
  /** A fault of the gateway. */
  ERROR;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** As it is printed, e.g. {@code head_timeout}. */
  public String word() {
    return word;
  }
}
