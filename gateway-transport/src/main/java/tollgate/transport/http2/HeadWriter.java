package tollgate.transport.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.HopByHop;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.RequestHead;
import tollgate.core.http.Tokens;
import tollgate.core.http.Trailers;
import tollgate.transport.wire.FieldLines;
import tollgate.transport.wire.HttpDate;
import tollgate.transport.wire.OwnNames;

/**
 * Writes heads and trailers as header blocks (RFC 9113 section 8). Content-Length is this writer's
 * alone, and what is for one connection is never sent (section 8.2.2): such lines in the given
 * fields are left out. Any thread.
 */
final class HeadWriter {
  /** What a field takes beside its bytes at most: how it is indexed, and two lengths. */
  private static final int OVERHEAD = 12;

  private static final int PSEUDO_BYTES = 64;
  private static final int DATE_LINE_START = "Date: ".length();

  /** What the given fields have no say in; TE is said anew for a request. */
  private static final OwnNames OURS =
      OwnNames.of(
          FieldName.CONTENT_LENGTH,
          FieldName.TRANSFER_ENCODING,
          FieldName.CONNECTION,
          FieldName.KEEP_ALIVE,
          FieldName.PROXY_CONNECTION,
          FieldName.UPGRADE,
          FieldName.HTTP2_SETTINGS,
          FieldName.TE);

  private static final byte[] PROTOCOL = ":protocol".getBytes(US_ASCII);
  private static final byte[] TRAILERS = "trailers".getBytes(US_ASCII);

  private HeadWriter() {}

  /**
   * @param length see {@link BodyLength}; negative writes none
   */
  static void response(
      FrameWriter out,
      HpackEncoder encoder,
      int streamId,
      int status,
      Fields fields,
      long length,
      boolean endStream) {
    ByteBuf block = out.beginHeaders(PSEUDO_BYTES + mostBytes(fields));
    encoder.begin(block);
    encoder.status(block, status);
    fields(block, encoder, fields, false);
    if (!fields.contains(FieldName.DATE)) {
      byte[] line = HttpDate.line();
      encoder.field(
          block,
          line,
          0,
          DATE_LINE_START - 2,
          line,
          DATE_LINE_START,
          line.length - DATE_LINE_START - 2);
    }
    length(block, encoder, length);
    out.endHeaders(streamId, endStream);
  }

  /** A 1xx head: no length, no date. */
  static void informational(
      FrameWriter out, HpackEncoder encoder, int streamId, int status, Fields fields) {
    ByteBuf block = out.beginHeaders(PSEUDO_BYTES + mostBytes(fields));
    encoder.begin(block);
    encoder.status(block, status);
    fields(block, encoder, fields, false);
    out.endHeaders(streamId, false);
  }

  /**
   * @param isHttps how the backend is spoken to
   * @param length see {@link BodyLength}; negative writes none, {@link BodyLength#TUNNEL} asks for
   *     one
   */
  static void request(
      FrameWriter out,
      HpackEncoder encoder,
      int streamId,
      RequestHead head,
      boolean isHttps,
      long length,
      boolean endStream) {
    Fields fields = head.fields();
    String query = head.query();
    int target = head.path().length() + (query == null ? 0 : query.length());
    ByteBuf block =
        out.beginHeaders(4 * PSEUDO_BYTES + target + head.authority().length() + mostBytes(fields));
    encoder.begin(block);
    if (length == BodyLength.TUNNEL) {
      // RFC 8441 4; the received upgrade is a token that the transport knows.
      byte[] protocol = requireNonNull(head.received().upgrade(), "upgrade").getBytes(US_ASCII);
      encoder.method(block, "CONNECT");
      encoder.field(block, PROTOCOL, 0, PROTOCOL.length, protocol, 0, protocol.length);
    } else {
      encoder.method(block, head.method().name());
    }
    encoder.scheme(block, isHttps);
    encoder.authority(block, head.authority());
    encoder.path(block, head.path(), query);
    fields(block, encoder, fields, true);
    if (takesTrailers(fields.received())) {
      encoder.field(block, FieldName.TE, "trailers");
    }
    length(block, encoder, length);
    out.endHeaders(streamId, endStream);
  }

