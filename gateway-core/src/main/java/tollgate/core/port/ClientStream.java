package tollgate.core.port;

import io.netty.buffer.ByteBuf;
import tollgate.core.http.Owned;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;

/**
 * The client's half of an exchange as the chain sees it: an HTTP/1.1 request on its connection, or
 * later one HTTP/2 stream. Knows how its protocol frames a body; adds {@code Date} and connection
 * fields itself. Event loop only. Calls after {@link #sendEnd} or {@link #abort} do nothing but
 * release what they are given.
 */
public interface ClientStream {
  /**
   * Asks for the request body or pauses it; nothing is read before the first {@code true}. The
   * first one also answers {@code Expect: 100-continue}.
   */
  void readBody(boolean wanted);

  /** Sends a 1xx head other than 101; dropped for a client that does not understand it. */
  void sendInformational(ResponseHead head);

  /**
   * Starts the final response. Whether a body follows is decided by the protocol (HEAD, 204, 304);
   * where none may follow, body bytes are released and dropped. The fields carry no
   * connection-specific field any more. A 101, or what this protocol has for it, begins the tunnel
   * that the request asked for: from then on body bytes are what passes both ways, as it is.
   *
   * @param closeAfter the connection must not serve another request
   */
  void sendHead(ResponseHead head, boolean closeAfter);

  void sendBody(@Owned ByteBuf chunk);

  /**
   * Ends the response, flushed. If the request's body has not been read to its end, it is drained
   * within a bound or the connection closed.
   */
  void sendEnd(Trailers trailers);

  void flush();

  /**
   * Whether {@link RequestEvents#onReadComplete} follows what goes on now, so that nothing needs to
   * be flushed towards the backend before.
   */
  default boolean isTelling() {
    return false;
  }

  /**
   * This client was refused for want of room: where its next request would come by the same
   * connection, that one is not read for a moment after the answer, so that many who ask again at
   * once cost little.
   */
  default void rest() {}

  /**
   * Whether more body may be sent without piling up; {@link RequestEvents#onClientWritable} tells
   * when it may again.
   */
  boolean isWritable();

  /**
   * Ends the exchange unanswered or in mid-response, so that the client cannot take it for
   * complete.
   */
  void abort();
}
