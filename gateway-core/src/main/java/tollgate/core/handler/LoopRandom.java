package tollgate.core.handler;

import static java.nio.ByteBuffer.wrap;

import java.security.SecureRandom;
import tollgate.core.port.Loop;

/**
 * Random bits for ids, one generator per event loop: no lock, no allocation. Not for secrets: who
 * sees some of them can compute the rest. Event loop only, each its own part.
 *
 * <p>xoroshiro128++ of Blackman and Vigna, seeded from {@link SecureRandom}, so that nodes do not
 * make the same ids.
 */
public final class LoopRandom {
  /** In longs: 128 bytes, so that two loops never write to one cache line or its neighbour. */
  private static final int STRIDE = 16;

  /** Two lower-case digits for each byte. */
  private static final short[] HEX = new short[256];

  static {
    String digits = "0123456789abcdef";
    for (int i = 0; i < HEX.length; i++) {
      HEX[i] = (short) (digits.charAt(i >> 4) << 8 | digits.charAt(i & 15));
    }
  }

  private final long[] states;

  private LoopRandom(long[] states) {
    this.states = states;
  }

  public static LoopRandom create(int loopCount) {
    SecureRandom seeds = new SecureRandom();
    long[] states = new long[STRIDE * (loopCount + 1)];
    for (int i = 1; i <= loopCount; i++) {
      byte[] seed = new byte[Long.BYTES * 2];
      seeds.nextBytes(seed);
      states[i * STRIDE] = wrap(seed).getLong(0);
      states[i * STRIDE + 1] = wrap(seed).getLong(Long.BYTES) | 1; // all zero would stay so
    }
    return new LoopRandom(states);
  }

  /** The next 64 bits of a loop. */
  public long nextLong(Loop loop) {
    int at = (loop.index() + 1) * STRIDE;
    long s0 = states[at];
    long s1 = states[at + 1];
    long bits = Long.rotateLeft(s0 + s1, 17) + s0;
    s1 ^= s0;
    states[at] = Long.rotateLeft(s0, 49) ^ s1 ^ (s1 << 21);
    states[at + 1] = Long.rotateLeft(s1, 28);
    return bits;
  }

  /** Writes {@code bits} as 16 lower-case hex digits, the highest first. */
  public static void hex(long bits, byte[] target, int offset) {
    long rest = bits;
    for (int at = offset + 14; at >= offset; at -= 2) {
      int pair = HEX[(int) rest & 0xff];
      target[at] = (byte) (pair >> 8);
      target[at + 1] = (byte) pair;
      rest >>>= 8;
    }
  }
}
