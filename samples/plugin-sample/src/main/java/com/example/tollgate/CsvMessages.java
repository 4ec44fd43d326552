package com.example.tollgate;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.media.MediaType;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.MessageBuilder;
import tollgate.core.message.MessageFormatter;
import tollgate.core.message.Payload;
import tollgate.core.message.PayloadLimits;
import tollgate.core.message.json.JsonComposer;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonKind;

/**
 * {@code text/csv} whose first line has the names (RFC 4180), in UTF-8; as a payload, an array of
 * objects of strings. Any thread.
 */
final class CsvMessages implements MessageBuilder, MessageFormatter {
  private static final MediaType CSV = MediaType.of("text/csv");

  CsvMessages() {}

  @Override
  public Payload build(ByteBuf body, MediaType type, PayloadLimits limits) {
    CsvReader rows = new CsvReader(text(body, type, limits), limits);
    List<String> names = rows.next();
    if (names == null) {
      throw new MalformedPayloadException(Kind.MALFORMED, "CSV: no line with the names");
    }
    if (new HashSet<>(names).size() != names.size()) {
      throw new MalformedPayloadException(Kind.MALFORMED, "CSV: a name twice in the first line");
    }
    JsonComposer json = new JsonComposer(body.readableBytes() * 2);
    json.beginArray();
    int count = 0;
    for (List<String> row = rows.next(); row != null; row = rows.next()) {
      if (++count > limits.arrayLength()) {
        throw new MalformedPayloadException(
            Kind.TOO_COMPLEX, "CSV: more than " + limits.arrayLength() + " rows");
      }
      if (row.size() != names.size()) {
        throw new MalformedPayloadException(
            Kind.MALFORMED,
            "CSV: row "
                + count
                + " has "
                + row.size()
                + " values (expected: "
                + names.size()
                + ")");
      }
      json.beginObject();
      for (int i = 0; i < row.size(); i++) {
        json.name(names.get(i)).string(row.get(i));
      }
      json.end();
    }
    return Payload.of(json.end().finish());
  }

  /** An array of objects with the same names, whose values are no objects and no arrays. */
  @Override
  public void format(Payload payload, MediaType type, ByteBuf out) {
    JsonDocument json = payload.json();
    if (json.kind(JsonDocument.ROOT) != JsonKind.ARRAY) {
      throw new MalformedPayloadException(Kind.MALFORMED, "CSV: no array of objects");
    }
    List<String> names = null;
    StringBuilder text = new StringBuilder();
    for (int row = json.firstChild(JsonDocument.ROOT);
        row != JsonDocument.NONE;
        row = json.next(row)) {
      if (json.kind(row) != JsonKind.OBJECT) {
        throw new MalformedPayloadException(Kind.MALFORMED, "CSV: no array of objects");
      }
      List<String> own = names(json, row);
      if (names == null) {
        names = own;
        line(names, text);
      } else if (!names.equals(own)) {
        throw new MalformedPayloadException(Kind.MALFORMED, "CSV: objects with different names");
      }
      line(values(json, row), text);
    }
    ByteBufUtil.writeUtf8(out, text);
  }

  @Override
  public MediaType type(Payload payload) {
    return CSV;
  }

  private static String text(ByteBuf body, MediaType type, PayloadLimits limits) {
    String charset = type.parameter("charset");
    if (charset != null && !charset.equalsIgnoreCase("utf-8")) {
      throw new MalformedPayloadException(Kind.UNSUPPORTED, "CSV: a charset other than UTF-8");
    }
    if (body.readableBytes() > limits.bytes()) {
      throw new MalformedPayloadException(
          Kind.TOO_COMPLEX, "CSV: more than " + limits.bytes() + " bytes");
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(ByteBufUtil.getBytes(body)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedPayloadException(Kind.MALFORMED, "CSV: no text in UTF-8");
    }
  }

  private static List<String> names(JsonDocument json, int object) {
    List<String> names = new ArrayList<>();
    for (int member = json.firstChild(object);
        member != JsonDocument.NONE;
        member = json.next(member)) {
      names.add(json.name(member));
    }
    return names;
  }

  private static List<String> values(JsonDocument json, int object) {
    List<String> values = new ArrayList<>();
    for (int member = json.firstChild(object);
        member != JsonDocument.NONE;
        member = json.next(member)) {
      values.add(
          switch (json.kind(member)) {
            case OBJECT, ARRAY ->
                throw new MalformedPayloadException(Kind.MALFORMED, "CSV: a value with values");
            case NULL -> "";
            default -> json.string(member);
          });
    }
    return values;
  }

  private static void line(List<String> values, StringBuilder out) {
    for (int i = 0; i < values.size(); i++) {
      out.append(i == 0 ? "" : ",").append(quoted(values.get(i)));
    }
    out.append("\r\n");
  }

  private static String quoted(@Nullable String value) {
    String text = value == null ? "" : value;
    boolean isPlain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
