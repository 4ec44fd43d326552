package tollgate.transport.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.Owned;
import tollgate.transport.loop.LentBuffer;

/**
 * Frames on their way out, those of all streams of one connection in the order they are written:
 * small ones gathered in one buffer, large pieces of data uncopied. Knows nothing of windows.
 * Nothing is flushed but by {@link #flush}. Event loop only.
 */
final class FrameWriter implements AutoCloseable {
  /** Up to so many bytes copying is cheaper than another buffer in the queue. */
  private static final int SMALL = 2048;

  private static final int PENDING_BYTES = 8 * 1024;

  private final Channel channel;
  private final LentBuffer lent;
  private @Nullable ByteBuf pending;
  private int maxPayload = Frame.MAX_PAYLOAD;

  /** Where the last frame in {@link #pending} begins if it is DATA of this stream; -1 if not. */
  private int lastDataAt = -1;

  private int lastDataStreamId;
  private int headersAt;
  private boolean isUnflushed;
  private long writtenBytes;
  private long flushedBytes;

  /**
   * @param lent of the channel's loop
   */
  FrameWriter(Channel channel, LentBuffer lent) {
    this.channel = channel;
    this.lent = lent;
  }

  /** What the peer says it takes. */
  void maxPayload(int bytes) {
    maxPayload = Math.min(bytes, Frame.MAX_PAYLOAD); // larger ones would make others wait
  }

  int maxPayload() {
    return maxPayload;
  }

  /** Bytes that were written and not flushed yet. */
  int pendingBytes() {
    ByteBuf out = pending;
    return out == null ? 0 : out.readableBytes();
  }

  /**
   * @param piece no larger than {@link #maxPayload}
   */
  void data(int streamId, @Owned ByteBuf piece, boolean endStream) {
    int length = piece.readableBytes();
    int flags = endStream ? Frame.END_STREAM : 0;
    if (length <= SMALL) {
      ByteBuf out = room(Frame.HEADER_BYTES + length);
      lastDataAt = out.writerIndex();
      lastDataStreamId = streamId;
      header(out, length, Frame.DATA, flags, streamId);
      out.writeBytes(piece);
      piece.release();
      return;
    }
    header(room(Frame.HEADER_BYTES), length, Frame.DATA, flags, streamId);
    writePending();
    write(piece);
  }

  /** The end of a stream, in its last frame where that has not left yet. */
  void endStream(int streamId) {
    ByteBuf out = pending;
    if (out != null && lastDataAt >= 0 && lastDataStreamId == streamId) {
      int flagsAt = lastDataAt + 4;
      out.setByte(flagsAt, out.getByte(flagsAt) | Frame.END_STREAM);
      lastDataAt = -1;
    } else {
      header(room(Frame.HEADER_BYTES), 0, Frame.DATA, Frame.END_STREAM, streamId);
      lastDataAt = -1;
    }
  }

  /**
   * Where a header block can be written, which {@link #endHeaders} ends.
   *
   * @param mostBytes it will not be longer
   */
  ByteBuf beginHeaders(int mostBytes) {
    ByteBuf out = room(Frame.HEADER_BYTES + mostBytes);
    lastDataAt = -1;
    headersAt = out.writerIndex();
    out.writeZero(Frame.HEADER_BYTES);
    return out;
  }

  void endHeaders(int streamId, boolean endStream) {
    ByteBuf out = pending();
    int block = headersAt + Frame.HEADER_BYTES;
    int length = out.writerIndex() - block;
    int flags = endStream ? Frame.END_STREAM : 0;
    if (length <= maxPayload) {
      setHeader(out, headersAt, length, Frame.HEADERS, flags | Frame.END_HEADERS, streamId);
      return;
    }
    setHeader(out, headersAt, maxPayload, Frame.HEADERS, flags, streamId);
    byte[] rest = new byte[length - maxPayload];
    out.getBytes(block + maxPayload, rest);
    out.writerIndex(block + maxPayload);
    for (int at = 0; at < rest.length; at += maxPayload) {
      int part = Math.min(maxPayload, rest.length - at);
      boolean isLast = at + part == rest.length;
      ByteBuf more = room(Frame.HEADER_BYTES + part);
      header(more, part, Frame.CONTINUATION, isLast ? Frame.END_HEADERS : 0, streamId);
      more.writeBytes(rest, at, part);
    }
  }

