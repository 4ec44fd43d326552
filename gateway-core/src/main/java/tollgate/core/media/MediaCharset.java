package tollgate.core.media;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The charset of a body: byte order mark, then charset parameter, then what the format says. Any
 * thread.
 *
 * <p>Only charsets are read in which a byte below 0x80 at the begin of a character is that of
 * ASCII, and UTF-16 and UTF-32. So UTF-7, ISO-2022 and EBCDIC, in which markup hides from whoever
 * reads it as ASCII, are refused; and decoding is strict, since what is replaced here may mean
 * something to the backend.
 */
public final class MediaCharset {
  /** Names and aliases in lower case. */
  private static final Map<String, Charset> KNOWN = known();

  private static final int CHARS = 4096;

  private MediaCharset() {}

  /** The charset with that label, null for one that is not read; case does not matter. */
  public static @Nullable Charset named(String label) {
    return KNOWN.get(label.toLowerCase(Locale.ROOT));
  }

  /** What the first bytes say by a byte order mark; null without one. */
  public static @Nullable Charset marked(byte[] bytes) {
    int length = bytes.length;
    if (length >= 3 && at(bytes, 0) == 0xef && at(bytes, 1) == 0xbb && at(bytes, 2) == 0xbf) {
      return StandardCharsets.UTF_8;
    }
    if (length >= 4 && (at(bytes, 0) | at(bytes, 1)) == 0) {
      return at(bytes, 2) == 0xfe && at(bytes, 3) == 0xff ? StandardCharsets.UTF_32BE : null;
    }
    if (length >= 2 && at(bytes, 0) == 0xfe && at(bytes, 1) == 0xff) {
      return StandardCharsets.UTF_16BE;
    }
    if (length >= 2 && at(bytes, 0) == 0xff && at(bytes, 1) == 0xfe) {
      boolean isWide = length >= 4 && (at(bytes, 2) | at(bytes, 3)) == 0;
      return isWide ? StandardCharsets.UTF_32LE : StandardCharsets.UTF_16LE;
    }
    return null;
  }

  /** How many bytes the mark takes. */
  public static int markLength(byte[] bytes) {
    Charset charset = marked(bytes);
    if (charset == null) {
      return 0;
    }
    if (charset.equals(StandardCharsets.UTF_8)) {
      return 3;
    }
    return charset.name().startsWith("UTF-32") ? 4 : 2;
  }

  /**
   * UTF-16 and UTF-32 without a mark, by where the zeros of the first characters stand (RFC 4627
   * section 3, which RFC 8259 left out but which nothing else can mean: JSON has no zero bytes);
   * else UTF-8.
   */
  public static Charset ofJson(byte[] bytes) {
    int length = bytes.length;
    if (length >= 4 && length % 4 == 0) {
      if ((at(bytes, 0) | at(bytes, 1) | at(bytes, 2)) == 0 && at(bytes, 3) != 0) {
        return StandardCharsets.UTF_32BE;
      }
      if ((at(bytes, 1) | at(bytes, 2) | at(bytes, 3)) == 0 && at(bytes, 0) != 0) {
        return StandardCharsets.UTF_32LE;
      }
    }
    if (length >= 2 && length % 2 == 0) {
      if (at(bytes, 0) == 0 && at(bytes, 1) != 0) {
        return StandardCharsets.UTF_16BE;
      }
      if (at(bytes, 1) == 0 && at(bytes, 0) != 0) {
        return StandardCharsets.UTF_16LE;
      }
    }
    return StandardCharsets.UTF_8;
  }

  /**
   * The charset of a body by its mark, else by its type's charset parameter, else {@code
   * otherwise}.
   *
   * @throws UndecodableException for a charset that is not read
   */
  public static Charset of(byte[] bytes, MediaType type, Charset otherwise)
      throws UndecodableException {
    Charset marked = marked(bytes);
    if (marked != null) {
      return marked;
    }
    String label = type.parameter("charset");
    if (label == null) {
      return otherwise;
    }
    Charset named = named(label);
    if (named == null) {
      throw new UndecodableException("a charset that is not supported", true, 0);
    }
    return named;
  }

  /**
   * The bytes from {@code from} on as UTF-8. For UTF-8 itself it is the array that was given if
   * {@code from} is 0; whether it is valid is not looked at, since whoever reads it must.
   *
   * @throws UndecodableException if they are no text of that charset
   */
  public static byte[] utf8(byte[] bytes, int from, Charset charset) throws UndecodableException {
    requireNonNull(bytes, "bytes");
    if (charset.equals(StandardCharsets.UTF_8)) {
      return from == 0 ? bytes : Arrays.copyOfRange(bytes, from, bytes.length);
    }
    CharsetDecoder decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes, from, bytes.length - from);
    CharBuffer chars = CharBuffer.allocate(CHARS);
    Utf8Sink out = new Utf8Sink(bytes.length);
    while (true) {
      CoderResult result = decoder.decode(in, chars, true);
      if (result.isUnderflow()) {
        result = decoder.flush(chars);
      }
      boolean isText = out.take(chars.flip());
      chars.clear();
      if (result.isError() || !isText || (result.isUnderflow() && !out.isComplete())) {
        throw new UndecodableException("no text in " + charset.name(), false, in.position());
      }
      if (result.isUnderflow()) {
        return out.bytes();
      }
    }
  }

  private static int at(byte[] bytes, int index) {
    return bytes[index] & 0xff;
  }

  private static Map<String, Charset> known() {
    Set<String> names =
        Set.of(
            "UTF-8",
            "US-ASCII",
            "UTF-16",
            "UTF-16BE",
            "UTF-16LE",
            "UTF-32",
            "UTF-32BE",
            "UTF-32LE",
            "ISO-8859-1",
            "ISO-8859-2",
            "ISO-8859-3",
            "ISO-8859-4",
            "ISO-8859-5",
            "ISO-8859-6",
            "ISO-8859-7",
            "ISO-8859-8",
            "ISO-8859-9",
            "ISO-8859-13",
            "ISO-8859-15",
            "ISO-8859-16",
            "windows-1250",
            "windows-1251",
            "windows-1252",
            "windows-1253",
            "windows-1254",
            "windows-1255",
            "windows-1256",
            "windows-1257",
            "windows-1258",
            "KOI8-R",
            "KOI8-U",
            "Shift_JIS",
            "EUC-JP",
            "EUC-KR",
            "GBK",
            "GB18030",
            "Big5");
    Map<String, Charset> known = new TreeMap<>();
    for (String name : names) {
      if (Charset.isSupported(name)) { // the package's own runtime may lack the rarer ones
        Charset charset = Charset.forName(name);
        known.put(name.toLowerCase(Locale.ROOT), charset);
        for (String alias : charset.aliases()) {
          if (!alias.toLowerCase(Locale.ROOT).startsWith("ibm") && !alias.startsWith("cp")) {
            known.put(alias.toLowerCase(Locale.ROOT), charset);
          }
        }
      }
    }
    return Map.copyOf(known);
  }
}
