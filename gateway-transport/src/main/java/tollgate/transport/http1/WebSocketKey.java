package tollgate.transport.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The key of a WebSocket handshake and the answer to it (RFC 6455 section 4.2.2), which prove that
 * the other end of this very connection speaks the protocol: the gateway answers its client's and
 * sends its backend one of its own. Immutable.
 *
 * @param text 16 bytes in base64
 */
record WebSocketKey(String text) {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  /** One that nobody had before, most likely; it is no secret (RFC 6455 section 10.3). */
  static WebSocketKey random() {
    byte[] bytes = new byte[16];
    ThreadLocalRandom.current().nextBytes(bytes);
    return new WebSocketKey(Base64.getEncoder().encodeToString(bytes));
  }

  /** What the one who is asked answers. */
  String accept() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest((text + GUID).getBytes(US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  boolean isAnsweredBy(@Nullable String answer) {
    return accept().equals(answer);
  }
}
