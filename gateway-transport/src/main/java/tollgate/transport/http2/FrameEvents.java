package tollgate.transport.http2;

import io.netty.buffer.ByteBuf;
import tollgate.core.http.Owned;

/**
 * What {@link FrameReader} finds. Lengths, padding and where a frame may stand in a header block
 * are right; what streams are in which state is for who is told. Event loop only.
 */
interface FrameEvents {
  /**
   * A DATA frame begins.
   *
   * @param length of its payload, padding included: what flow control counts
   * @param padding of these, that no piece will bring
   */
  void onDataFrame(int streamId, int length, int padding) throws Http2Error;

  /** A piece of it, not empty. */
  void onData(int streamId, @Owned ByteBuf piece) throws Http2Error;

  void onDataFrameEnd(int streamId, boolean endStream) throws Http2Error;

  /** A whole header block. The array is borrowed. */
  void onHeaders(int streamId, byte[] block, int length, boolean endStream) throws Http2Error;

  void onPriority(int streamId) throws Http2Error;

  void onReset(int streamId, long code) throws Http2Error;

  void onSetting(int id, long value) throws Http2Error;

  void onSettingsEnd() throws Http2Error;

  void onSettingsAck() throws Http2Error;

  void onPing(long data, boolean isAck) throws Http2Error;

  void onGoAway(int lastStreamId, long code) throws Http2Error;

  /**
   * @param streamId 0 is the connection
   */
  void onWindowUpdate(int streamId, int increment) throws Http2Error;

  /** A frame of no consequence came: an extension's, an empty one, a part of a header block. */
  void onIdleFrame() throws Http2Error;
}
