package tollgate.core.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tollgate.core.media.MediaCharset;
import tollgate.core.media.MediaType;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.xml.XmlDocument;
import tollgate.core.message.xml.XmlParser;

/** {@code application/xml} and {@code +xml} (RFC 7303). Any thread. */
public final class XmlMessages implements MessageBuilder, MessageFormatter {
  private static final MediaType DEFAULT = MediaType.XML.with("charset", "utf-8");

  public XmlMessages() {}

  @Override
  public Payload build(ByteBuf body, MediaType type, PayloadLimits limits) {
    return Payload.of(parse(body, type, limits));
  }

  /** Writes the XML face, in the charset that the type names; UTF-8 if it names none. */
  @Override
  public void format(Payload payload, MediaType type, ByteBuf out) {
    write(payload.xml(), type, out);
  }

  @Override
  public MediaType type(Payload payload) {
    return DEFAULT;
  }

  static XmlDocument parse(ByteBuf body, MediaType type, PayloadLimits limits) {
    if (body.readableBytes() > limits.bytes()) {
      throw new MalformedPayloadException(
          Kind.TOO_COMPLEX, "more than " + limits.bytes() + " bytes");
    }
    return XmlParser.parse(ByteBufUtil.getBytes(body), type.parameter("charset"), limits);
  }

  static void write(XmlDocument document, MediaType type, ByteBuf out) {
    if (!document.write(charset(type.parameter("charset")), out)) {
      throw new MalformedPayloadException(
          Kind.UNSUPPORTED, "a character that the charset of the message lacks");
    }
  }

  private static Charset charset(@Nullable String label) {
    Charset charset = label == null ? StandardCharsets.UTF_8 : MediaCharset.named(label);
    if (charset == null) {
      throw new MalformedPayloadException(Kind.UNSUPPORTED, "a charset that is not supported");
    }
    return charset;
  }
}