  /**
   * @param settings ids and values by turns
   */
  void settings(int... settings) {
    ByteBuf out = control(settings.length * 3, Frame.SETTINGS, 0, 0);
    for (int i = 0; i < settings.length; i += 2) {
      out.writeShort(settings[i]);
      out.writeInt(settings[i + 1]);
    }
  }

  void settingsAck() {
    var _ = control(0, Frame.SETTINGS, Frame.ACK, 0);
  }

  void ping(long data, boolean isAck) {
    control(8, Frame.PING, isAck ? Frame.ACK : 0, 0).writeLong(data);
  }

  void reset(int streamId, ErrorCode code) {
    control(4, Frame.RST_STREAM, 0, streamId).writeInt(code.number());
  }

  void goAway(int lastStreamId, ErrorCode code) {
    control(8, Frame.GOAWAY, 0, 0).writeInt(lastStreamId).writeInt(code.number());
  }

  /**
   * @param streamId 0 is the connection
   */
  void windowUpdate(int streamId, int increment) {
    control(4, Frame.WINDOW_UPDATE, 0, streamId).writeInt(increment);
  }

  /** Bytes that are no frame: a client's connection preface. */
  void raw(byte[] bytes) {
    room(bytes.length).writeBytes(bytes);
    lastDataAt = -1;
  }

  void flush() {
    writePending();
    if (isUnflushed) {
      isUnflushed = false;
      flushedBytes = writtenBytes;
      channel.flush();
    }
  }

  /** Since the beginning, as written here; TLS makes more of them. */
  long flushedBytes() {
    return flushedBytes;
  }

  /** Drops what was not written yet. */
  @Override
  public void close() {
    ByteBuf out = pending;
    pending = null;
    lastDataAt = -1;
    if (out != null) {
      out.release();
    }
  }

  private ByteBuf control(int length, int type, int flags, int streamId) {
    ByteBuf out = room(Frame.HEADER_BYTES + length);
    lastDataAt = -1;
    header(out, length, type, flags, streamId);
    return out;
  }

  private static void header(ByteBuf out, int length, int type, int flags, int streamId) {
    out.writeInt(length << 8 | type);
    out.writeByte(flags);
    out.writeInt(streamId);
  }

  private static void setHeader(
      ByteBuf out, int at, int length, int type, int flags, int streamId) {
    out.setInt(at, length << 8 | type);
    out.setByte(at + 4, flags);
    out.setInt(at + 5, streamId);
  }

  private ByteBuf pending() {
    ByteBuf out = pending;
    if (out == null) {
      throw new IllegalStateException("no header block has begun");
    }
    return out;
  }

  private ByteBuf room(int needed) {
    ByteBuf out = pending;
    if (out == null || out.writableBytes() < needed) {
      writePending();
      int wanted = Math.max(needed, PENDING_BYTES);
      ByteBuf ours = lent.borrow(wanted);
      out = ours != null ? ours : channel.alloc().directBuffer(wanted);
      pending = out;
    }
    return out;
  }

  private void writePending() {
    ByteBuf out = pending;
    if (out != null) {
      pending = null;
      lastDataAt = -1;
      write(out);
    }
  }

  private void write(@Owned ByteBuf bytes) {
    isUnflushed = true;
    writtenBytes += bytes.readableBytes();
    // A failed write closes the channel, and the connection hears of it as an exception.
    var _ = channel.write(bytes, channel.voidPromise());
  }
}
