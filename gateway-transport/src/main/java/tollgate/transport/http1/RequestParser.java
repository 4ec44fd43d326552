package tollgate.transport.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.http.Authority;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.http.Tokens;
import tollgate.transport.wire.FieldLines;
import tollgate.transport.wire.HttpLimits;
import tollgate.transport.wire.Input;
import tollgate.transport.wire.LookalikeNames;
import tollgate.transport.wire.Malformed;

/**
 * Reads request heads, one after the other, however they are chopped. Event loop only.
 *
 * <p>After {@link #parse} has thrown, {@link #remains} tells what could be read.
 */
final class RequestParser {
  private static final Fault BAD_START =
      Fault.of(FaultCode.MALFORMED_REQUEST, "This is no HTTP request.");
  private static final Fault BAD_HOST =
      Fault.of(FaultCode.MALFORMED_REQUEST, "The Host field is not one valid host.");
  private static final Fault OTHER_HOST =
      Fault.of(FaultCode.MALFORMED_REQUEST, "Host differs from the request target.");
  private static final Fault LOOKALIKE =
      Fault.of(FaultCode.REFUSED_FIELD, "A header field name looks like another one.");
  private static final Fault BAD_EXPECT =
      Fault.of(FaultCode.EXPECTATION_FAILED, "Only Expect: 100-continue is understood.");

  private static final Fault MANY_OPTIONS =
      Fault.of(FaultCode.FIELDS_TOO_LARGE, "There are too many connection options.");

  /** Each names a field to be removed, which costs more than the two bytes it can be said in. */
  private static final int MAX_OPTIONS = 100;

  private static final byte[] CONTINUE = "100-continue".getBytes(US_ASCII);
  private static final byte[] CLOSE = "close".getBytes(US_ASCII);
  private static final byte[] UPGRADE = "upgrade".getBytes(US_ASCII);
  private static final byte[] WEBSOCKET = "websocket".getBytes(US_ASCII);
  private static final byte[] KEEP_ALIVE = "keep-alive".getBytes(US_ASCII);

  private final String scheme;
  private final HeadScanner scanner;
  private final RequestLine line = new RequestLine();
  private ReceivedFields fields = ReceivedFields.NONE;
  private boolean isEmptyLineSkipped;
  private boolean isKeptAlive;
  private byte[] lastHost = {};
  private String lastAuthority = "";

  /**
   * @param scheme {@code http} or {@code https}
   */
  RequestParser(String scheme, HttpLimits limits) {
    this.scheme = scheme;
    this.scanner =
        new HeadScanner(limits.requestLineBytes(), limits.headerBytes(), limits.headerLines());
  }

  /** Ready for the next head. */
  void reset() {
    scanner.reset();
    line.reset();
    fields = ReceivedFields.NONE;
    isEmptyLineSkipped = false;
    isKeptAlive = false;
  }

  /** Whether the client wants the connection kept (RFC 9112 section 9.3). */
  boolean isKeptAlive() {
    return isKeptAlive;
  }

  boolean isHttp10() {
    return line.isHttp10();
  }

  /**
   * @return null if the head is not complete yet
   */
  @Nullable ReceivedRequest parse(Input in) throws Malformed {
    if (in.isEmpty() || !isStarted(in)) {
      return null;
    }
    int length = scanner.scan(in.bytes());
    if (length < 0) {
      return null;
    }
    byte[] block = in.copy(length);
    int fieldsAt = line.parse(block);
    FieldLines parsed = FieldLines.parse(block, fieldsAt, scanner.fieldLines());
    fields = parsed;
    if (parsed.hasUnderscore() && LookalikeNames.isIn(parsed)) {
      throw new Malformed(LOOKALIKE);
    }
    boolean isHttp10 = line.isHttp10();
    String authority = authority(parsed, isHttp10);
    long bodyLength = Framing.read(parsed, isHttp10);
    boolean expectsContinue = expectsContinue(parsed) && !isHttp10 && hasBody(bodyLength);
    isKeptAlive = isKeptAlive(parsed, isHttp10);
    return new ReceivedRequest(
        protocol(),
        line.method(),
        scheme,
        authority,
        line.path(),
        line.query(),
        parsed,
        bodyLength,
        expectsContinue,
        upgrade(parsed, isHttp10));
  }

