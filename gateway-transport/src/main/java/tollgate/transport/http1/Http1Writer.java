package tollgate.transport.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.HopByHop;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.RequestHead;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Tokens;
import tollgate.core.http.Trailers;
import tollgate.transport.wire.FieldLines;
import tollgate.transport.wire.HttpDate;
import tollgate.transport.wire.OwnNames;

/**
 * Writes heads (RFC 9112). Framing, Host and connection fields are this writer's alone: such lines
 * in the given fields are left out. Lines that came by HTTP/1 go out as the bytes they came in.
 * Nothing it writes can hold CR, LF or NUL inside a line: received lines were checked by the
 * parser, added ones by {@link Fields}, targets by {@link RequestHead}. Any thread.
 */
final class Http1Writer {
  private static final byte[] CONTENT_LENGTH = bytes("Content-Length: ");
  private static final byte[] CHUNKED = bytes("Transfer-Encoding: chunked\r\n");
  private static final byte[] CLOSE = bytes("Connection: close\r\n");
  private static final byte[] KEEP_ALIVE = bytes("Connection: keep-alive\r\n");
  private static final byte[] UPGRADE = bytes("Connection: Upgrade\r\nUpgrade: ");
  private static final byte[] REQUEST_END = bytes(" HTTP/1.1\r\nHost: ");
  private static final byte[] LAST_CHUNK = bytes("0\r\n");
  private static final byte[][] STATUS_LINES = statusLines();

  /** Colon, space, CRLF. */
  private static final int LINE_OVERHEAD = 4;

  /** Method or status line, and all the lines that this writer adds. */
  private static final int OURS_BYTES = 384;

  private static final int CRLF = '\r' << 8 | '\n';
  private static final int COLON_SPACE = ':' << 8 | ' ';

  /** What the given fields have no say in. */
  private static final OwnNames OURS =
      OwnNames.of(
          FieldName.CONTENT_LENGTH,
          FieldName.TRANSFER_ENCODING,
          FieldName.CONNECTION,
          FieldName.KEEP_ALIVE,
          FieldName.PROXY_CONNECTION,
          FieldName.UPGRADE,
          FieldName.HTTP2_SETTINGS);

  private Http1Writer() {}

  /** No head of a response with these fields takes more. */
  static int mostBytes(Fields fields) {
    ReceivedFields received = fields.received();
    int most = OURS_BYTES;
    if (received instanceof FieldLines lines) {
      most += lines.block().length;
    } else {
      for (int i = 0; i < received.count(); i++) {
        most += received.name(i).length() + received.value(i).length() + LINE_OVERHEAD;
      }
    }
    for (int i = 0; i < fields.addedCount(); i++) {
      most += fields.addedName(i).length() + fields.addedValue(i).length() + LINE_OVERHEAD;
    }
    return most;
  }

  /** This head of a request takes no more. */
  static int mostBytes(RequestHead head) {
    String query = head.query();
    return head.path().length()
        + (query == null ? 0 : query.length())
        + head.authority().length()
        + mostBytes(head.fields());
  }

  /** The last chunk with these trailers takes no more. */
  static int mostBytes(Trailers trailers) {
    int most = LAST_CHUNK.length + LINE_OVERHEAD;
    for (Trailers.Line line : trailers.lines()) {
      most += line.name().length() + line.value().length() + LINE_OVERHEAD;
    }
    return most;
  }

  /**
   * @param bodyLength see {@link BodyLength}
   */
  static void request(ByteBuf out, RequestHead head, long bodyLength) {
    ascii(out, head.method().name());
    out.writeByte(' ');
    ascii(out, head.path());
    String query = head.query();
    if (query != null) {
      out.writeByte('?');
      ascii(out, query);
    }
    out.writeBytes(REQUEST_END);
    ascii(out, head.authority());
    out.writeShort(CRLF);
    fields(out, head.fields(), true);
    length(out, bodyLength);
    out.writeShort(CRLF);
  }

  /**
   * A request to switch to what the received one asked for.
   *
   * @param key of this connection
   */
  static void upgrade(ByteBuf out, RequestHead head, WebSocketKey key) {
    request(out, head, BodyLength.ABSENT);
    out.writerIndex(out.writerIndex() - 2); // the head goes on
    upgradeTo(out, head.received().upgrade());
    line(out, FieldName.SEC_WEBSOCKET_KEY.text(), key.text());
    out.writeShort(CRLF);
  }

