package tollgate.core.message.multipart;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.Tokens;
import tollgate.core.media.MediaType;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.PayloadLimits;
import tollgate.core.message.Place;

/**
 * Finds the parts of a multipart body (RFC 2046 5.1.1) in one pass. Where readers are known to
 * differ it refuses: line feeds alone before a boundary, a line that goes on behind it, folded
 * header lines, a boundary behind the last one. One body, one thread.
 */
final class MultipartParser {
  /** Of the header of one part, in bytes. */
  static final int MAX_HEADER_BYTES = 16 << 10;

  private static final int MAX_BOUNDARY = 70;

  private final byte[] bytes;
  private final byte[] dashBoundary;
  private final boolean isForm;
  private final PayloadLimits limits;
  private final List<Part> parts = new ArrayList<>();

  /** Whether the last boundary is passed. */
  private boolean isClosed;

  private int at;

  MultipartParser(byte[] bytes, MediaType type, PayloadLimits limits) {
    this.bytes = bytes;
    this.dashBoundary = ("--" + boundary(type)).getBytes(StandardCharsets.US_ASCII);
    this.isForm = isForm(type);
    this.limits = limits;
  }

  /** RFC 2046 5.1.1. */
  static String boundary(MediaType type) {
    String boundary = type.parameter("boundary");
    if (boundary == null || boundary.isEmpty() || boundary.length() > MAX_BOUNDARY) {
      throw new MalformedPayloadException(
          Kind.MALFORMED, "multipart: a type without a boundary of 1 to 70 characters");
    }
    for (int i = 0; i < boundary.length(); i++) {
      char c = boundary.charAt(i);
      boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean isOther = (c >= '0' && c <= '9') || "'()+_,-./:=? ".indexOf(c) >= 0;
      if (!isLetter && !isOther) {
        throw new MalformedPayloadException(
            Kind.MALFORMED, "multipart: a boundary with a character that it may not have");
      }
    }
    if (boundary.endsWith(" ")) {
      throw new MalformedPayloadException(
          Kind.MALFORMED, "multipart: a boundary that ends in a space");
    }
    return boundary;
  }

  static boolean isForm(MediaType type) {
    return type.essence().equals("multipart/form-data");
  }

  List<Part> parts() {
    int delimiter = delimiter(0);
    if (delimiter < 0) {
      throw malformed("no boundary", 0);
    }
    passDelimiter(delimiter);
    while (!isClosed) {
      if (parts.size() == limits.parts()) {
        throw tooComplex("more than " + limits.parts() + " parts", at);
      }
      part();
    }
    int behind = delimiter(at);
    if (behind >= 0) {
      throw malformed("a boundary behind the last one", behind);
    }
    return List.copyOf(parts);
  }

  private void part() {
    int header = at;
    List<Part.Field> fields = fields();
    int start = at;
    // The line end before a boundary belongs to the boundary; for empty content it ends the header.
    int delimiter = delimiter(start);
    if (delimiter < 0) {
      throw malformed("a part without an end", header);
    }
    if (delimiter - 2 < start) {
      throw malformed("a part without a line end before its boundary", delimiter);
    }
    Disposition disposition = disposition(fields, header);
    MediaType contentType = contentType(fields, header);
    checkTransferEncoding(fields, header);
    parts.add(new Part(bytes, start, delimiter - 2, fields, contentType, disposition));
    passDelimiter(delimiter);
  }

  /** Reads header fields and the empty line behind them. */
  private List<Part.Field> fields() {
    int start = at;
    List<Part.Field> fields = new ArrayList<>(3);
    while (true) {
      int end = lineEnd(start);
      if (end == at) {
        at = end + 2;
        return fields;
      }
      fields.add(field(at, end));
      at = end + 2;
    }
  }

