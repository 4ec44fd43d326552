package tollgate.config.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Strictly decoded UTF-8. Immutable. Exactly one component is null: the text, or the place of the
 * first bad byte.
 *
 * @param text without a leading byte order mark
 * @param badLine 1-based line of the first byte that is not UTF-8; 0 when there is none
 * @param badColumn 1-based column of it
 */
record Utf8Text(@Nullable String text, int badLine, int badColumn) {

  static Utf8Text decode(byte[] bytes) {
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer chars = CharBuffer.allocate(bytes.length + 1);
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), chars, true);
    String text = chars.flip().toString();
    if (text.startsWith("\uFEFF")) {
      text = text.substring(1);
    }
    if (!result.isError()) {
      return new Utf8Text(text, 0, 0);
    }
    int lineStart = text.lastIndexOf('\n') + 1;
    int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
    return new Utf8Text(null, line, 1 + text.codePointCount(lineStart, text.length()));
  }
}
