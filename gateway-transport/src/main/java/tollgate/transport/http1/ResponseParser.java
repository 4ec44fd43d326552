package tollgate.transport.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.ResponseHead;
import tollgate.transport.wire.FieldLines;
import tollgate.transport.wire.Input;
import tollgate.transport.wire.Malformed;

/**
 * Reads response heads (RFC 9112 section 4), those before the final one too. Event loop only. Its
 * faults are never shown to a caller: their details are what the log says of a backend.
 */
final class ResponseParser {
  static final int MAX_HEAD_BYTES = 64 * 1024;
  static final int MAX_LINES = 256;

  private static final Fault BAD_START =
      Fault.of(FaultCode.UPSTREAM_PROTOCOL, "what came is no HTTP/1 response");
  private static final Fault BAD_LINE =
      Fault.of(FaultCode.UPSTREAM_PROTOCOL, "malformed status line");
  private static final byte[] VERSION = "HTTP/1.".getBytes(ISO_8859_1);
  private static final long SECOND = 1_000_000_000L;

  private final HeadScanner scanner = new HeadScanner(MAX_HEAD_BYTES, MAX_HEAD_BYTES, MAX_LINES);
  private boolean isKeptAlive;
  private boolean isUntilClose;
  private long idleLimitNanos = Long.MAX_VALUE;

  /** Ready for the next head. */
  void reset() {
    scanner.reset();
    isKeptAlive = false;
    isUntilClose = false;
  }

  /** Whether the backend keeps the connection, and says where the body ends. */
  boolean isKeptAlive() {
    return isKeptAlive;
  }

  /** Whether the body ends where the connection does. */
  boolean isUntilClose() {
    return isUntilClose;
  }

  /** What the backend last said of how long it keeps an idle connection. */
  long idleLimitNanos() {
    return idleLimitNanos;
  }

  /**
   * @param isHeadRequest whether this answers HEAD
   * @return null if the head is not complete yet
   */
  @Nullable ResponseHead parse(Input in, boolean isHeadRequest) throws Malformed {
    if (in.isEmpty()) {
      return null;
    }
    // Before a line's end comes: a backend that is no web server is told from its first byte.
    if (in.bytes().getByte(in.bytes().readerIndex()) != 'H') {
      throw new Malformed(BAD_START);
    }
    int length = scanner.scan(in.bytes());
    if (length < 0) {
      return null;
    }
    byte[] block = in.copy(length);
    boolean isHttp10 = isHttp10(block);
    int status = status(block);
    int fieldsAt = lineEnd(block);
    FieldLines fields = FieldLines.parse(block, fieldsAt, scanner.fieldLines());
    scanner.reset();
    if (status < 200) {
      // RFC 9110 15.2: ends with its head, whatever it says.
      return ResponseHead.received(status, fields, BodyLength.ABSENT);
    }
    long declared = Framing.read(fields, isHttp10);
    boolean isBodiless = isHeadRequest || status == 204 || status == 304;
    isUntilClose = !isBodiless && declared == BodyLength.ABSENT;
    isKeptAlive = !isUntilClose && RequestParser.isKeptAlive(fields, isHttp10);
    if (fields.indexOf(FieldName.KEEP_ALIVE, 0) >= 0) {
      idleLimitNanos = timeout(fields.value(fields.indexOf(FieldName.KEEP_ALIVE, 0)));
    }
    return ResponseHead.received(status, fields, isUntilClose ? BodyLength.UNKNOWN : declared);
  }

  private static boolean isHttp10(byte[] block) throws Malformed {
    for (int i = 0; i < VERSION.length; i++) {
      if (block[i] != VERSION[i]) {
        throw new Malformed(BAD_LINE);
      }
    }
    byte minor = block[VERSION.length];
    if ((minor != '0' && minor != '1') || block[VERSION.length + 1] != ' ') {
      throw new Malformed(BAD_LINE);
    }
    return minor == '0';
  }

  private static int status(byte[] block) throws Malformed {
    int at = VERSION.length + 2;
    int status = 0;
    for (int i = 0; i < 3; i++) {
      int digit = block[at + i] - '0';
      if (digit < 0 || digit > 9) {
        throw new Malformed(BAD_LINE);
      }
      status = status * 10 + digit;
    }
    if (status < 100 || status > 599) {
      throw new Malformed(BAD_LINE);
    }
    // RFC 9112 4: SP before the reason; many leave out both.
    if (block[at + 3] != ' ' && block[at + 3] != '\r') {
      throw new Malformed(BAD_LINE);
    }
    return status;
  }

  /** The reason is not passed on, but it must not hold controls either. */
  private static int lineEnd(byte[] block) throws Malformed {
    int at = VERSION.length + 5;
    while (block[at] != '\r') {
      int b = block[at++] & 0xff;
      if ((b < ' ' && b != '\t') || b == 0x7f) {
        throw new Malformed(BAD_LINE);
      }
    }
    if (block[at + 1] != '\n') {
      throw new Malformed(BAD_LINE);
    }
    return at + 2;
  }

  /** {@code timeout=5, max=100}: no standard, but Apache and nginx say it. */
  private static long timeout(String value) {
    for (String part : value.split(",", 8)) {
      String parameter = part.strip();
      if (parameter.length() > 8
          && parameter.length() <= 14
          && parameter.regionMatches(true, 0, "timeout=", 0, 8)
          && parameter.chars().skip(8).allMatch(c -> c >= '0' && c <= '9')) {
        long nanos = Long.parseLong(parameter.substring(8)) * SECOND;
        // Ahead of it, or a request could meet its close.
        return nanos - Math.min(SECOND, nanos / 2);
      }
    }
    return Long.MAX_VALUE;
  }
}
