package tollgate.core.handler;

import io.netty.buffer.ByteBuf;
import tollgate.core.fault.Fault;
import tollgate.core.http.Owned;
import tollgate.core.http.Trailers;

/**
 * Sees one body of one exchange chunk by chunk, and may change or refuse it. Takes each chunk and
 * gives one back: the same, a new one, or {@code Unpooled.EMPTY_BUFFER}. Chunk borders mean
 * nothing. Event loop only.
 */
public interface ChunkFilter extends AutoCloseable {
  /** As much as is held back where no filter asks for more or less. */
  int HELD_BACK_BYTES = 64 * 1024;

  Passed chunk(@Owned ByteBuf chunk);

  /** The body is complete; what is passed goes out as its last bytes. */
  default Passed end(Trailers trailers) {
    return new Passed.Pass(io.netty.buffer.Unpooled.EMPTY_BUFFER);
  }

  /**
   * The trailers as those behind this filter get them; asked once, after {@link #end} has passed.
   */
  default Trailers trailers(Trailers trailers) {
    return trailers;
  }

  /**
   * As much of a body, or its end, passes before the side it goes to hears of the message at all,
   * so that what is refused there can still be answered. The whole: {@code Integer.MAX_VALUE}; the
   * listener's limit bounds it. Nothing: 0, where the two sides talk by turns.
   *
   * @param side whose body it is; of a request the beginning is held back, so that what is refused
   *     there was never asked
   */
  default int heldBackBytes(Side side) {
    return side == Side.REQUEST ? HELD_BACK_BYTES : 0;
  }

  /** Whether all that is passed is what came, to the byte: a length that was declared stays. */
  default boolean isTransparent() {
    return false;
  }

  /** Exactly once, after {@link #end} or when the body is given up: release what is held. */
  @Override
  default void close() {}

  /** What becomes of a chunk. */
  sealed interface Passed {
    /** Goes on; the buffer is given away. */
    record Pass(ByteBuf buffer) implements Passed {}

    /** The body is refused; the filter has released the chunk. */
    record Refuse(Fault fault) implements Passed {}
  }
}
