package tollgate.it.mutation;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a client sent as RFC 9112 has it written, apart from the gateway's own parsers, and
 * counts the requests up to the first thing on which two readers could differ. No origin may see
 * more than that. Where the gateway refuses more (limits, hosts, paths), this does not mind. One
 * thread.
 */
final class RequestReading {
  private static final List<String> FRAMING_NAMES =
      List.of("contentlength", "transferencoding", "host");

  /** The gateway takes 256 bytes of extensions; a pattern cannot read any number of them. */
  private static final int LONGEST_CHUNK_LINE = 300;

  private final String text;
  private int at;

  /** Not to be read on. */
  private static final class Over extends Exception {
    private static final long serialVersionUID = 1L;

    Over() {
      super("over", null, false, false);
    }
  }

  /** The fields of one head that decide where its message ends and whose it is. */
  private static final class Head {
    private final boolean isHttp10;

    /**
     * Of our origins only nginx answers before it has read the body, and one path of the strict.
     */
    private final boolean mayBeAnsweredEarly;

    private @Nullable String length;
    private @Nullable String coding;
    private @Nullable String host;
    private @Nullable String expectation;

    Head(String target, boolean isHttp10) {
      this.isHttp10 = isHttp10;
      this.mayBeAnsweredEarly =
          target.contains("nginx") || target.contains("early") || target.contains("%");
    }
  }

  private RequestReading(String text) {
    this.text = text;
  }

  /**
   * @param text one character per byte
   * @return how many are right and complete; of the one that is not, the head is enough where an
   *     origin may answer it
   */
  static int count(String text) {
    RequestReading reading = new RequestReading(text);
    int count = 0;
    try {
      while (true) {
        Head head = reading.head();
        count += head.mayBeAnsweredEarly ? 1 : 0;
        reading.body(head);
        count += head.mayBeAnsweredEarly ? 0 : 1;
      }
    } catch (Over _) {
      return count;
    }
  }

  private Head head() throws Over {
    if (text.startsWith("\r\n", at)) {
      at += 2; // RFC 9112 2.2: one empty line
    }
    String[] words = line().split(" ", -1);
    require(words.length == 3 && StrictReader.isToken(words[0]) && !words[1].isEmpty());
    require(words[1].chars().allMatch(c -> c > ' ' && c < 0x7f));
    require(words[2].equals("HTTP/1.1") || words[2].equals("HTTP/1.0"));
    Head head = new Head(words[1], words[2].equals("HTTP/1.0"));
    for (String line = line(); !line.isEmpty(); line = line()) {
      field(head, line);
    }
    require(head.isHttp10 || head.host != null); // RFC 9112 3.2
    require(head.length == null || head.coding == null); // 6.3
    require(head.coding == null || !head.isHttp10); // 6.1
    return head;
  }

  private static void field(Head head, String line) throws Over {
    int colon = line.indexOf(':');
    require(colon > 0 && StrictReader.isToken(line.substring(0, colon)));
    String value = StrictReader.trimmed(line.substring(colon + 1));
    String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
    switch (name) {
      case "content-length" -> {
        require(head.length == null && value.matches("0|[1-9][0-9]{0,17}"));
        head.length = value;
      }
      case "transfer-encoding" -> {
        require(head.coding == null && value.equalsIgnoreCase("chunked"));
        head.coding = value;
      }
      case "host" -> {
        require(head.host == null && value.matches("[^\\s,/@?#\\\\\u0080-\u00ff]+"));
        head.host = value;
      }
      case "expect" -> {
        require(head.expectation == null && value.equalsIgnoreCase("100-continue"));
        head.expectation = value;
      }
      // What a server that takes _ for - would read as one of the above.
      default ->
          require(!name.contains("_") || !FRAMING_NAMES.contains(name.replaceAll("[_-]", "")));
    }
  }

  private void body(Head head) throws Over {
    if (head.coding == null) {
      skip(head.length == null ? 0 : Long.parseLong(head.length));
      return;
    }
    for (long size = chunkSize(); size > 0; size = chunkSize()) {
      skip(size);
      require(line().isEmpty());
    }
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      require(colon > 0 && StrictReader.isToken(line.substring(0, colon)));
    }
  }

  /** RFC 9112 7.1, its extensions to their grammar. */
  private long chunkSize() throws Over {
    String line = line();
    require(line.length() <= LONGEST_CHUNK_LINE);
    int digits = 0;
    while (digits < line.length() && Character.digit(ascii(line.charAt(digits)), 16) >= 0) {
      digits++;
    }
    require(digits > 0 && digits <= 16);
    require(
        line.substring(digits)
            .matches(
                "(;[!#-'*+.^_`|~0-9A-Za-z-]+"
                    + "(=([!#-'*+.^_`|~0-9A-Za-z-]+|\"([^\"\\\\]|\\\\.)*\"))?)*"));
    try {
      return Long.parseLong(line.substring(0, digits), 16);
    } catch (NumberFormatException _) {
      throw new Over(); // 2^63 or more
    }
  }

  private void skip(long bytes) throws Over {
    require(bytes <= text.length() - at);
    at += (int) bytes;
  }

  /** Up to a CRLF; no other control but HTAB is in it. */
  private String line() throws Over {
    int end = at;
    while (end < text.length() && isText(text.charAt(end))) {
      end++;
    }
    require(text.startsWith("\r\n", end));
    String line = text.substring(at, end);
    at = end + 2;
    return line;
  }

  private static boolean isText(char c) {
    return (c >= ' ' && c != 0x7f) || c == '\t';
  }

  private static char ascii(char c) {
    return c < 0x80 ? c : ' ';
  }

  private static void require(boolean holds) throws Over {
    if (!holds) {
      throw new Over();
    }
  }
}
