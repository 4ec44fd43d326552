package tollgate.transport.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.http.Authority;
import tollgate.core.http.BodyLength;
import tollgate.core.http.CanonicalPath;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.http.Tokens;
import tollgate.transport.wire.FieldLines;
import tollgate.transport.wire.HttpLimits;
import tollgate.transport.wire.LookalikeNames;
import tollgate.transport.wire.Malformed;

/**
 * Makes requests of header lists (RFC 9113 section 8.3.1). What the RFC calls malformed is a stream
 * error; what is well-formed and refused all the same, because some backend would read it
 * differently, is a {@link Malformed} that the client is told as a response. After that {@link
 * #remains} tells what could be read. Event loop only. More than 400 lines, because pseudo-fields,
 * fields and target are checked against one another.
 */
final class RequestHeads {
  private static final Fault LARGE =
      Fault.of(FaultCode.FIELDS_TOO_LARGE, "The header fields are larger than allowed here.");
  private static final Fault MANY =
      Fault.of(FaultCode.FIELDS_TOO_LARGE, "There are more header fields than allowed here.");
  private static final Fault LONG =
      Fault.of(FaultCode.TARGET_TOO_LONG, "The request target is longer than allowed here.");
  private static final Fault BAD_TARGET =
      Fault.of(FaultCode.MALFORMED_REQUEST, "The request target is malformed.");
  private static final Fault BAD_PATH =
      Fault.of(FaultCode.MALFORMED_PATH, "The path of the request target is malformed.");
  private static final Fault BAD_HOST =
      Fault.of(FaultCode.MALFORMED_REQUEST, "The authority is not one valid host.");
  private static final Fault LOOKALIKE =
      Fault.of(FaultCode.REFUSED_FIELD, "A header field name looks like another one.");
  private static final Fault BAD_EXPECT =
      Fault.of(FaultCode.EXPECTATION_FAILED, "Only Expect: 100-continue is understood.");
  private static final Fault NO_TUNNEL =
      Fault.of(FaultCode.METHOD_UNKNOWN, "CONNECT is not offered.");
  private static final Fault LONG_METHOD =
      Fault.of(FaultCode.METHOD_UNKNOWN, "The request method is not known.");

  private static final Method NONE = Method.of("-");
  private static final int MAX_METHOD = 32;
  private static final int MAX_LOGGED_PATH = 1024;
  private static final byte[] CONTINUE = "100-continue".getBytes(US_ASCII);
  private static final byte[] HTTPS = "https".getBytes(US_ASCII);
  private static final byte[] WEBSOCKET = "websocket".getBytes(US_ASCII);
  private static final byte[] TRAILERS = "trailers".getBytes(US_ASCII);

  private static final Method[] FREQUENT = {
    Method.GET, Method.POST, Method.PUT, Method.HEAD, Method.DELETE, Method.PATCH, Method.OPTIONS
  };
  private static final byte[][] FREQUENT_NAMES =
      Arrays.stream(FREQUENT).map(m -> m.name().getBytes(ISO_8859_1)).toArray(byte[][]::new);

  private final String scheme;
  private final HttpLimits limits;
  private Method method = NONE;
  private String path = "";
  private @Nullable String query;
  private ReceivedFields fields = ReceivedFields.NONE;
  private long declared = BodyLength.ABSENT;
  private byte[] lastHost = {};
  private String lastAuthority = "";

  // Where the pseudo-fields are in the list; -1 for missing.
  private int methodAt;
  private int schemeAt;
  private int authorityAt;
  private int pathAt;
  private int protocolAt;

  /**
   * @param scheme {@code http} or {@code https}: that of the connection
   */
  RequestHeads(String scheme, HttpLimits limits) {
    this.scheme = scheme;
    this.limits = limits;
  }

  /** What the request last read says of the length of its content, all of it to come. */
  long declared() {
    return declared;
  }

  /** What could be read of a request that is refused. */
  ReceivedRequest remains() {
    return new ReceivedRequest(
        "h2", method, scheme, "", path, query, fields, BodyLength.ABSENT, false);
  }

