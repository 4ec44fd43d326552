package tollgate.it.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Random;

/** Bytes for bodies and heads. Any thread. */
public final class Bytes {
  public static final int MIB = 1024 * 1024;

  private Bytes() {}

  /** One byte per character. */
  public static byte[] of(String latin1) {
    return latin1.getBytes(ISO_8859_1);
  }

  /** One character per byte. */
  public static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  /** Bytes without a pattern, the same each time. */
  public static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  /** The body in chunked coding, without trailers (RFC 9112 section 7.1). */
  public static byte[] chunked(byte[] body, int chunkLength) {
    var out = new java.io.ByteArrayOutputStream(body.length + 1024);
    for (int at = 0; at < body.length; at += chunkLength) {
      int length = Math.min(chunkLength, body.length - at);
      out.writeBytes(of(Integer.toHexString(length) + "\r\n"));
      out.write(body, at, length);
      out.writeBytes(of("\r\n"));
    }
    out.writeBytes(of("0\r\n\r\n"));
    return out.toByteArray();
  }
}
