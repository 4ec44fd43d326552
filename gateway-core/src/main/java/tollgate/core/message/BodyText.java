package tollgate.core.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tollgate.core.media.MediaCharset;
import tollgate.core.media.MediaType;
import tollgate.core.media.UndecodableException;
import tollgate.core.message.MalformedPayloadException.Kind;

/** Bodies as UTF-8, whatever charset they came in. Any thread. */
final class BodyText {
  private BodyText() {}

  /**
   * The text of a body of JSON: a mark, the charset parameter, or how its zeros stand say what it
   * is in. UTF-8 comes out as it came in, unchecked and with its mark.
   */
  static byte[] ofJson(ByteBuf body, MediaType type, PayloadLimits limits) {
    byte[] bytes = bytes(body, limits);
    return utf8(bytes, charset(bytes, type, MediaCharset.ofJson(bytes)));
  }

  /** The text of a body whose charset is UTF-8 if nothing says otherwise, without a mark. */
  static byte[] of(ByteBuf body, MediaType type, PayloadLimits limits) {
    byte[] bytes = bytes(body, limits);
    Charset charset = charset(bytes, type, StandardCharsets.UTF_8);
    byte[] text = utf8(bytes, charset);
    return charset.equals(StandardCharsets.UTF_8) ? withoutMark(text) : text;
  }

  private static byte[] bytes(ByteBuf body, PayloadLimits limits) {
    if (body.readableBytes() > limits.bytes()) {
      throw new MalformedPayloadException(
          Kind.TOO_COMPLEX, "more than " + limits.bytes() + " bytes");
    }
    return ByteBufUtil.getBytes(body);
  }

  private static Charset charset(byte[] bytes, MediaType type, Charset otherwise) {
    try {
      return MediaCharset.of(bytes, type, otherwise);
    } catch (UndecodableException e) {
      throw new MalformedPayloadException(Kind.UNSUPPORTED, "a charset that is not supported");
    }
  }

  private static byte[] utf8(byte[] bytes, Charset charset) {
    int mark = charset.equals(StandardCharsets.UTF_8) ? 0 : MediaCharset.markLength(bytes);
    try {
      return MediaCharset.utf8(bytes, mark, charset);
    } catch (UndecodableException e) {
      Place place = placeOf(bytes, mark, e.offset(), charset);
      throw new MalformedPayloadException(
          Kind.MALFORMED,
          "no text in " + charset.name(),
          place.line(),
          place.column(),
          place.offset());
    }
  }

  /** Where the text breaks off: what could be read of it is counted. */
  private static Place placeOf(byte[] bytes, int from, int to, Charset charset) {
    byte[] read = new String(bytes, from, to - from, charset).getBytes(StandardCharsets.UTF_8);
    return Place.of(read, read.length);
  }

  private static byte[] withoutMark(byte[] utf8) {
    int mark = MediaCharset.markLength(utf8);
    return mark == 0 ? utf8 : Arrays.copyOfRange(utf8, mark, utf8.length);
  }
}
