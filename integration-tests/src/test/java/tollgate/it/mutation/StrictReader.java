package tollgate.it.mutation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTTP/1.1 messages as RFC 9112 has them written, and takes nothing else: no bare LF, no
 * blank before a colon, no second length, no body without one decimal length or exactly {@code
 * chunked}. Written apart from the gateway's own parsers, to check them. One thread.
 */
final class StrictReader {
  private static final String TOKEN = "!#$%&'*+-.^_`|~";
  private static final byte[] START = {'H', 'T', 'T', 'P', '/', '1', '.'};
  private static final int KEPT = 4096;

  private final InputStream in;
  private final byte[] kept = new byte[KEPT];
  private long count;

  /** What no sender may write. */
  static final class Violation extends IOException {
    private static final long serialVersionUID = 1L;

    Violation(String what) {
      super(what);
    }
  }

  /**
   * The head of a message.
   *
   * @param start its first line
   * @param lines name in lower case, value, name, value
   */
  record Message(String start, List<String> lines) {
    /** The only value of a name, or null; two are a violation. */
    @Nullable String only(String name) throws Violation {
      String found = null;
      for (int i = 0; i < lines.size(); i += 2) {
        if (lines.get(i).equals(name)) {
          if (found != null) {
            throw new Violation("two " + name);
          }
          found = lines.get(i + 1);
        }
      }
      return found;
    }
  }

  StrictReader(InputStream source) {
    this.in = new BufferedInputStream(source, 16 * 1024);
  }

  /** Whether the stream is over; waits for its next byte. */
  boolean isOver() throws IOException {
    in.mark(1);
    if (in.read() < 0) {
      return true;
    }
    in.reset();
    return false;
  }

  /**
   * Whether nothing follows, or another answer does: true behind an answer to HEAD. Bodies of
   * origins do not begin like one.
   */
  boolean isFollowedByAnswer() throws IOException {
    in.mark(START.length);
    byte[] next = in.readNBytes(START.length);
    in.reset();
    return next.length == 0 || Arrays.equals(next, START);
  }

  /** Passes over all that follows. */
  void rest() throws IOException {
    while (!isOver()) {
      read();
    }
  }

  /** The head of the next message. */
  Message head() throws IOException {
    String start = line();
    List<String> lines = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon <= 0 || !isToken(line.substring(0, colon))) {
        throw new Violation("field line: " + line);
      }
      lines.add(line.substring(0, colon).toLowerCase(Locale.ROOT));
      lines.add(trimmed(line.substring(colon + 1)));
    }
    return new Message(start, lines);
  }

  /** Passes over the body and returns its length. */
  long body(Message message) throws IOException {
    String coding = message.only("transfer-encoding");
    String length = message.only("content-length");
    if (coding != null && length != null) {
      throw new Violation("both lengths");
    }
    if (coding != null) {
      if (!coding.equals("chunked")) {
        throw new Violation("coding " + coding);
      }
      return chunks();
    }
    long bytes = length == null ? 0 : number(length, 10);
    skip(bytes);
    return bytes;
  }

  /** The latest bytes that were read. */
  String latest() {
    int length = (int) Math.min(count, KEPT);
    StringBuilder text = new StringBuilder(length);
    for (long i = count - length; i < count; i++) {
      text.append((char) (kept[(int) (i % KEPT)] & 0xff));
    }
    return Printed.of(text.toString());
  }

  static boolean isToken(String text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(c ->
                (c >= '0' && c <= '9')
                    || (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || TOKEN.indexOf(c) >= 0);
  }

  private long chunks() throws IOException {
    long total = 0;
    while (true) {
      long size = number(line(), 16);
      if (size == 0) {
        break;
      }
      skip(size);
      total += size;
      if (!line().isEmpty()) {
        throw new Violation("behind a chunk");
      }
    }
    for (String line = line(); !line.isEmpty(); line = line()) {
      String name = line.substring(0, Math.max(0, line.indexOf(':')));
      if (!isToken(name)
          || List.of("content-length", "host").contains(name.toLowerCase(Locale.ROOT))) {
        throw new Violation("trailer " + line);
      }
    }
    return total;
  }

  private static long number(String digits, int radix) throws Violation {
    if (digits.isEmpty()
        || digits.length() > 18
        || (digits.length() > 1 && digits.charAt(0) == '0')) {
      throw new Violation("length " + digits);
    }
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) > 0x7f || Character.digit(digits.charAt(i), radix) < 0) {
        throw new Violation("length " + digits);
      }
    }
    return Long.parseLong(digits, radix);
  }

  private void skip(long bytes) throws IOException {
    for (long left = bytes; left > 0; left--) {
      read();
    }
  }

  /** A line without its CRLF. */
  private String line() throws IOException {
    byte[] line = new byte[128];
    int length = 0;
    for (int b = read(); b != '\r'; b = read()) {
      if ((b < ' ' && b != '\t') || b == 0x7f) {
        throw new Violation("control " + b + " in a line");
      }
      if (length == line.length) {
        line = Arrays.copyOf(line, 2 * length);
      }
      line[length++] = (byte) b;
    }
    if (read() != '\n') {
      throw new Violation("bare CR");
    }
    return new String(line, 0, length, ISO_8859_1);
  }

  private int read() throws IOException {
    int b = in.read();
    if (b < 0) {
      throw new EOFException();
    }
    kept[(int) (count++ % KEPT)] = (byte) b;
    return b;
  }

  static String trimmed(String value) {
    int from = 0;
    int to = value.length();
    while (from < to && isBlank(value.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(value.charAt(to - 1))) {
      to--;
    }
    return value.substring(from, to);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
