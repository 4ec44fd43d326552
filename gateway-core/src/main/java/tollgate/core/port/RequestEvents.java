package tollgate.core.port;

import io.netty.buffer.ByteBuf;
import tollgate.core.fault.Fault;
import tollgate.core.http.Owned;
import tollgate.core.http.Trailers;

/**
 * What a {@link ClientStream} tells the chain about the request and the client. Event loop only;
 * none of them throws.
 */
public interface RequestEvents {
  void onBody(@Owned ByteBuf chunk);

  void onBodyEnd(Trailers trailers);

  /**
   * The body cannot be read on: bad framing, or it took too long. The connection will be closed.
   */
  void onBodyFailed(Fault fault);

  /** The client went away or reset its stream before the response was complete. */
  void onClientGone();

  /**
   * The client does not take the response in time; its connection is gone.
   *
   * @param fault for the log: nobody reads it as an answer
   */
  default void onClientTooSlow(Fault fault) {
    onClientGone();
  }

  /** What is pending towards the client has fallen below the low mark. */
  void onClientWritable();

  /** A burst of reads from the client has ended: the time to flush what went upstream. */
  void onReadComplete();

  /**
   * No further request is taken from this client: what could go on for ever is to end. Others go on
   * to their end.
   */
  default void onDraining() {}

  /**
   * Whether a client that has ended its output, which HTTP/1 allows to one that still reads, is
   * taken to have gone: nobody else tells that an endless response has no reader.
   */
  default boolean endsWithInput() {
    return false;
  }

  /**
   * Whether the client may fall silent within its body for as long as it likes, since both sides
   * talk by turns.
   */
  default boolean mayPause() {
    return false;
  }

  /**
   * The last byte of the response, as far as the gateway is concerned, was handed to the
   * connection; the exchange has ended.
   */
  boolean isEnded();
}
