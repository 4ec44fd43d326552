package tollgate.core.message.xml;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tollgate.core.media.MediaCharset;
import tollgate.core.media.UndecodableException;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;

/**
 * In which encoding a document is: by its byte order mark, the charset parameter of its media type
 * and its XML declaration, which must not disagree. Readers differ in whom they believe then, and a
 * document is not to say one thing here and another at the backend.
 *
 * @param utf8 the document in UTF-8; the bytes it came in if that is what they are
 * @param contentStart the first byte behind the byte order mark and the XML declaration
 * @param prolog what to write in place of the bytes up to there; null for those
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and read in one place
record XmlEncoding(byte[] utf8, int contentStart, byte @Nullable [] prolog) {
  static XmlEncoding of(byte[] bytes, @Nullable String charset) {
    Charset marked = MediaCharset.marked(bytes);
    Charset told = charset == null ? null : known(charset);
    if (marked != null && told != null && !agree(told, marked)) {
      throw disagree("the byte order mark and the charset of the media type");
    }
    Charset known = marked != null ? marked : told != null ? told : sniffed(bytes);
    if (marked == null && known != null && needsMark(known)) {
      throw malformed("an encoding of two byte orders without a byte order mark");
    }
    if (known == null) {
      return byDeclaration(bytes);
    }
    boolean isUtf8 = known.equals(StandardCharsets.UTF_8);
    int mark = marked == null ? 0 : MediaCharset.markLength(bytes);
    byte[] utf8 = isUtf8 ? bytes : utf8(bytes, mark, known);
    XmlDeclaration declaration = XmlDeclaration.read(utf8, isUtf8 ? mark : 0);
    String label = declaration.encoding();
    if (label != null && !agree(known(label), known)) {
      throw disagree(
          marked != null
              ? "the byte order mark and the XML declaration"
              : told != null
                  ? "the charset of the media type and the XML declaration"
                  : "the first bytes and the XML declaration");
    }
    if (label == null && marked == null && told == null) {
      throw malformed("an encoding that only its first bytes give away");
    }
    return new XmlEncoding(utf8, declaration.end(), isUtf8 ? null : declaration.inUtf8());
  }

  /** Neither mark nor parameter: UTF-8, or what the declaration says. */
  private static XmlEncoding byDeclaration(byte[] bytes) {
    XmlDeclaration declaration = XmlDeclaration.read(bytes, 0);
    String label = declaration.encoding();
    Charset declared = label == null ? StandardCharsets.UTF_8 : known(label);
    if (declared.equals(StandardCharsets.UTF_8)) {
      return new XmlEncoding(bytes, declaration.end(), null);
    }
    if (isWide(declared)) {
      throw disagree("the first bytes and the XML declaration");
    }
    // The declaration is ASCII, and so are these charsets there: it keeps its length.
    return new XmlEncoding(utf8(bytes, 0, declared), declaration.end(), declaration.inUtf8());
  }

  /** XML 1.0 appendix F, for what begins with an XML declaration; null for nothing to tell. */
  private static @Nullable Charset sniffed(byte[] bytes) {
    if (begins(bytes, 0, '<', 0, '?')) {
      return StandardCharsets.UTF_16BE;
    }
    if (begins(bytes, '<', 0, '?', 0)) {
      return StandardCharsets.UTF_16LE;
    }
    if (begins(bytes, 0x4c, 0x6f, 0xa7, 0x94)) {
      throw new MalformedPayloadException(Kind.UNSUPPORTED, "EBCDIC, which is not supported");
    }
    return null;
  }

  private static boolean begins(byte[] bytes, int... with) {
    for (int i = 0; i < with.length; i++) {
      if (bytes.length <= i || (bytes[i] & 0xff) != with[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether a label can be meant of bytes in the other encoding. */
  private static boolean agree(Charset label, Charset actual) {
    return label.equals(actual) || (needsMark(label) && actual.name().startsWith(label.name()));
  }

  private static boolean needsMark(Charset charset) {
    return charset.equals(StandardCharsets.UTF_16) || charset.equals(StandardCharsets.UTF_32);
  }

  private static boolean isWide(Charset charset) {
    return charset.name().startsWith("UTF-16") || charset.name().startsWith("UTF-32");
  }

  private static Charset known(String label) {
    Charset charset = MediaCharset.named(label);
    if (charset == null) {
      throw new MalformedPayloadException(Kind.UNSUPPORTED, "an encoding that is not supported");
    }
    return charset;
  }

  private static byte[] utf8(byte[] bytes, int from, Charset charset) {
    try {
      return MediaCharset.utf8(bytes, from, charset);
    } catch (UndecodableException e) {
      String read = decodable(bytes, from, e.offset(), charset);
      byte[] text = read.getBytes(StandardCharsets.UTF_8);
      throw Position.refusal(
          Kind.MALFORMED, "bytes that are none of the encoding", text, text.length);
    }
  }

  private static String decodable(byte[] bytes, int from, int end, Charset charset) {
    return new String(Arrays.copyOfRange(bytes, from, Math.max(from, end)), charset);
  }

  private static MalformedPayloadException disagree(String who) {
    return malformed("two encodings: " + who + " disagree");
  }

  private static MalformedPayloadException malformed(String reason) {
    return new MalformedPayloadException(Kind.MALFORMED, reason);
  }
}