  /**
   * @param endStream whether the request ends with its head
   */
  ReceivedRequest read(int streamId, HeaderList list, boolean endStream)
      throws Http2Error, Malformed {
    method = NONE;
    path = "";
    query = null;
    fields = ReceivedFields.NONE;
    if (list.isTooLarge()) {
      throw new Malformed(LARGE);
    }
    int first = pseudoFields(streamId, list);
    boolean hasCookies = regularFields(streamId, list, first);
    if (methodAt < 0) {
      throw malformed(streamId, "no :method");
    }
    byte[] bytes = list.bytes();
    readMethod(streamId, bytes, list.valueStart(methodAt), list.valueEnd(methodAt));
    FieldLines lines = hasCookies ? joined(list, first) : list.linesFrom(first);
    long length = Lengths.read(streamId, lines);
    boolean isConnect = method.equals(Method.CONNECT);
    if (protocolAt >= 0 && !isConnect) {
      // RFC 8441 4
      throw malformed(streamId, ":protocol without CONNECT");
    }
    if (isConnect && protocolAt < 0) {
      // RFC 9113 8.5
      if (schemeAt >= 0 || pathAt >= 0 || authorityAt < 0) {
        throw malformed(streamId, "CONNECT with :scheme or :path, or without :authority");
      }
      fields = lines;
      throw new Malformed(NO_TUNNEL);
    }
    if (schemeAt < 0 || pathAt < 0) {
      throw malformed(streamId, "no :scheme or no :path");
    }
    int from = list.valueStart(pathAt);
    int to = list.valueEnd(pathAt);
    if (from == to) {
      throw malformed(streamId, "an empty :path");
    }
    String authority = authority(streamId, list, lines);
    if (endStream && length > 0) {
      // RFC 9113 8.1.1
      throw malformed(streamId, "Content-Length, and no content");
    }
    String upgrade = isConnect ? upgrade(streamId, list, length) : null;
    fields = lines;
    try {
      check(list, first, lines);
    } catch (Malformed refused) {
      path = new String(bytes, from, Math.min(to - from, MAX_LOGGED_PATH), ISO_8859_1);
      throw refused;
    }
    boolean expectsContinue = expectsContinue(lines) && !endStream;
    declared = length;
    boolean hasBody = !endStream && !isConnect;
    // With a length of 0 too: until its end has come nobody may take the request for whole.
    long bodyLength =
        hasBody ? (length > 0 ? length : BodyLength.UNKNOWN) : length == 0 ? 0 : BodyLength.ABSENT;
    return new ReceivedRequest(
        "h2", method, scheme, authority, path, query, lines, bodyLength, expectsContinue, upgrade);
  }

  /** What the RFC lets pass and we do not; reads the target. */
  private void check(HeaderList list, int first, FieldLines lines) throws Malformed {
    byte[] bytes = list.bytes();
    int from = list.valueStart(pathAt);
    int to = list.valueEnd(pathAt);
    if (list.count() - first > limits.headerLines()) {
      throw new Malformed(MANY);
    }
    if (to - from > limits.requestLineBytes()) {
      throw new Malformed(LONG);
    }
    if (lines.hasUnderscore() && LookalikeNames.isIn(lines)) {
      throw new Malformed(LOOKALIKE);
    }
    target(bytes, from, to);
    if (!isWebScheme(bytes, list.valueStart(schemeAt), list.valueEnd(schemeAt))) {
      throw new Malformed(BAD_TARGET);
    }
  }

  /**
   * RFC 8441: what HTTP/1 asks by Upgrade, and to the chain it is the same GET.
   *
   * @param length what the head says of the content; a tunnel has none
   */
  private String upgrade(int streamId, HeaderList list, long length) throws Http2Error, Malformed {
    int from = list.valueStart(protocolAt);
    int to = list.valueEnd(protocolAt);
    if (length >= 0 || from == to) {
      throw malformed(streamId, "an extended CONNECT with content, or for nothing");
    }
    if (!isSame(list.bytes(), from, to, WEBSOCKET)) {
      throw new Malformed(NO_TUNNEL);
    }
    method = Method.GET;
    return "websocket";
  }

