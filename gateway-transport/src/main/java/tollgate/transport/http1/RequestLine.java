package tollgate.transport.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.http.Authority;
import tollgate.core.http.CanonicalPath;
import tollgate.core.http.Method;
import tollgate.core.http.Tokens;
import tollgate.transport.wire.Malformed;

/**
 * The first line of a request (RFC 9112 section 3), one per connection, filled anew for each
 * request. What was read before something was found wrong stays readable, for the log. Event loop
 * only.
 */
final class RequestLine {
  private static final Fault BAD_LINE =
      Fault.of(FaultCode.MALFORMED_REQUEST, "The request line is malformed.");
  private static final Fault BAD_TARGET =
      Fault.of(FaultCode.MALFORMED_REQUEST, "The request target is malformed.");
  private static final Fault BAD_PATH =
      Fault.of(FaultCode.MALFORMED_PATH, "The path of the request target is malformed.");
  private static final Fault BAD_VERSION =
      Fault.of(FaultCode.VERSION_UNKNOWN, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
  private static final Fault NO_TUNNEL =
      Fault.of(FaultCode.METHOD_UNKNOWN, "CONNECT is not offered.");
  private static final Fault LONG_METHOD =
      Fault.of(FaultCode.METHOD_UNKNOWN, "The request method is not known.");

  /** What stands for a method that could not be read. */
  private static final Method NONE = Method.of("-");

  private static final int MAX_METHOD = 32;
  private static final int MAX_LOGGED_PATH = 1024;
  private static final byte[] VERSION = "HTTP/1.".getBytes(ISO_8859_1);
  private static final byte[] HTTP = "http://".getBytes(ISO_8859_1);
  private static final byte[] HTTPS = "https://".getBytes(ISO_8859_1);
  private static final Method[] FREQUENT = {
    Method.GET, Method.POST, Method.PUT, Method.HEAD, Method.DELETE, Method.PATCH, Method.OPTIONS
  };
  private static final byte[][] FREQUENT_NAMES =
      Arrays.stream(FREQUENT).map(m -> m.name().getBytes(ISO_8859_1)).toArray(byte[][]::new);

  private Method method = NONE;
  private String path = "";
  private @Nullable String query;
  private @Nullable String authority;
  private boolean isHttp10;

  void reset() {
    method = NONE;
    path = "";
    query = null;
    authority = null;
    isHttp10 = false;
  }

  Method method() {
    return method;
  }

  /** Canonical; after a failure as it came, cut short. */
  String path() {
    return path;
  }

  @Nullable String query() {
    return query;
  }

  /** That of an absolute-form target, lower-cased; null for any other form. */
  @Nullable String authority() {
    return authority;
  }

  boolean isHttp10() {
    return isHttp10;
  }

  /**
   * @param block begins with the line, which CRLF ends
   * @return where the next line begins
   */
  int parse(byte[] block) throws Malformed {
    int methodEnd = 0;
    while (Tokens.isTokenByte(block[methodEnd])) {
      methodEnd++;
    }
    if (methodEnd == 0 || block[methodEnd] != ' ') {
      throw new Malformed(BAD_LINE);
    }
    if (methodEnd > MAX_METHOD) {
      throw new Malformed(LONG_METHOD);
    }
    method = method(block, methodEnd);
    int target = methodEnd + 1;
    int targetEnd = target;
    // Visible ASCII only: no byte of the target can end the line or mean anything to a terminal.
    while (block[targetEnd] > ' ' && block[targetEnd] < 0x7f) {
      targetEnd++;
    }
    path = new String(block, target, Math.min(targetEnd - target, MAX_LOGGED_PATH), ISO_8859_1);
    if (block[targetEnd] != ' ' || targetEnd == target) {
      throw new Malformed(BAD_LINE);
    }
    int end = version(block, targetEnd + 1);
    target(block, target, targetEnd);
    return end;
  }

  /** RFC 9112 2.3: case-sensitive, one digit, one digit. */
  private int version(byte[] block, int from) throws Malformed {
    for (int i = 0; i < VERSION.length; i++) {
      if (block[from + i] != VERSION[i]) {
        throw new Malformed(isOtherVersion(block, from) ? BAD_VERSION : BAD_LINE);
      }
    }
    int minor = from + VERSION.length;
    // RFC 9112 2.2: a CR that no LF follows ends no line.
    if (block[minor + 1] != '\r' || block[minor + 2] != '\n') {
      throw new Malformed(BAD_LINE);
    }
    if (block[minor] != '1' && block[minor] != '0') {
      throw new Malformed(isDigit(block[minor]) ? BAD_VERSION : BAD_LINE);
    }
    isHttp10 = block[minor] == '0';
    return minor + 3;
  }

  private static boolean isOtherVersion(byte[] block, int from) {
    for (int i = 0; i < 5; i++) {
      if (block[from + i] != VERSION[i]) {
        return false;
      }
    }
    return isDigit(block[from + 5])
        && block[from + 6] == '.'
        && isDigit(block[from + 7])
        && block[from + 8] == '\r';
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private void target(byte[] block, int from, int to) throws Malformed {
    if (method.equals(Method.CONNECT)) {
      throw new Malformed(NO_TUNNEL);
    }
    if (block[from] == '/') {
      pathAndQuery(block, from, to);
      return;
    }
    if (to - from == 1 && block[from] == '*') {
      // RFC 9112 3.2.4: only for OPTIONS.
      if (!method.equals(Method.OPTIONS)) {
        throw new Malformed(BAD_TARGET);
      }
      path = "*";
      return;
    }
    int host = from + schemeLength(block, from, to);
    if (host == from) {
      throw new Malformed(BAD_TARGET);
    }
    int hostEnd = host;
    while (hostEnd < to
        && block[hostEnd] != '/'
        && block[hostEnd] != '?'
        && block[hostEnd] != '#') {
      hostEnd++;
    }
    String named = Authority.canonical(block, host, hostEnd - host);
    if (named == null) {
      throw new Malformed(BAD_TARGET);
    }
    authority = named;
    if (hostEnd == to || block[hostEnd] == '?') {
      // RFC 9112 3.2.1: an empty path is sent as a slash.
      path = "/";
      query(block, hostEnd, to);
    } else {
      pathAndQuery(block, hostEnd, to);
    }
  }

  private void pathAndQuery(byte[] block, int from, int to) throws Malformed {
    int mark = from;
    while (mark < to && block[mark] != '?') {
      mark++;
    }
    String canonical = CanonicalPath.of(block, from, mark - from);
    if (canonical == null) {
      throw new Malformed(BAD_PATH);
    }
    path = canonical;
    query(block, mark, to);
  }

  /**
   * @param mark where the question mark is, or {@code to}
   */
  private void query(byte[] block, int mark, int to) throws Malformed {
    if (mark == to) {
      return;
    }
    if (!CanonicalPath.isQuery(block, mark + 1, to - mark - 1)) {
      throw new Malformed(BAD_TARGET);
    }
    query = new String(block, mark + 1, to - mark - 1, ISO_8859_1);
  }

  /** RFC 3986 3.1: schemes in any case. */
  private static int schemeLength(byte[] block, int from, int to) {
    if (startsWith(block, from, to, HTTP)) {
      return HTTP.length;
    }
    return startsWith(block, from, to, HTTPS) ? HTTPS.length : 0;
  }

  private static boolean startsWith(byte[] block, int from, int to, byte[] lower) {
    if (to - from < lower.length) {
      return false;
    }
    for (int i = 0; i < lower.length; i++) {
      if (Tokens.lower(block[from + i]) != lower[i]) {
        return false;
      }
    }
    return true;
  }

  private static Method method(byte[] block, int length) {
    for (int i = 0; i < FREQUENT.length; i++) {
      byte[] name = FREQUENT_NAMES[i];
      if (name.length == length && Arrays.equals(name, 0, length, block, 0, length)) {
        return FREQUENT[i];
      }
    }
    return Method.of(new String(block, 0, length, ISO_8859_1));
  }
}
