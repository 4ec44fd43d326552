package tollgate.core.message;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import tollgate.core.media.MediaType;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.json.DuplicateNames;
import tollgate.core.message.json.JsonComposer;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonKind;
import tollgate.core.message.json.JsonParser;
import tollgate.core.message.json.JsonWriter;

/** A JSON value a line, empty lines ignored; as a payload, an array of them. Any thread. */
public final class NdjsonMessages implements MessageBuilder, MessageFormatter {
  private final DuplicateNames duplicates;

  public NdjsonMessages(DuplicateNames duplicates) {
    this.duplicates = duplicates;
  }

  @Override
  public Payload build(ByteBuf body, MediaType type, PayloadLimits limits) {
    byte[] text = BodyText.of(body, type, limits);
    JsonComposer json = new JsonComposer(text.length + 2);
    json.beginArray();
    int lines = 0;
    int values = 0;
    for (int from = 0; from < text.length; ) {
      int end = endOfLine(text, from);
      if (!isBlank(text, from, end)) {
        if (++values > limits.arrayLength()) {
          throw new MalformedPayloadException(
              Kind.TOO_COMPLEX,
              "JSON: more than " + limits.arrayLength() + " lines",
              lines + 1,
              1,
              from);
        }
        JsonDocument line = parse(Arrays.copyOfRange(text, from, end), limits, lines, from);
        json.copy(line, JsonDocument.ROOT);
      }
      lines++;
      from = end + 1;
    }
    return Payload.of(json.end().finish());
  }

  /** Lines of an array, else one line. */
  @Override
  public void format(Payload payload, MediaType type, ByteBuf out) {
    JsonDocument json = payload.json();
    if (json.kind(JsonDocument.ROOT) != JsonKind.ARRAY) {
      JsonWriter.writeCompact(json, JsonDocument.ROOT, out);
      out.writeByte('\n');
      return;
    }
    for (int line = json.firstChild(JsonDocument.ROOT);
        line != JsonDocument.NONE;
        line = json.next(line)) {
      JsonWriter.writeCompact(json, line, out);
      out.writeByte('\n');
    }
  }

  @Override
  public MediaType type(Payload payload) {
    return MediaType.NDJSON;
  }

  private JsonDocument parse(byte[] line, PayloadLimits limits, int linesBefore, int bytesBefore) {
    try {
      return JsonParser.parse(line, limits, duplicates);
    } catch (MalformedPayloadException e) {
      throw new MalformedPayloadException(
          e.kind(), e.reason(), e.line() + linesBefore, e.column(), e.offset() + bytesBefore);
    }
  }

  /** No string of JSON holds a line feed. */
  private static int endOfLine(byte[] text, int from) {
    int end = from;
    while (end < text.length && text[end] != '\n') {
      end++;
    }
    return end;
  }

  private static boolean isBlank(byte[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r') {
        return false;
      }
    }
    return true;
  }
}
