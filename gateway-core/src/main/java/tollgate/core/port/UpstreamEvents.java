package tollgate.core.port;

import io.netty.buffer.ByteBuf;
import tollgate.core.http.Owned;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;

/**
 * What a backend's side tells the chain about one attempt. Event loop only; none of them throws.
 */
public interface UpstreamEvents {
  /** A connection is there; may be called before {@link UpstreamConnector#connect} returns. */
  void onConnected(UpstreamStream stream);

  /** A 1xx head other than 101. */
  void onInformational(ResponseHead head);

  /**
   * The final head; hop-by-hop fields are still in it. 101 comes only if a tunnel was asked for; a
   * protocol that says it otherwise is told of as 101 too.
   */
  void onResponseHead(ResponseHead head);

  void onResponseBody(@Owned ByteBuf chunk);

  /** The response is complete. The stream is no longer the exchange's. */
  void onResponseEnd(Trailers trailers);

  /** A burst of reads has ended: the time to flush towards the client. */
  void onUpstreamReadComplete();

  void onUpstreamWritable();

  /** The attempt failed, at any time; the last event. */
  void onFailure(UpstreamFailure failure);
}
