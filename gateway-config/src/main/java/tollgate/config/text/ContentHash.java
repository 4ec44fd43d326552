package tollgate.config.text;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * 128 bits over a tree, blind to places, comments and quoting; the same tree gives the same hash in
 * every process. Finds out what changed, and guards against nobody: who could make two
 * configurations collide writes the configuration. One thread.
 *
 * <p>Not SHA-256: that and the compiler's work on it took 150 of the 2,400 ms in which ten thousand
 * APIs load on one processor.
 */
public final class ContentHash {
  private static final long PRIME_A = 0x9E3779B97F4A7C15L;
  private static final long PRIME_B = 0xC2B2AE3D27D4EB4FL;

  private long a = PRIME_B;
  private long b = PRIME_A;

  private ContentHash() {}

  /** The hash of a tree as 32 hex digits. */
  public static String of(ConfigNode node) {
    ContentHash hash = new ContentHash();
    hash.add(node);
    return hash.digits();
  }

  /** The hash of some bytes as 32 hex digits. */
  public static String of(byte[] bytes) {
    ContentHash hash = new ContentHash();
    ByteBuffer words = ByteBuffer.wrap(bytes);
    while (words.remaining() >= Long.BYTES) {
      hash.mix(words.getLong());
    }
    long rest = 0;
    while (words.hasRemaining()) {
      rest = (rest << Byte.SIZE) | Byte.toUnsignedLong(words.get());
    }
    hash.mix(rest);
    hash.mix(bytes.length);
    return hash.digits();
  }

  private void add(ConfigNode node) {
    switch (node) {
      case ScalarNode scalar -> add('s', scalar.text());
      case ListNode list -> {
        count('l', list.items().size());
        list.items().forEach(this::add);
      }
      case MapNode map -> {
        count('m', map.entries().size());
        for (MapNode.Entry entry : map.entries()) {
          add('k', entry.key());
          add(entry.value());
        }
      }
    }
  }

  private void add(char type, String text) {
    int length = text.length();
    count(type, length);
    long word = 0;
    for (int i = 0; i < length; i++) {
      word = (word << Character.SIZE) | text.charAt(i);
      if ((i & 3) == 3) {
        mix(word);
        word = 0;
      }
    }
    mix(word);
  }

  /** Every part carries its length, so that no two trees are the same words. */
  private void count(char type, int count) {
    mix(((long) type << Integer.SIZE) | count);
  }

  /** Each step can be undone, so that two states differ for ever once they do, until words meet. */
  private void mix(long word) {
    a = (a ^ word) * PRIME_A;
    a ^= a >>> 32;
    b = Long.rotateLeft(b, 29) + word;
    b *= PRIME_B;
    b ^= b >>> 29;
  }

  private String digits() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(finished(a + b)) + hex.toHexDigits(finished(b ^ Long.rotateLeft(a, 32)));
  }

  /** The last step of SplitMix64: every bit of the state reaches every bit of the result. */
  private static long finished(long state) {
    long mixed = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
