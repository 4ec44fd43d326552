package tollgate.it.mutation;

import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes one text, a byte per character, at random. One thread. */
final class Mutator {
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");
  private static final Pattern CHUNK_SIZE = Pattern.compile("(?<=\r\n)[0-9a-fA-F]+(?=[;\r])");
  private static final List<String> NUMBERS =
      List.of("0", "1", "-1", "00", "4", "6", "255", "65536", "2147483648", "9223372036854775807");

  private static final Pattern CHUNK_SIZE_END = Pattern.compile("(?<=\r\n[0-9a-fA-F]{1,8})\r\n");
  private static final Pattern LINE_END = Pattern.compile("\r\n");
  private static final List<String> LINE_ENDS = List.of("\n", "\r", "\n\r", "\r\r\n", "\r\n\n");

  private final SplittableRandom random;
  private final List<String> insertions;
  private final List<String> lines;
  private final List<String> chunkSizes;
  private final List<String> others;

  /**
   * @param insertions texts to put anywhere
   * @param lines field lines to put between lines
   * @param chunkSizes in place of the size of a chunk
   * @param others texts to splice with
   */
  Mutator(
      SplittableRandom random,
      List<String> insertions,
      List<String> lines,
      List<String> chunkSizes,
      List<String> others) {
    this.random = random;
    this.insertions = insertions;
    this.lines = lines;
    this.chunkSizes = chunkSizes;
    this.others = others;
  }

  /** Up to four changes, mostly one: what is changed too much is refused at its first byte. */
  String mutate(String text) {
    String mutated = text;
    int edits = 1;
    while (edits < 4 && random.nextInt(3) == 0) {
      edits++;
    }
    for (int i = 0; i < edits; i++) {
      mutated = edit(mutated);
    }
    return mutated;
  }

  <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private String edit(String text) {
    int at = random.nextInt(text.length() + 1);
    return switch (random.nextInt(19)) {
      case 0 -> withByte(text, at, (char) random.nextInt(256));
      case 1 -> at < text.length() ? flipped(text, at) : text;
      case 2, 3 -> text.substring(0, at) + any(insertions) + text.substring(at);
      case 4 -> without(text, at, 1 + random.nextInt(4));
      case 5, 6, 7 -> withLine(text, any(lines));
      case 8 -> doubledLine(text);
      case 9 -> text.substring(0, at) + tailOf(any(others));
      case 10 -> changedChunk(text);
      case 11 -> replaced(text, NUMBER, any(NUMBERS));
      case 12 -> atLineEnd(text, any(insertions));
      case 13 -> text.substring(0, at) + any(others) + text.substring(at);
      case 14 -> text.substring(0, at) + longToken() + text.substring(at);
      case 15, 16 -> withLineInstead(text, any(lines));
      case 17 -> replaced(text, LINE_END, any(LINE_ENDS));
      default -> without(text, at, random.nextInt(40));
    };
  }

  private static String withByte(String text, int at, char b) {
    return at < text.length() ? text.substring(0, at) + b + text.substring(at + 1) : text + b;
  }

  private String flipped(String text, int at) {
    return withByte(text, at, (char) (text.charAt(at) ^ (1 << random.nextInt(8))));
  }

  private static String without(String text, int at, int length) {
    return text.substring(0, at) + text.substring(Math.min(text.length(), at + length));
  }

  private String withLine(String text, String line) {
    int at = someLineStart(text);
    return text.substring(0, at) + line + "\r\n" + text.substring(at);
  }

  /** In place of a line, a framing one perhaps, so that what is behind it may still fit. */
  private String withLineInstead(String text, String line) {
    int at = someLineStart(text);
    int end = text.indexOf("\r\n", at);
    return text.substring(0, at) + line + (end < 0 ? "" : text.substring(end));
  }

  private String doubledLine(String text) {
    int at = someLineStart(text);
    int end = text.indexOf("\r\n", at);
    return end < 0 ? text + text.substring(at) : text.substring(0, end + 2) + text.substring(at);
  }

  /** Before or behind a CRLF, or between the two. */
  private String atLineEnd(String text, String insertion) {
    int start = text.indexOf('\r', random.nextInt(text.length() + 1));
    int at = Math.min(text.length(), Math.max(0, start + random.nextInt(3)));
    return text.substring(0, at) + insertion + text.substring(at);
  }

  private String tailOf(String other) {
    return other.substring(random.nextInt(other.length() + 1));
  }

  private String longToken() {
    String unit = any(List.of("a", "A=b; ", "X: y\r\n", "%41", "/a", "0", "\t"));
    int most = random.nextInt(8) == 0 ? 40_000 : 300;
    return unit.repeat(1 + random.nextInt(most) / unit.length());
  }

  /** Its size, or how the line of its size ends. */
  private String changedChunk(String text) {
    return random.nextInt(3) == 0
        ? replaced(text, CHUNK_SIZE_END, any(LINE_ENDS))
        : replaced(text, CHUNK_SIZE, any(chunkSizes));
  }

  private String replaced(String text, Pattern pattern, String by) {
    Matcher found = pattern.matcher(text);
    int from = random.nextInt(text.length() + 1);
    if (!found.find(from) && !found.find(0)) {
      return text + by;
    }
    return text.substring(0, found.start()) + by + text.substring(found.end());
  }

  private int someLineStart(String text) {
    int line = text.indexOf("\r\n", random.nextInt(text.length() + 1));
    if (line < 0) {
      line = text.indexOf("\r\n");
    }
    return line < 0 ? text.length() : line + 2;
  }
}
