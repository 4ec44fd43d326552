package tollgate.core.upstream;

/**
 * Spreads keys evenly over 64 bits: FNV-1a over the characters, finished by the mixer of
 * SplitMix64. The same on every node and in every run. Not meant to resist anybody. Pure.
 */
final class Hash64 {
  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private Hash64() {}

  /** Never {@link HashKey#NONE}. */
  static long of(String text, int from, int to) {
    long hash = OFFSET;
    for (int i = from; i < to; i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    return mix(hash);
  }

  /** Never {@link HashKey#NONE}. */
  static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    z ^= z >>> 31;
    return z == HashKey.NONE ? 1 : z;
  }
}
