package tollgate.transport.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.jspecify.annotations.Nullable;

/**
 * One direct buffer that a loop lends again and again: what is read or written in one go is done
 * with before the next comes, and its memory is still in the processor's cache. Who cannot have it
 * asks an allocator. Event loop only.
 *
 * <p>One that does not come back for long is left to who holds it, and another takes its place, so
 * that a peer who is slow to take his bytes does not cost the others theirs.
 */
public final class LentBuffer {
  private static final int PATIENCE = 64;

  private final int capacity;
  private @Nullable ByteBuf buffer;
  private int missed;

  /**
   * @param capacity in bytes; 0 for one that is never had
   */
  public LentBuffer(int capacity) {
    this.capacity = capacity;
  }

  /**
   * @param needed in bytes
   * @return empty and to be released like any other; null if it is too small or still out
   */
  public @Nullable ByteBuf borrow(int needed) {
    if (needed > capacity) {
      return null;
    }
    ByteBuf ours = buffer;
    if (ours == null) {
      return first();
    }
    if (ours.refCnt() == 1) {
      missed = 0;
      return ours.clear().retain();
    }
    if (++missed > PATIENCE) {
      missed = 0;
      free();
      return first();
    }
    return null;
  }

  private @Nullable ByteBuf first() {
    // No pool: this one lives as long as the loop, and its address is one load away.
    ByteBufAllocator allocator =
        isLookingForLeaks() ? ByteBufAllocator.DEFAULT : UnpooledByteBufAllocator.DEFAULT;
    ByteBuf made;
    try {
      made = allocator.directBuffer(capacity, capacity);
    } catch (OutOfMemoryError _) {
      return null; // outside the heap; the pool may have some left
    }
    buffer = made;
    return made.retain();
  }

  /** Then one that never comes back is told of when another has taken its place. */
  private static boolean isLookingForLeaks() {
    return ResourceLeakDetector.getLevel().compareTo(ResourceLeakDetector.Level.SIMPLE) > 0;
  }

  /** Is not lent any more. */
  void free() {
    ByteBuf ours = buffer;
    buffer = null;
    if (ours != null) {
      ours.release();
    }
  }
}
