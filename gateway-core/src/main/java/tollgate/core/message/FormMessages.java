package tollgate.core.message;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tollgate.core.media.MediaCharset;
import tollgate.core.media.MediaType;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.json.JsonComposer;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonKind;

/**
 * {@code application/x-www-form-urlencoded} (WHATWG URL section 5): as a payload, an object of
 * strings, with an array where a name was repeated. Any thread.
 *
 * <p>A percent sign without two digits and bytes that are no text are malformed here, where others
 * repair them, each in its own way.
 */
public final class FormMessages implements MessageBuilder, MessageFormatter {
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  public FormMessages() {}

  @Override
  public Payload build(ByteBuf body, MediaType type, PayloadLimits limits) {
    Charset charset = charset(type);
    byte[] text = BodyText.of(body, MediaType.FORM, limits);
    Map<String, List<String>> fields = new LinkedHashMap<>();
    int count = 0;
    for (int from = 0; from < text.length; ) {
      int end = find(text, '&', from, text.length);
      if (end > from) { // nothing between two & is no field
        if (++count > limits.members()) {
          throw tooComplex(text, from, "more than " + limits.members() + " fields");
        }
        int equals = find(text, '=', from, end);
        String name = decode(text, from, equals, charset, limits.nameBytes(), "a name");
        String value =
            equals == end
                ? ""
                : decode(text, equals + 1, end, charset, limits.stringBytes(), "a value");
        fields.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
      }
      from = end + 1;
    }
    return Payload.of(json(fields, text.length));
  }

  /**
   * Writes an object whose members are scalars or arrays of scalars; null is an empty value.
   *
   * @throws MalformedPayloadException for other JSON
   */
  @Override
  public void format(Payload payload, MediaType type, ByteBuf out) {
    JsonDocument json = payload.json();
    if (json.kind(JsonDocument.ROOT) != JsonKind.OBJECT) {
      throw unspeakable(json, JsonDocument.ROOT);
    }
    int start = out.writerIndex();
    for (int member = json.firstChild(JsonDocument.ROOT);
        member != JsonDocument.NONE;
        member = json.next(member)) {
      byte[] name = utf8(json, member, json.name(member));
      if (json.kind(member) != JsonKind.ARRAY) {
        write(json, name, member, start, out);
        continue;
      }
      for (int element = json.firstChild(member);
          element != JsonDocument.NONE;
          element = json.next(element)) {
        write(json, name, element, start, out);
      }
    }
  }

  @Override
  public MediaType type(Payload payload) {
    return MediaType.FORM;
  }

  private static JsonDocument json(Map<String, List<String>> fields, int bytes) {
    JsonComposer json = new JsonComposer(bytes + 16);
    json.beginObject();
    fields.forEach((name, values) -> {
      json.name(name);
      if (values.size() == 1) {
        json.string(values.getFirst());
      } else {
        json.beginArray();
        values.forEach(json::string);
        json.end();
      }
    });
    return json.end().finish();
  }

  private static Charset charset(MediaType type) {
    String label = type.parameter("charset");
    Charset charset = label == null ? StandardCharsets.UTF_8 : MediaCharset.named(label);
    if (charset == null
        || charset.name().startsWith("UTF-16")
        || charset.name().startsWith("UTF-32")) {
      throw new MalformedPayloadException(Kind.UNSUPPORTED, "a charset that is not supported");
    }
    return charset;
  }

  private static String decode(
      byte[] text, int from, int to, Charset charset, int limit, String what) {
    if (to - from > limit) {
      throw tooComplex(text, from, what + " of more than " + limit + " bytes");
    }
    byte[] bytes = new byte[to - from];
    int length = 0;
    boolean isAscii = true;
    for (int i = from; i < to; i++) {
      byte b = text[i];
      if (b == '+') {
        b = ' ';
      } else if (b == '%') {
        int high = i + 1 < to ? Character.digit(text[i + 1], 16) : -1;
        int low = i + 2 < to ? Character.digit(text[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw malformed(text, i, "a % without two hexadecimal digits");
        }
        b = (byte) (high << 4 | low);
        i += 2;
      }
      isAscii &= b >= 0;
      bytes[length++] = b;
    }
    return isAscii
        ? new String(bytes, 0, length, StandardCharsets.ISO_8859_1)
        : decode(text, from, ByteBuffer.wrap(bytes, 0, length), charset);
  }

  private static String decode(byte[] text, int from, ByteBuffer bytes, Charset charset) {
    try {
      return charset
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(bytes)
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed(text, from, "no text in " + charset.name());
    }
  }

  private static void write(JsonDocument json, byte[] name, int node, int start, ByteBuf out) {
    if (json.kind(node).isContainer()) {
      throw unspeakable(json, node);
    }
    if (out.writerIndex() > start) {
      out.writeByte('&');
    }
    encode(name, out);
    out.writeByte('=');
    if (json.kind(node) != JsonKind.NULL) {
      encode(utf8(json, node, json.string(node)), out);
    }
  }

  private static void encode(byte[] bytes, ByteBuf out) {
    for (byte b : bytes) {
      if (b == ' ') {
        out.writeByte('+');
      } else if (isPlain(b)) {
        out.writeByte(b);
      } else {
        out.writeByte('%').writeByte(HEX[b >> 4 & 15]).writeByte(HEX[b & 15]);
      }
    }
  }

  private static boolean isPlain(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '*'
        || b == '-'
        || b == '.'
        || b == '_';
  }

  private static byte[] utf8(JsonDocument json, int node, String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw malformed(json.place(node), "half of a surrogate pair");
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static int find(byte[] text, char wanted, int from, int to) {
    int at = from;
    while (at < to && text[at] != wanted) {
      at++;
    }
    return at;
  }

  private static MalformedPayloadException unspeakable(JsonDocument json, int node) {
    return malformed(json.place(node), "expected scalars by their names");
  }

  private static MalformedPayloadException malformed(byte[] text, int offset, String reason) {
    return malformed(Place.of(text, offset), reason);
  }

  private static MalformedPayloadException malformed(Place place, String reason) {
    return new MalformedPayloadException(
        Kind.MALFORMED, "form: " + reason, place.line(), place.column(), place.offset());
  }

  private static MalformedPayloadException tooComplex(byte[] text, int offset, String reason) {
    Place place = Place.of(text, offset);
    return new MalformedPayloadException(
        Kind.TOO_COMPLEX, "form: " + reason, place.line(), place.column(), place.offset());
  }
}
