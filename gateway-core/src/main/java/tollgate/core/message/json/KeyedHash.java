package tollgate.core.message.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * SipHash-1-3 (Aumasson, Bernstein, "SipHash: a fast short-input PRF") under a key of this process:
 * who does not know the key cannot make bytes collide. Any thread.
 */
final class KeyedHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long KEY_0;
  private static final long KEY_1;

  static {
    SecureRandom random = new SecureRandom();
    KEY_0 = random.nextLong();
    KEY_1 = random.nextLong();
  }

  private KeyedHash() {}

  static int of(byte[] bytes, int from, int to) {
    long hash = hash(KEY_0, KEY_1, bytes, from, to);
    return (int) (hash ^ hash >>> 32);
  }

  static long hash(long key0, long key1, byte[] bytes, int from, int to) {
    long v0 = key0 ^ 0x736f6d6570736575L;
    long v1 = key1 ^ 0x646f72616e646f6dL;
    long v2 = key0 ^ 0x6c7967656e657261L;
    long v3 = key1 ^ 0x7465646279746573L;
    int at = from;
    boolean isLast = false;
    boolean isFinal = false;
    for (int rounds = 3; ; ) {
      long word;
      if (isFinal) {
        word = 0;
      } else if (to - at >= 8) {
        word = (long) LONGS.get(bytes, at);
        at += 8;
      } else {
        word = rest(bytes, at, to) | (long) (to - from) << 56;
        isLast = true;
      }
      v3 ^= word;
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
      v0 ^= word;
      if (isLast && !isFinal) {
        isFinal = true;
        v2 ^= 0xff;
      } else if (isFinal && --rounds == 0) {
        return v0 ^ v1 ^ v2 ^ v3;
      }
    }
  }

  private static long rest(byte[] bytes, int from, int to) {
    long word = 0;
    for (int i = to - 1; i >= from; i--) {
      word = word << 8 | (bytes[i] & 0xff);
    }
    return word;
  }
}