  /**
   * @return the index of the first field behind them
   */
  private int pseudoFields(int streamId, HeaderList list) throws Http2Error {
    methodAt = -1;
    schemeAt = -1;
    authorityAt = -1;
    pathAt = -1;
    protocolAt = -1;
    byte[] bytes = list.bytes();
    int at = 0;
    for (; at < list.count(); at++) {
      int from = list.nameStart(at);
      if (list.nameEnd(at) == from || bytes[from] != ':') {
        break;
      }
      // RFC 9113 8.3: each at most once, and no others.
      switch (Pseudo.of(bytes, from, list.nameEnd(at))) {
        case METHOD -> methodAt = once(streamId, methodAt, at);
        case SCHEME -> schemeAt = once(streamId, schemeAt, at);
        case AUTHORITY -> authorityAt = once(streamId, authorityAt, at);
        case PATH -> pathAt = once(streamId, pathAt, at);
        case PROTOCOL -> protocolAt = once(streamId, protocolAt, at);
        case STATUS, OTHER -> throw malformed(streamId, "a pseudo-field that no request has");
      }
    }
    return at;
  }

  private static int once(int streamId, int before, int at) throws Http2Error {
    if (before >= 0) {
      throw malformed(streamId, "a pseudo-field twice");
    }
    return at;
  }

  /**
   * @return whether there are several Cookie fields
   */
  private static boolean regularFields(int streamId, HeaderList list, int first) throws Http2Error {
    int cookies = 0;
    for (int i = first; i < list.count(); i++) {
      String problem = FieldCheck.problem(list, i);
      if (problem != null) {
        throw malformed(streamId, problem);
      }
      if (FieldCheck.isNamed(list, i, FieldCheck.COOKIE)) {
        cookies++;
      } else if (FieldCheck.isNamed(list, i, FieldName.TE)
          && !isSame(list.bytes(), list.valueStart(i), list.valueEnd(i), TRAILERS)) {
        // RFC 9113 8.2.2
        throw malformed(streamId, "TE other than trailers");
      }
    }
    return cookies > 1;
  }

  /** RFC 9113 8.2.3: one Cookie field for whoever knows no other form. */
  private static FieldLines joined(HeaderList list, int first) {
    byte[] bytes = list.bytes();
    int length = 0;
    for (int i = first; i < list.count(); i++) {
      if (FieldCheck.isNamed(list, i, FieldCheck.COOKIE)) {
        length += list.valueEnd(i) - list.valueStart(i) + 2;
      }
    }
    byte[] cookie = new byte[length];
    int at = 0;
    for (int i = first; i < list.count(); i++) {
      if (FieldCheck.isNamed(list, i, FieldCheck.COOKIE)) {
        int crumb = list.valueEnd(i) - list.valueStart(i);
        System.arraycopy(bytes, list.valueStart(i), cookie, at, crumb);
        at += crumb;
        cookie[at++] = ';';
        cookie[at++] = ' ';
      }
    }
    var joined = new HeaderList(Integer.MAX_VALUE);
    boolean isWritten = false;
    for (int i = first; i < list.count(); i++) {
      int name = list.nameStart(i);
      int nameLength = list.nameEnd(i) - name;
      if (!FieldCheck.isNamed(list, i, FieldCheck.COOKIE)) {
        int value = list.valueStart(i);
        int valueLength = list.valueEnd(i) - value;
        joined.add(bytes, name, nameLength, list.hash(i), bytes, value, valueLength);
      } else if (!isWritten) {
        isWritten = true;
        joined.add(bytes, name, nameLength, list.hash(i), cookie, 0, length - 2);
      }
    }
    return joined.linesFrom(0);
  }

  private void readMethod(int streamId, byte[] bytes, int from, int to)
      throws Http2Error, Malformed {
    int length = to - from;
    for (int i = 0; i < FREQUENT.length; i++) {
      if (isSame(bytes, from, to, FREQUENT_NAMES[i])) {
        method = FREQUENT[i];
        return;
      }
    }
    for (int at = from; at < to; at++) {
      if (!Tokens.isTokenByte(bytes[at])) {
        throw malformed(streamId, "a :method that is no token");
      }
    }
    if (length == 0) {
      throw malformed(streamId, "an empty :method");
    }
    if (length > MAX_METHOD) {
      throw new Malformed(LONG_METHOD);
    }
    method = Method.of(new String(bytes, from, length, ISO_8859_1));
  }

