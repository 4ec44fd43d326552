package tollgate.it.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;

/** Representations of RFC 7541 section 6, octet by octet. Any thread. */
final class Hpack {
  /** Index of the static table whose name is {@code :path}. */
  static final int PATH = 4;

  static final int METHOD_GET = 2;
  static final int METHOD_POST = 3;
  static final int SCHEME_HTTP = 6;
  static final int SCHEME_HTTPS = 7;
  static final int AUTHORITY = 1;
  static final int USER_AGENT = 58;

  /** Index of what was last put into the dynamic table. */
  static final int NEWEST = 62;

  private Hpack() {}

  /** What follows the first bits of a literal says how it is treated (section 6.2). */
  enum Kind {
    INCREMENTAL(6, 0x40),
    WITHOUT_INDEXING(4, 0),
    NEVER_INDEXED(4, 0x10);

    private final int prefixBits;
    private final int pattern;

    Kind(int prefixBits, int pattern) {
      this.prefixBits = prefixBits;
      this.pattern = pattern;
    }
  }

  static byte[] indexed(int index) {
    return integer(7, 0x80, index);
  }

  /** Not put into the table, in plain octets. */
  static byte[] literal(String name, String value) {
    return literal(Kind.WITHOUT_INDEXING, false, name, value);
  }

  static byte[] literal(Kind kind, boolean isHuffman, String name, String value) {
    return Frame.joined(
        integer(kind.prefixBits, kind.pattern, 0),
        string(name, isHuffman),
        string(value, isHuffman));
  }

  static byte[] literal(Kind kind, boolean isHuffman, int nameIndex, String value) {
    return Frame.joined(
        integer(kind.prefixBits, kind.pattern, nameIndex), string(value, isHuffman));
  }

  static byte[] sizeUpdate(long size) {
    return integer(5, 0x20, size);
  }

  static byte[] string(String latin1, boolean isHuffman) {
    byte[] octets = isHuffman ? HuffmanCode.encode(latin1) : latin1.getBytes(ISO_8859_1);
    return string(octets, isHuffman);
  }

  /** Octets that are taken for coded or not, whatever they are. */
  static byte[] string(byte[] octets, boolean isHuffman) {
    return Frame.joined(integer(7, isHuffman ? 0x80 : 0, octets.length), octets);
  }

  /** RFC 7541 section 5.1. */
  static byte[] integer(int prefixBits, int pattern, long value) {
    int most = (1 << prefixBits) - 1;
    if (value < most) {
      return new byte[] {(byte) (pattern | value)};
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(pattern | most);
    long rest = value - most;
    while (rest >= 128) {
      out.write((int) (rest % 128 + 128));
      rest /= 128;
    }
    out.write((int) rest);
    return out.toByteArray();
  }
}
