package tollgate.transport.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.BodyLength;
import tollgate.core.http.Owned;
import tollgate.core.http.Trailers;
import tollgate.transport.loop.LentBuffer;

/**
 * One direction of a connection going out: frames bodies and gathers small pieces, so that a head
 * and a small body leave in one buffer, and large chunks leave uncopied. Nothing is flushed but by
 * {@link #flush}. Event loop only.
 */
final class Outgoing implements AutoCloseable {
  /** Up to so many bytes copying is cheaper than another buffer in the queue. */
  private static final int SMALL = 2048;

  /** Longest chunk-size line, the CRLF owed before it, and the CRLF after the data. */
  private static final int CHUNK_OVERHEAD = 2 + 8 + 2 + 2;

  private enum Mode {
    /** No body may follow: what comes is dropped. */
    NONE,
    SIZED,
    CHUNKED,
    UNTIL_CLOSE
  }

  private final Channel channel;
  private final LentBuffer lent;
  private @Nullable ByteBuf pending;
  private Mode mode = Mode.NONE;
  private long remaining;
  private boolean isLineEndOwed;
  private boolean isUnflushed;
  private long writtenBytes;
  private long flushedBytes;

  /**
   * @param lent of the channel's loop
   */
  Outgoing(Channel channel, LentBuffer lent) {
    this.channel = channel;
    this.lent = lent;
  }

  /**
   * Where a head can be written.
   *
   * @param hasBody whether a body may follow that could join it
   */
  ByteBuf head(int bytes, boolean hasBody) {
    return room(bytes, hasBody ? bytes + SMALL : bytes);
  }

  void beginNone() {
    mode = Mode.NONE;
  }

  void beginUntilClose() {
    mode = Mode.UNTIL_CLOSE;
  }

  /**
   * @param length see {@link BodyLength}; absent counts as 0
   */
  void begin(long length) {
    if (length == BodyLength.UNKNOWN) {
      mode = Mode.CHUNKED;
    } else if (length == BodyLength.TUNNEL) {
      mode = Mode.UNTIL_CLOSE;
    } else {
      mode = Mode.SIZED;
      remaining = Math.max(0, length);
    }
  }

  /**
   * @return false if it is more than the head declared; nothing of it was written
   */
  boolean body(@Owned ByteBuf chunk) {
    int length = chunk.readableBytes();
    if (length == 0 || mode == Mode.NONE) {
      chunk.release();
      return true;
    }
    switch (mode) {
      case NONE -> {}
      case SIZED -> {
        if (length > remaining) {
          chunk.release();
          return false;
        }
        remaining -= length;
        put(chunk, length);
      }
      case CHUNKED -> chunk(chunk, length);
      case UNTIL_CLOSE -> put(chunk, length);
    }
    return true;
  }

  /**
   * @return false if the body is shorter than the head declared
   */
  boolean end(Trailers trailers) {
    if (mode == Mode.CHUNKED) {
      int most = CHUNK_OVERHEAD + Http1Writer.mostBytes(trailers);
      ByteBuf out = room(most, most);
      lineEnd(out);
      Http1Writer.lastChunk(out, trailers);
    }
    return mode != Mode.SIZED || remaining == 0;
  }

  void flush() {
    if (isLineEndOwed) {
      // Some clients hand a chunk on only when its last CRLF is there.
      lineEnd(room(2, 64));
    }
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
    ByteBuf bytes = pending;
    pending = null;
    isLineEndOwed = false;
    if (bytes != null) {
      bytes.release();
    }
  }

  private void chunk(@Owned ByteBuf chunk, int length) {
    if (length <= SMALL) {
      ByteBuf out = room(length + CHUNK_OVERHEAD, length + SMALL);
      lineEnd(out);
      Http1Writer.chunkSize(out, length);
      out.writeBytes(chunk);
      chunk.release();
      Http1Writer.crlf(out);
      return;
    }
    ByteBuf out = room(CHUNK_OVERHEAD, CHUNK_OVERHEAD);
    lineEnd(out);
    Http1Writer.chunkSize(out, length);
    writePending();
    write(chunk);
    isLineEndOwed = true;
  }

  private void put(@Owned ByteBuf chunk, int length) {
    ByteBuf out = pending;
    if (out != null && length <= SMALL && length <= out.writableBytes()) {
      out.writeBytes(chunk);
      chunk.release();
    } else {
      writePending();
      write(chunk);
    }
  }

  private void lineEnd(ByteBuf out) {
    if (isLineEndOwed) {
      isLineEndOwed = false;
      Http1Writer.crlf(out);
    }
  }

  private ByteBuf room(int needed, int wanted) {
    ByteBuf out = pending;
    if (out == null || out.writableBytes() < needed) {
      writePending();
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