  private int lineEnd(int headerStart) {
    for (int i = at; i < bytes.length; i++) {
      if (i - headerStart > MAX_HEADER_BYTES) {
        throw tooComplex("a header of more than " + MAX_HEADER_BYTES + " bytes", headerStart);
      }
      byte b = bytes[i];
      if (b == '\r' && i + 1 < bytes.length && bytes[i + 1] == '\n') {
        return i;
      }
      if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f) {
        throw malformed("a control character in a header", i);
      }
    }
    throw malformed("a header without an end", headerStart);
  }

  private Part.Field field(int from, int end) {
    int colon = from;
    while (colon < end && Tokens.isTokenByte(bytes[colon])) {
      colon++;
    }
    if (colon == from || colon == end || bytes[colon] != ':') {
      throw malformed("a header line that is no field", from);
    }
    String name = new String(bytes, from, colon - from, StandardCharsets.US_ASCII);
    return new Part.Field(name, text(colon + 1, end).strip());
  }

  /** Browsers write names in UTF-8 (WHATWG HTML, multipart/form-data encoding algorithm). */
  private String text(int from, int end) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, end - from))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed("a header that is no UTF-8", from);
    }
  }

  private @Nullable Disposition disposition(List<Part.Field> fields, int header) {
    String value = only(fields, "content-disposition", header);
    Disposition disposition = value == null ? null : Disposition.parse(value);
    if (value != null && disposition == null) {
      throw malformed("a malformed Content-Disposition", header);
    }
    // RFC 7578 4.2
    if (isForm
        && (disposition == null
            || !disposition.type().equals("form-data")
            || disposition.name() == null)) {
      throw malformed("a part of a form without a name", header);
    }
    return disposition;
  }

  private @Nullable MediaType contentType(List<Part.Field> fields, int header) {
    String value = only(fields, "content-type", header);
    MediaType type = value == null ? null : MediaType.parse(value);
    if (value != null && type == null) {
      throw malformed("a malformed Content-Type", header);
    }
    return type;
  }

  /** RFC 7578 4.7: deprecated in forms; an encoding there hides content from who looks into it. */
  private void checkTransferEncoding(List<Part.Field> fields, int header) {
    String value = only(fields, "content-transfer-encoding", header);
    if (isForm && value != null) {
      String encoding = value.toLowerCase(Locale.ROOT);
      if (!encoding.equals("binary") && !encoding.equals("8bit") && !encoding.equals("7bit")) {
        Place place = Place.of(bytes, header);
        throw new MalformedPayloadException(
            Kind.UNSUPPORTED,
            "multipart: a part of a form in a transfer encoding",
            place.line(),
            place.column(),
            header);
      }
    }
  }

  private @Nullable String only(List<Part.Field> fields, String name, int header) {
    String value = null;
    for (Part.Field field : fields) {
      if (field.name().equalsIgnoreCase(name)) {
        if (value != null) {
          throw malformed("two fields that can stand once", header);
        }
        value = field.value();
      }
    }
    return value;
  }

  /** The first boundary at the begin of a line from there on, itself the begin of one; or -1. */
  private int delimiter(int from) {
    int line = from;
    while (line < bytes.length) {
      if (isAt(line)) {
        if (line > from && (line < 2 || bytes[line - 2] != '\r')) {
          throw malformed("a boundary behind a line feed alone", line);
        }
        return line;
      }
      while (line < bytes.length && bytes[line] != '\n') {
        line++;
      }
      line++;
    }
    return -1;
  }

  private boolean isAt(int from) {
    if (bytes.length - from < dashBoundary.length) {
      return false;
    }
    for (int i = 0; i < dashBoundary.length; i++) {
      if (bytes[from + i] != dashBoundary[i]) {
        return false;
      }
    }
    return true;
  }

  private void passDelimiter(int delimiter) {
    at = delimiter + dashBoundary.length;
    if (at + 1 < bytes.length && bytes[at] == '-' && bytes[at + 1] == '-') {
      isClosed = true;
      at += 2;
    }
    while (at < bytes.length && (bytes[at] == ' ' || bytes[at] == '\t')) {
      at++;
    }
    if (at == bytes.length && isClosed) {
      return;
    }
    if (at + 1 >= bytes.length || bytes[at] != '\r' || bytes[at + 1] != '\n') {
      throw malformed("a line that goes on behind a boundary", delimiter);
    }
    at += 2;
  }

  private MalformedPayloadException malformed(String reason, int offset) {
    Place place = Place.of(bytes, offset);
    return new MalformedPayloadException(
        Kind.MALFORMED, "multipart: " + reason, place.line(), place.column(), offset);
  }

  private MalformedPayloadException tooComplex(String reason, int offset) {
    Place place = Place.of(bytes, offset);
    return new MalformedPayloadException(
        Kind.TOO_COMPLEX, "multipart: " + reason, place.line(), place.column(), offset);
  }
}