  /**
   * A 101.
   *
   * @param protocol what is switched to
   * @param accept the answer to the key that came by this connection
   */
  static void switching(ByteBuf out, ResponseHead head, @Nullable String protocol, String accept) {
    out.writeBytes(STATUS_LINES[101 - 100]);
    fields(out, head.fields(), false);
    upgradeTo(out, protocol);
    line(out, FieldName.SEC_WEBSOCKET_ACCEPT.text(), accept);
    out.writeShort(CRLF);
  }

  /** RFC 9110 15.5.22: 426 says what to switch to. */
  static void upgradeRequired(
      ByteBuf out, ResponseHead head, String protocol, long length, boolean isKept) {
    response(out, head, length, isKept, false);
    out.writerIndex(out.writerIndex() - 2);
    upgradeTo(out, protocol);
    out.writeShort(CRLF);
  }

  private static void upgradeTo(ByteBuf out, @Nullable String protocol) {
    out.writeBytes(UPGRADE);
    ascii(out, requireNonNull(protocol, "protocol"));
    out.writeShort(CRLF);
  }

  /**
   * @param length see {@link BodyLength}; {@link BodyLength#ABSENT} writes no length
   * @param isKept whether the connection is kept
   * @param isHttp10 whether a kept connection must be announced
   */
  static void response(
      ByteBuf out, ResponseHead head, long length, boolean isKept, boolean isHttp10) {
    out.writeBytes(STATUS_LINES[head.status() - 100]);
    Fields fields = head.fields();
    fields(out, fields, false);
    if (!fields.contains(FieldName.DATE)) {
      out.writeBytes(HttpDate.line());
    }
    length(out, length);
    if (!isKept) {
      out.writeBytes(CLOSE);
    } else if (isHttp10) {
      out.writeBytes(KEEP_ALIVE);
    }
    out.writeShort(CRLF);
  }

  /** A 1xx head: no length, no date, no connection fields. */
  static void informational(ByteBuf out, ResponseHead head) {
    out.writeBytes(STATUS_LINES[head.status() - 100]);
    fields(out, head.fields(), false);
    out.writeShort(CRLF);
  }

  static void chunkSize(ByteBuf out, int size) {
    int shift = (31 - Integer.numberOfLeadingZeros(size)) & ~3;
    for (; shift >= 0; shift -= 4) {
      int digit = (size >>> shift) & 15;
      out.writeByte(digit < 10 ? '0' + digit : 'a' - 10 + digit);
    }
    out.writeShort(CRLF);
  }

  static void crlf(ByteBuf out) {
    out.writeShort(CRLF);
  }

  /** The last chunk, and the trailers that may stand there. */
  static void lastChunk(ByteBuf out, Trailers trailers) {
    out.writeBytes(LAST_CHUNK);
    if (!trailers.isEmpty()) {
      for (Trailers.Line line : trailers.lines()) {
        if (Tokens.isToken(line.name())
            && Tokens.isFieldValue(line.value())
            && !HopByHop.isForbiddenTrailer(line.name())) {
          line(out, line.name(), line.value());
        }
      }
    }
    out.writeShort(CRLF);
  }

  private static void length(ByteBuf out, long length) {
    if (length >= 0) {
      out.writeBytes(CONTENT_LENGTH);
      decimal(out, length);
      out.writeShort(CRLF);
    } else if (length == BodyLength.UNKNOWN) {
      out.writeBytes(CHUNKED);
    }
  }

  private static void fields(ByteBuf out, Fields fields, boolean isRequest) {
    ReceivedFields received = fields.received();
    if (received instanceof FieldLines lines) {
      raw(out, fields, lines, isRequest);
    } else {
      for (int i = 0; i < received.count(); i++) {
        if (!fields.isRemoved(i)) {
          String name = received.name(i);
          String value = received.value(i);
          // Another protocol's decoder has checked them; what is not checked here is not sent.
          if (Tokens.isToken(name)
              && Tokens.isFieldValue(value)
              && !OURS.has(FieldName.of(name), isRequest)) {
            line(out, name, value);
          }
        }
      }
    }
    for (int i = 0; i < fields.addedCount(); i++) {
      FieldName name = fields.addedName(i);
      if (!OURS.has(name, isRequest)) {
        line(out, name.text(), fields.addedValue(i));
      }
    }
  }