  /** What could be read of a head that is malformed. */
  ReceivedRequest remains() {
    return new ReceivedRequest(
        protocol(),
        line.method(),
        scheme,
        "",
        line.path(),
        line.query(),
        fields,
        BodyLength.ABSENT,
        false);
  }

  private String protocol() {
    return line.isHttp10() ? "HTTP/1.0" : "HTTP/1.1";
  }

  /**
   * RFC 9112 2.2: one empty line before a request is let pass. Anything but a method's first byte
   * ends it at once.
   */
  private boolean isStarted(Input in) throws Malformed {
    ByteBuf bytes = in.bytes();
    byte first = bytes.getByte(bytes.readerIndex());
    if (Tokens.isTokenByte(first)) {
      return true;
    }
    if (first != '\r' || isEmptyLineSkipped) {
      throw new Malformed(BAD_START);
    }
    if (bytes.readableBytes() == 1) {
      return false;
    }
    if (bytes.getByte(bytes.readerIndex() + 1) != '\n') {
      throw new Malformed(BAD_START);
    }
    bytes.skipBytes(2);
    in.trim();
    isEmptyLineSkipped = true;
    return !in.isEmpty() && isStarted(in);
  }

  /** RFC 9112 3.2: exactly one Host in HTTP/1.1; if the target names a host, we want the same. */
  private String authority(FieldLines parsed, boolean isHttp10) throws Malformed {
    String target = line.authority();
    int host = parsed.indexOf(FieldName.HOST, 0);
    if (host < 0) {
      if (!isHttp10) {
        throw new Malformed(BAD_HOST);
      }
      return target == null ? "" : target;
    }
    if (parsed.indexOf(FieldName.HOST, host + 1) >= 0) {
      throw new Malformed(BAD_HOST);
    }
    String authority = hostValue(parsed, host);
    if (target != null && !Authority.isSame(target, authority, scheme.equals("https") ? 443 : 80)) {
      throw new Malformed(OTHER_HOST);
    }
    return authority;
  }

  /** The requests of one connection mostly name one host: it is made a String once. */
  private String hostValue(FieldLines parsed, int host) throws Malformed {
    byte[] block = parsed.block();
    int from = parsed.valueStart(host);
    int to = parsed.valueEnd(host);
    if (lastHost.length > 0 && Arrays.equals(lastHost, 0, lastHost.length, block, from, to)) {
      return lastAuthority;
    }
    String authority = Authority.canonical(block, from, to - from);
    if (authority == null) {
      throw new Malformed(BAD_HOST);
    }
    lastHost = Arrays.copyOfRange(block, from, to);
    lastAuthority = authority;
    return authority;
  }

  /** RFC 9110 7.8: not in HTTP/1.0, and only if Connection names it. */
  private static @Nullable String upgrade(FieldLines parsed, boolean isHttp10) {
    int upgrade = parsed.indexOf(FieldName.UPGRADE, 0);
    if (upgrade < 0 || isHttp10 || !parsed.hasElement(FieldName.CONNECTION, UPGRADE)) {
      return null;
    }
    return parsed.hasElement(FieldName.UPGRADE, WEBSOCKET)
        ? "websocket"
        : parsed.value(upgrade).toLowerCase(Locale.ROOT);
  }

  /**
   * RFC 9110 10.1.1. A list, a second line or anything added is refused: A25 of the bad-input
   * table.
   */
  private static boolean expectsContinue(FieldLines parsed) throws Malformed {
    int expect = parsed.indexOf(FieldName.EXPECT, 0);
    if (expect < 0) {
      return false;
    }
    if (!parsed.isValue(expect, CONTINUE) || parsed.indexOf(FieldName.EXPECT, expect + 1) >= 0) {
      throw new Malformed(BAD_EXPECT);
    }
    return true;
  }

  static boolean isKeptAlive(FieldLines parsed, boolean isHttp10) throws Malformed {
    if (parsed.indexOf(FieldName.CONNECTION, 0) < 0) {
      return !isHttp10;
    }
    if (parsed.commas(FieldName.CONNECTION) > MAX_OPTIONS) {
      throw new Malformed(MANY_OPTIONS);
    }
    if (parsed.hasElement(FieldName.CONNECTION, CLOSE)) {
      return false;
    }
    return !isHttp10 || parsed.hasElement(FieldName.CONNECTION, KEEP_ALIVE);
  }

  private static boolean hasBody(long bodyLength) {
    return bodyLength > 0 || bodyLength == BodyLength.UNKNOWN;
  }
}
