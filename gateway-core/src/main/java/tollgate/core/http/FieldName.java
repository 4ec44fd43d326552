package tollgate.core.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

/**
 * A field name, compared without regard to case (RFC 9110 section 5.1), in the spelling it is
 * written with. Immutable.
 *
 * <p>The hash is part of the contract: a protocol backing computes the same {@link #step} over the
 * lower-cased bytes of a received name, so that most look-ups end at one integer comparison.
 */
public final class FieldName {
  public static final FieldName ACCEPT = of("Accept");
  public static final FieldName ACCESS_CONTROL_REQUEST_METHOD = of("Access-Control-Request-Method");
  public static final FieldName ALLOW = of("Allow");
  public static final FieldName AUTHORIZATION = of("Authorization");
  public static final FieldName CACHE_CONTROL = of("Cache-Control");
  public static final FieldName CONNECTION = of("Connection");
  public static final FieldName CONTENT_ENCODING = of("Content-Encoding");
  public static final FieldName ETAG = of("ETag");
  public static final FieldName CONTENT_LENGTH = of("Content-Length");
  public static final FieldName CONTENT_TYPE = of("Content-Type");
  public static final FieldName DATE = of("Date");
  public static final FieldName EXPECT = of("Expect");
  public static final FieldName FORWARDED = of("Forwarded");
  public static final FieldName HOST = of("Host");
  public static final FieldName HTTP2_SETTINGS = of("HTTP2-Settings");
  public static final FieldName KEEP_ALIVE = of("Keep-Alive");
  public static final FieldName LOCATION = of("Location");
  public static final FieldName ORIGIN = of("Origin");
  public static final FieldName PROXY_AUTHENTICATE = of("Proxy-Authenticate");
  public static final FieldName PROXY_AUTHORIZATION = of("Proxy-Authorization");
  public static final FieldName PROXY_CONNECTION = of("Proxy-Connection");
  public static final FieldName RETRY_AFTER = of("Retry-After");
  public static final FieldName SEC_WEBSOCKET_ACCEPT = of("Sec-WebSocket-Accept");
  public static final FieldName SEC_WEBSOCKET_EXTENSIONS = of("Sec-WebSocket-Extensions");
  public static final FieldName SEC_WEBSOCKET_KEY = of("Sec-WebSocket-Key");
  public static final FieldName SEC_WEBSOCKET_PROTOCOL = of("Sec-WebSocket-Protocol");
  public static final FieldName SEC_WEBSOCKET_VERSION = of("Sec-WebSocket-Version");
  public static final FieldName SERVER = of("Server");
  public static final FieldName TE = of("TE");
  public static final FieldName TRAILER = of("Trailer");
  public static final FieldName TRANSFER_ENCODING = of("Transfer-Encoding");
  public static final FieldName UPGRADE = of("Upgrade");
  public static final FieldName USER_AGENT = of("User-Agent");
  public static final FieldName VARY = of("Vary");
  public static final FieldName VIA = of("Via");
  public static final FieldName X_FORWARDED_FOR = of("X-Forwarded-For");
  public static final FieldName X_FORWARDED_HOST = of("X-Forwarded-Host");
  public static final FieldName X_FORWARDED_PORT = of("X-Forwarded-Port");
  public static final FieldName X_FORWARDED_PROTO = of("X-Forwarded-Proto");

  private final String text;
  private final byte[] bytes;
  private final byte[] lower;
  private final int hash;

  private FieldName(String text) {
    this.text = text;
    this.bytes = text.getBytes(US_ASCII);
    this.lower = new byte[bytes.length];
    int h = 0;
    for (int i = 0; i < bytes.length; i++) {
      lower[i] = Tokens.lower(bytes[i]);
      h = step(h, lower[i]);
    }
    this.hash = h;
  }

  /**
   * @throws IllegalArgumentException if {@code text} is not a token (RFC 9110 section 5.6.2)
   */
  public static FieldName of(String text) {
    requireNonNull(text, "text");
    if (!Tokens.isToken(text)) {
      throw new IllegalArgumentException(
          "field name: not a token (RFC 9110 section 5.6.2), " + text.length() + " characters");
    }
    return new FieldName(text);
  }

  /** The hash so far with one more lower-cased byte; the hash of no bytes is 0. */
  public static int step(int hash, byte lowerCased) {
    return 31 * hash + lowerCased;
  }

  /** The name as it is written, case kept. */
  public String text() {
    return text;
  }

  /** Number of bytes. */
  public int length() {
    return bytes.length;
  }

  /** {@link #step} over the lower-cased bytes. */
  public int hash() {
    return hash;
  }

  /** Copies the name as it is written to {@code target}. */
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, bytes.length);
  }

  /**
   * Whether the range holds this name in any case; the caller has compared the hash already, or
   * does not mind the cost.
   */
  public boolean matches(byte[] source, int offset, int length) {
    if (length != lower.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (Tokens.lower(source[offset + i]) != lower[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof FieldName name
            && hash == name.hash
            && name.text.equalsIgnoreCase(text));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return text;
  }
}
