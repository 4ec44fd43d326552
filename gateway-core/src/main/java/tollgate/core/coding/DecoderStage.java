package tollgate.core.coding;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * One coding of a body that is being decoded. One thread at a time. What it has decoded stands in
 * {@code out} of {@value #OUT_BYTES} bytes, which is handed on whenever it is full and when there
 * is no more input, so that nothing grows.
 */
abstract class DecoderStage implements AutoCloseable {
  static final int OUT_BYTES = 16 * 1024;

  /** What becomes of a piece: taken, or no more is wanted. */
  interface Next {
    boolean take(ByteBuf piece);
  }

  final ByteBuf out;
  private boolean isClosed;

  DecoderStage(ByteBufAllocator allocator) {
    out = allocator.directBuffer(OUT_BYTES, OUT_BYTES);
  }

  /**
   * Takes all of {@code in}, whose indices stay as they are. False if the next wants no more.
   *
   * @throws MalformedCodingException if it is none of this coding, or goes on behind its end
   */
  abstract boolean decode(ByteBuf in, Next next) throws MalformedCodingException;

  /** Whether the end of the coding has come. */
  abstract boolean isFinished();

  /** Frees what is outside of the heap. */
  abstract void free();

  @Override
  public final void close() {
    if (!isClosed) {
      isClosed = true;
      out.release();
      free();
    }
  }

  /** Hands on what is there. */
  final boolean handOn(Next next) {
    if (!out.isReadable()) {
      return true;
    }
    boolean isWanted = next.take(out);
    out.clear();
    return isWanted;
  }
}
