package tollgate.transport.wire;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.Owned;

/**
 * Bytes that came in and are not decoded yet: nearly always one network read, given away piece by
 * piece without a copy. Owns its buffer until {@link #close}. Event loop only.
 */
public final class Input implements AutoCloseable {
  private static final int MUCH_LARGER = 4;

  private final ByteBufAllocator allocator;
  private @Nullable ByteBuf bytes;

  public Input(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  public boolean isEmpty() {
    return bytes == null;
  }

  /**
   * The bytes that are there; not empty; borrowed. Who moves its reader index calls {@link #trim}.
   */
  public ByteBuf bytes() {
    return requireNonNull(bytes);
  }

  public int readableBytes() {
    ByteBuf have = bytes;
    return have == null ? 0 : have.readableBytes();
  }

  /**
   * What is left over from before is copied together with {@code more}; it is rarely more than a
   * part of a head.
   */
  public void append(@Owned ByteBuf more) {
    ByteBuf have = bytes;
    if (!more.isReadable()) {
      more.release();
    } else if (have == null) {
      bytes = more;
    } else {
      bytes = joined(have, more);
    }
  }

  /**
   * What is left of a read has to wait for more: it is copied where it is little, so that a client
   * that trickles holds no buffer of a loop, nor much of any other.
   */
  public void keep() {
    ByteBuf have = bytes;
    if (have != null && have.readableBytes() <= have.capacity() / MUCH_LARGER) {
      ByteBuf kept = allocator.directBuffer(have.readableBytes());
      kept.writeBytes(have);
      have.release();
      bytes = kept;
    }
  }

  /** Lets go of the buffer once it is read to its end. */
  public void trim() {
    ByteBuf have = bytes;
    if (have != null && !have.isReadable()) {
      bytes = null;
      have.release();
    }
  }

  public byte peek() {
    ByteBuf have = requireNonNull(bytes);
    return have.getByte(have.readerIndex());
  }

  public byte readByte() {
    byte b = requireNonNull(bytes).readByte();
    trim();
    return b;
  }

  /** Copies the next {@code length} bytes out; so many are there. */
  public byte[] copy(int length) {
    byte[] copy = new byte[length];
    requireNonNull(bytes).readBytes(copy);
    trim();
    return copy;
  }

  /**
   * @param max at least 1
   * @return up to {@code max} bytes, given away; not empty
   */
  public ByteBuf take(long max) {
    ByteBuf have = requireNonNull(bytes);
    if (max >= have.readableBytes()) {
      bytes = null;
      return have;
    }
    return have.readRetainedSlice((int) max);
  }

  /** An empty buffer with room for all that is there. */
  public ByteBuf room() {
    return allocator.directBuffer(readableBytes());
  }

  /**
   * Copies bytes to {@code target}, which has room for all there is.
   *
   * @param max at least 1
   * @return how many
   */
  public int copyTo(ByteBuf target, long max) {
    ByteBuf have = requireNonNull(bytes);
    int count = (int) Math.min(max, have.readableBytes());
    target.writeBytes(have, count);
    trim();
    return count;
  }

  @Override
  public void close() {
    ByteBuf have = bytes;
    bytes = null;
    if (have != null) {
      have.release();
    }
  }

  private ByteBuf joined(@Owned ByteBuf have, @Owned ByteBuf more) {
    int added = more.readableBytes();
    ByteBuf target = have;
    // A count above 1: pieces of it were given away, and somebody reads them.
    if (have.refCnt() > 1 || have.isReadOnly() || have.writableBytes() < added) {
      int length = have.readableBytes();
      target = allocator.directBuffer(Math.max(length + added, Math.min(2 * length, 1 << 20)));
      target.writeBytes(have);
      have.release();
    }
    target.writeBytes(more);
    more.release();
    return target;
  }
}
