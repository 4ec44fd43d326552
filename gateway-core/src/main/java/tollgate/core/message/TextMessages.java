package tollgate.core.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import tollgate.core.media.MediaCharset;
import tollgate.core.media.MediaType;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.json.JsonComposer;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonKind;
import tollgate.core.message.xml.XmlDocument;

/** {@code text/plain}: as a payload, one string of JSON. Any thread. */
public final class TextMessages implements MessageBuilder, MessageFormatter {
  private static final MediaType DEFAULT = MediaType.TEXT.with("charset", "utf-8");

  public TextMessages() {}

  @Override
  public Payload build(ByteBuf body, MediaType type, PayloadLimits limits) {
    byte[] text = BodyText.of(body, type, limits);
    if (text.length > limits.stringBytes()) {
      throw new MalformedPayloadException(
          Kind.TOO_COMPLEX, "a text of more than " + limits.stringBytes() + " bytes");
    }
    return Payload.of(new JsonComposer(text.length + 2).string(decoded(text)).finish());
  }

  /** A scalar's value; of others their JSON, or their XML if that is what they are. */
  @Override
  public void format(Payload payload, MediaType type, ByteBuf out) {
    XmlDocument xml = payload.content(XmlDocument.class);
    if (xml != null) {
      write(xml.toString(), type, out);
      return;
    }
    JsonDocument json = payload.json();
    boolean isNull = json.kind(JsonDocument.ROOT) == JsonKind.NULL;
    write(isNull ? "" : json.string(JsonDocument.ROOT), type, out);
  }

  @Override
  public MediaType type(Payload payload) {
    return DEFAULT;
  }

  private static String decoded(byte[] text) {
    CharBuffer chars = CharBuffer.allocate(text.length);
    ByteBuffer bytes = ByteBuffer.wrap(text);
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .decode(bytes, chars, true);
    if (result.isError()) {
      Place place = Place.of(text, bytes.position());
      throw new MalformedPayloadException(
          Kind.MALFORMED, "no text in UTF-8", place.line(), place.column(), place.offset());
    }
    return chars.flip().toString();
  }

  private static void write(String text, MediaType type, ByteBuf out) {
    Charset charset = charset(type);
    if (charset.equals(StandardCharsets.UTF_8)) {
      ByteBufUtil.writeUtf8(out, text);
      return;
    }
    try {
      out.writeBytes(
          charset
              .newEncoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .encode(CharBuffer.wrap(text)));
    } catch (CharacterCodingException e) {
      throw new MalformedPayloadException(
          Kind.MALFORMED, "a text that " + charset.name() + " cannot hold");
    }
  }

  private static Charset charset(MediaType type) {
    String label = type.parameter("charset");
    Charset charset = label == null ? StandardCharsets.UTF_8 : MediaCharset.named(label);
    return charset == null ? StandardCharsets.UTF_8 : charset;
  }
}