  /** The trailers that may stand there, and the end of the stream. */
  static void trailers(FrameWriter out, HpackEncoder encoder, int streamId, Trailers trailers) {
    int most = PSEUDO_BYTES;
    for (Trailers.Line line : trailers.lines()) {
      most += line.name().length() + line.value().length() + OVERHEAD;
    }
    ByteBuf block = out.beginHeaders(most);
    encoder.begin(block);
    for (Trailers.Line line : trailers.lines()) {
      if (Tokens.isToken(line.name())
          && Tokens.isFieldValue(line.value())
          && !HopByHop.isForbiddenTrailer(line.name())) {
        field(block, encoder, line.name(), line.value());
      }
    }
    out.endHeaders(streamId, true);
  }

  /**
   * Whether the client takes trailers: said for its connection, and passed on, because they are
   * (RFC 9110 section 10.1.4, RFC 9113 section 8.2.2). gRPC servers insist on it.
   */
  private static boolean takesTrailers(ReceivedFields received) {
    if (received instanceof FieldLines lines) {
      return lines.hasElement(FieldName.TE, TRAILERS);
    }
    int index = received.indexOf(FieldName.TE, 0);
    return index >= 0 && received.value(index).equals("trailers");
  }

  private static int mostBytes(Fields fields) {
    ReceivedFields received = fields.received();
    int most;
    if (received instanceof FieldLines lines) {
      most = lines.block().length + OVERHEAD * lines.count();
    } else {
      most = 0;
      for (int i = 0; i < received.count(); i++) {
        most += received.name(i).length() + received.value(i).length() + OVERHEAD;
      }
    }
    for (int i = 0; i < fields.addedCount(); i++) {
      most += fields.addedName(i).length() + fields.addedValue(i).length() + OVERHEAD;
    }
    return most;
  }

  private static void length(ByteBuf block, HpackEncoder encoder, long length) {
    if (length >= 0) {
      encoder.field(block, FieldName.CONTENT_LENGTH, Long.toString(length));
    }
  }

  private static void fields(
      ByteBuf block, HpackEncoder encoder, Fields fields, boolean isRequest) {
    ReceivedFields received = fields.received();
    if (received instanceof FieldLines lines) {
      received(block, encoder, fields, lines, isRequest);
    } else {
      for (int i = 0; i < received.count(); i++) {
        String name = received.name(i);
        String value = received.value(i);
        // Who decoded them has checked them; what is not checked here is not sent.
        if (!fields.isRemoved(i)
            && Tokens.isToken(name)
            && Tokens.isFieldValue(value)
            && !OURS.has(FieldName.of(name), isRequest)) {
          field(block, encoder, name, value);
        }
      }
    }
    for (int i = 0; i < fields.addedCount(); i++) {
      FieldName name = fields.addedName(i);
      if (!OURS.has(name, isRequest)) {
        encoder.field(block, name, fields.addedValue(i));
      }
    }
  }

  private static void received(
      ByteBuf block, HpackEncoder encoder, Fields fields, FieldLines lines, boolean isRequest) {
    byte[] bytes = lines.block();
    for (int i = 0; i < lines.count(); i++) {
      if (fields.isRemoved(i) || OURS.has(lines, i, isRequest)) {
        continue;
      }
      int name = lines.nameStart(i);
      int value = lines.valueStart(i);
      encoder.field(
          block,
          lines.hash(i),
          bytes,
          name,
          lines.nameEnd(i) - name,
          bytes,
          value,
          lines.valueEnd(i) - value);
    }
  }

  private static void field(ByteBuf block, HpackEncoder encoder, String name, String value) {
    byte[] nameBytes = name.getBytes(US_ASCII);
    byte[] valueBytes = value.getBytes(ISO_8859_1);
    encoder.field(block, nameBytes, 0, nameBytes.length, valueBytes, 0, valueBytes.length);
  }
}
