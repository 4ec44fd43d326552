package tollgate.core.port;

import io.netty.buffer.ByteBuf;
import tollgate.core.http.Owned;
import tollgate.core.http.RequestHead;
import tollgate.core.http.Trailers;

/**
 * One request on its way to a backend. Event loop only. Calls after {@link #abort}, or after {@link
 * UpstreamEvents#onFailure}, do nothing but release what they are given.
 */
public interface UpstreamStream {
  /**
   * Starts the request.
   *
   * @param head complete: hop-by-hop and forwarding rules have been applied
   * @param bodyLength see {@link tollgate.core.http.BodyLength}; Content-Length and
   *     Transfer-Encoding come from it alone. {@link tollgate.core.http.BodyLength#TUNNEL} asks to
   *     switch to the {@link tollgate.core.http.ReceivedRequest#upgrade} of what was received: a
   *     101 is answered to that only, and after it body bytes pass both ways as they are
   */
  void sendHead(RequestHead head, long bodyLength);

  void sendBody(@Owned ByteBuf chunk);

  /** Ends the request, flushed. */
  void sendEnd(Trailers trailers);

  void flush();

  /**
   * Whether more body may be sent without piling up; {@link UpstreamEvents#onUpstreamWritable}
   * tells when it may again.
   */
  boolean isWritable();

  /** Pauses or resumes reading the response; true at first. */
  void readBody(boolean wanted);

  /**
   * Gives up: the stream is reset, or where a connection carries nothing else, it is closed and
   * never pooled. No event follows.
   */
  void abort();

  /** Whether the connection had served another request before. */
  boolean isReused();
}
