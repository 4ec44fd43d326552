package tollgate.core.message.xml;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * A hash of short runs of bytes under keys drawn when the process starts, so that nobody outside
 * can prepare names that fall together. Eight bytes at a time are multiplied to 128 bits and
 * folded. Pure but for the keys.
 */
final class KeyedHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long FIRST_KEY;
  private static final long SECOND_KEY;

  static {
    SecureRandom random = new SecureRandom();
    FIRST_KEY = random.nextLong();
    SECOND_KEY = random.nextLong() | 1;
  }

  private KeyedHash() {}

  static long of(byte[] bytes, int from, int end) {
    long hash = FIRST_KEY ^ (end - from);
    int at = from;
    for (; end - at >= 8; at += 8) {
      hash = mix(hash, (long) LONGS.get(bytes, at));
    }
    long rest = 0;
    for (; at < end; at++) {
      rest = (rest << 8) | (bytes[at] & 0xff);
    }
    return mix(hash, rest);
  }

  static long mix(long hash, long value) {
    long left = hash ^ value;
    long right = SECOND_KEY ^ Long.rotateLeft(hash, 32);
    return (left * right) ^ Math.unsignedMultiplyHigh(left, right);
  }
}
