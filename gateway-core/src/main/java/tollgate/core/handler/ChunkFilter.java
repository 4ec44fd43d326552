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
   * Whether a backend hears of a request only once its first 64 KiB, or its end, have passed, so
   * that what is refused there was never asked. False where the two sides talk by turns.
   */
  default boolean isHeldBack() {
    return true;
  }

  /**
   * As much of a body, or its end, passes before the side it goes to hears of the message at all,
   * so that what is refused there can still be answered; for a request at least what {@link
   * #isHeldBack} says. The whole: {@code Integer.MAX_VALUE}; the listener's limit bounds it.
   */
  default int heldBackBytes() {
    return 0;
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
