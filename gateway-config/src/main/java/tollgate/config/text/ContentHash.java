package tollgate.config.text;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 over a tree, blind to places, comments and quoting; the same tree gives the same hash in
 * every process. One thread.
 */
public final class ContentHash {
  private final MessageDigest digest = sha256();

  private ContentHash() {}

  /** The hash of a tree as 64 hex digits. */
  public static String of(ConfigNode node) {
    ContentHash hash = new ContentHash();
    hash.add(node);
    return HexFormat.of().formatHex(hash.digest.digest());
  }

  /** The hash of some bytes as 64 hex digits. */
  public static String of(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
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
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    count(type, bytes.length);
    digest.update(bytes);
  }

  /** Every part carries its length, so that no two trees write the same bytes. */
  private void count(char type, int count) {
    digest.update((byte) type);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, count));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
