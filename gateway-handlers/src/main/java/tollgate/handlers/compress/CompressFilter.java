package tollgate.handlers.compress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import tollgate.core.coding.Encoder;
import tollgate.core.handler.ChunkFilter;
import tollgate.core.http.Owned;
import tollgate.core.http.Trailers;

/**
 * One response body on its way through an encoder, which is closed with the filter. Holds nothing
 * but what the encoder holds. Event loop only.
 */
final class CompressFilter implements ChunkFilter {
  private static final int ROOM = 256;

  private final Encoder encoder;
  private final ByteBufAllocator allocator;
  private final boolean isFlushed;

  /**
   * @param encoder taken over
   * @param isFlushed whether each chunk goes out at once
   */
  CompressFilter(Encoder encoder, ByteBufAllocator allocator, boolean isFlushed) {
    this.encoder = encoder;
    this.allocator = allocator;
    this.isFlushed = isFlushed;
  }

  @Override
  public Passed chunk(@Owned ByteBuf chunk) {
    ByteBuf out = allocator.directBuffer(Math.max(ROOM, chunk.readableBytes() / 2));
    boolean isPassed = false;
    try {
      encoder.encode(chunk, out);
      if (isFlushed) {
        encoder.flush(out);
      }
      isPassed = true;
    } finally {
      chunk.release();
      if (!isPassed) {
        out.release();
      }
    }
    return new Passed.Pass(out);
  }

  @Override
  public Passed end(Trailers trailers) {
    ByteBuf out = allocator.directBuffer(ROOM);
    boolean isPassed = false;
    try {
      encoder.finish(out);
      isPassed = true;
    } finally {
      if (!isPassed) {
        out.release();
      }
    }
    return new Passed.Pass(out);
  }

  @Override
  public void close() {
    encoder.close();
  }
}