  /** Neighbours that are kept as they came go out in one copy. */
  private static void raw(ByteBuf out, Fields fields, FieldLines lines, boolean isRequest) {
    byte[] block = lines.block();
    int count = lines.count();
    int from = -1;
    int to = -1;
    for (int i = 0; i < count; i++) {
      boolean isKept = !fields.isRemoved(i) && !OURS.has(lines, i, isRequest);
      if (isKept && lines.isPlain(i)) {
        if (from < 0) {
          from = lines.nameStart(i);
        }
        to = lines.valueEnd(i) + 2;
        continue;
      }
      if (from >= 0) {
        out.writeBytes(block, from, to - from);
        from = -1;
      }
      if (isKept) {
        out.writeBytes(block, lines.nameStart(i), lines.nameEnd(i) - lines.nameStart(i));
        out.writeShort(COLON_SPACE);
        out.writeBytes(block, lines.valueStart(i), lines.valueEnd(i) - lines.valueStart(i));
        out.writeShort(CRLF);
      }
    }
    if (from >= 0) {
      out.writeBytes(block, from, to - from);
    }
  }

  private static void line(ByteBuf out, String name, String value) {
    ascii(out, name);
    out.writeShort(COLON_SPACE);
    out.writeCharSequence(value, ISO_8859_1);
    out.writeShort(CRLF);
  }

  private static void ascii(ByteBuf out, String text) {
    out.writeCharSequence(text, US_ASCII);
  }

  private static void decimal(ByteBuf out, long value) {
    long divisor = 1;
    while (value / divisor >= 10) {
      divisor *= 10;
    }
    for (; divisor > 0; divisor /= 10) {
      out.writeByte('0' + (int) (value / divisor % 10));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  private static byte[][] statusLines() {
    byte[][] lines = new byte[500][];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = bytes("HTTP/1.1 " + (100 + i) + " " + reason(100 + i) + "\r\n");
    }
    return lines;
  }

  /** As the IANA registry has them; empty for others (RFC 9112 section 4). */
  private static String reason(int status) {
    return switch (status) {
      case 100 -> "Continue";
      case 101 -> "Switching Protocols";
      case 102 -> "Processing";
      case 103 -> "Early Hints";
      case 200 -> "OK";
      case 201 -> "Created";
      case 202 -> "Accepted";
      case 203 -> "Non-Authoritative Information";
      case 204 -> "No Content";
      case 205 -> "Reset Content";
      case 206 -> "Partial Content";
      case 207 -> "Multi-Status";
      case 208 -> "Already Reported";
      case 226 -> "IM Used";
      case 300 -> "Multiple Choices";
      case 301 -> "Moved Permanently";
      case 302 -> "Found";
      case 303 -> "See Other";
      case 304 -> "Not Modified";
      case 305 -> "Use Proxy";
      case 307 -> "Temporary Redirect";
      case 308 -> "Permanent Redirect";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 402 -> "Payment Required";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 406 -> "Not Acceptable";
      case 407 -> "Proxy Authentication Required";
      case 408 -> "Request Timeout";
      case 409 -> "Conflict";
      case 410 -> "Gone";
      case 411 -> "Length Required";
      case 412 -> "Precondition Failed";
      case 413 -> "Content Too Large";
      case 414 -> "URI Too Long";
      case 415 -> "Unsupported Media Type";
      case 416 -> "Range Not Satisfiable";
      case 417 -> "Expectation Failed";
      case 421 -> "Misdirected Request";
      case 422 -> "Unprocessable Content";
      case 423 -> "Locked";
      case 424 -> "Failed Dependency";
      case 425 -> "Too Early";
      case 426 -> "Upgrade Required";
      case 428 -> "Precondition Required";
      case 429 -> "Too Many Requests";
      case 431 -> "Request Header Fields Too Large";
      case 451 -> "Unavailable For Legal Reasons";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      case 505 -> "HTTP Version Not Supported";
      case 506 -> "Variant Also Negotiates";
      case 507 -> "Insufficient Storage";
      case 508 -> "Loop Detected";
      case 511 -> "Network Authentication Required";
      default -> "";
    };
  }
}