  /** RFC 9113 8.3.1: one host, said in one way or in both alike. */
  private String authority(int streamId, HeaderList list, FieldLines lines)
      throws Http2Error, Malformed {
    int host = lines.indexOf(FieldName.HOST, 0);
    if (host >= 0 && lines.indexOf(FieldName.HOST, host + 1) >= 0) {
      throw malformed(streamId, "two Host fields");
    }
    if (authorityAt < 0 && host < 0) {
      throw malformed(streamId, "neither :authority nor Host");
    }
    byte[] bytes = authorityAt >= 0 ? list.bytes() : lines.block();
    int from = authorityAt >= 0 ? list.valueStart(authorityAt) : lines.valueStart(host);
    int to = authorityAt >= 0 ? list.valueEnd(authorityAt) : lines.valueEnd(host);
    String authority = canonical(streamId, bytes, from, to);
    if (authorityAt >= 0 && host >= 0) {
      String other =
          Authority.canonical(
              lines.block(), lines.valueStart(host), lines.valueEnd(host) - lines.valueStart(host));
      if (other == null || !Authority.isSame(authority, other, scheme.equals("https") ? 443 : 80)) {
        throw malformed(streamId, "Host differs from :authority");
      }
    }
    return authority;
  }

  /** The requests of one connection mostly name one host: it is made a String once. */
  private String canonical(int streamId, byte[] bytes, int from, int to)
      throws Http2Error, Malformed {
    if (lastHost.length > 0 && Arrays.equals(lastHost, 0, lastHost.length, bytes, from, to)) {
      return lastAuthority;
    }
    String authority = Authority.canonical(bytes, from, to - from);
    if (authority == null) {
      for (int at = from; at < to; at++) {
        if (bytes[at] == '@') {
          throw malformed(streamId, "user information in :authority");
        }
      }
      throw new Malformed(BAD_HOST);
    }
    lastHost = Arrays.copyOfRange(bytes, from, to);
    lastAuthority = authority;
    return authority;
  }

  private void target(byte[] bytes, int from, int to) throws Malformed {
    if (bytes[from] == '*') {
      // RFC 9113 8.3.1: only for OPTIONS.
      if (to - from != 1 || !method.equals(Method.OPTIONS)) {
        throw new Malformed(BAD_TARGET);
      }
      path = "*";
      return;
    }
    if (bytes[from] != '/') {
      throw new Malformed(BAD_TARGET);
    }
    int mark = from;
    while (mark < to && bytes[mark] != '?') {
      if (bytes[mark] <= ' ' || bytes[mark] == 0x7f) {
        throw new Malformed(BAD_TARGET);
      }
      mark++;
    }
    String canonical = CanonicalPath.of(bytes, from, mark - from);
    if (canonical == null) {
      throw new Malformed(BAD_PATH);
    }
    path = canonical;
    if (mark < to) {
      if (!CanonicalPath.isQuery(bytes, mark + 1, to - mark - 1)) {
        throw new Malformed(BAD_TARGET);
      }
      query = new String(bytes, mark + 1, to - mark - 1, ISO_8859_1);
    }
  }

  private static boolean expectsContinue(FieldLines lines) throws Malformed {
    int expect = lines.indexOf(FieldName.EXPECT, 0);
    if (expect < 0) {
      return false;
    }
    if (!lines.isValue(expect, CONTINUE) || lines.indexOf(FieldName.EXPECT, expect + 1) >= 0) {
      throw new Malformed(BAD_EXPECT);
    }
    return true;
  }

  /** It may differ from the connection's, where something before us has ended TLS. */
  private static boolean isWebScheme(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length != HTTPS.length && length != HTTPS.length - 1) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (Tokens.lower(bytes[from + i]) != HTTPS[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSame(byte[] bytes, int from, int to, byte[] expected) {
    return Arrays.equals(bytes, from, to, expected, 0, expected.length);
  }

  private static Http2Error malformed(int streamId, String why) {
    return Http2Error.ofStream(streamId, ErrorCode.PROTOCOL_ERROR, why);
  }
}
