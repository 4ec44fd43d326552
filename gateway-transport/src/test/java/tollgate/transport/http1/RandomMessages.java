package tollgate.transport.http1;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Valid requests and responses at random, from a seed. */
final class RandomMessages {
  private static final String TOKEN = "abcXYZ019!#$%&'*+.^`|~-";
  private static final String SEGMENT = "abcXYZ019-._~!$&'()*+,=:@";

  private final Random random;

  RandomMessages(long seed) {
    this.random = new Random(seed);
  }

  /**
   * @param text as it goes over the wire
   * @param lines name, value, name, value ... as a recipient sees them
   * @param body decoded
   */
  record Message(String start, List<String> lines, String body, boolean isChunked, String text) {}

  Message request(int index) {
    String path = "/" + index + "/" + some(SEGMENT, 1, 20) + "x";
    String query = random.nextBoolean() ? "?" + some(SEGMENT + "/?", 0, 30) : "";
    String[] methods = {"GET", "POST", "PUT", "DELETE", "QUERY", "X-" + some("ABC", 1, 5)};
    return message(
        methods[random.nextInt(methods.length)] + " " + path + query,
        "Host: h" + random.nextInt(3) + ".example");
  }

  /** With a body that says where it ends. */
  Message response() {
    int status = 200 + random.nextInt(300);
    if (status == 204 || status == 304) {
      status = 200;
    }
    return message("HTTP/1.1 " + status, null);
  }

  /** Cuts a text into random pieces. */
  List<String> chop(String text) {
    List<String> pieces = new ArrayList<>();
    int most = 1 + random.nextInt(random.nextBoolean() ? 4 : 400);
    for (int at = 0; at < text.length(); ) {
      int end = Math.min(text.length(), at + 1 + random.nextInt(most));
      pieces.add(text.substring(at, end));
      at = end;
    }
    return pieces;
  }

  private Message message(String start, @Nullable String first) {
    List<String> lines = new ArrayList<>();
    boolean isRequest = first != null;
    StringBuilder text = new StringBuilder(start).append(isRequest ? " HTTP/1.1\r\n" : " Fine\r\n");
    if (first != null) {
      text.append(first).append("\r\n");
      lines.add(first.substring(0, 4));
      lines.add(first.substring(6));
    }
    int count = random.nextInt(12);
    for (int i = 0; i < count; i++) {
      String name = "x-" + some(TOKEN, 1, 12);
      String value = value();
      text.append(name).append(':').append(blanks()).append(value).append(blanks()).append("\r\n");
      lines.add(name);
      lines.add(value);
    }
    String body = bytes(random.nextInt(4) == 0 ? random.nextInt(5000) : random.nextInt(40));
    boolean isChunked = random.nextBoolean();
    if (isChunked) {
      text.append("Transfer-Encoding: Chunked\r\n\r\n").append(chunks(body));
      lines.add("Transfer-Encoding");
      lines.add("Chunked");
    } else {
      text.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
      lines.add("Content-Length");
      lines.add("" + body.length());
    }
    return new Message(start, lines, body, isChunked, text.toString());
  }

  private String chunks(String body) {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < body.length(); ) {
      int end = Math.min(body.length(), at + 1 + random.nextInt(600));
      text.append("0".repeat(random.nextInt(3))).append(Integer.toHexString(end - at));
      if (random.nextInt(10) == 0) {
        text.append(";e=\"a;\\\"\"");
      }
      text.append("\r\n").append(body, at, end).append("\r\n");
      at = end;
    }
    return text.append("0\r\n\r\n").toString();
  }

  private String value() {
    int length = random.nextInt(30);
    StringBuilder value = new StringBuilder();
    for (int i = 0; i < length; i++) {
      char c = (char) (0x20 + random.nextInt(0xe0));
      value.append(c == 0x7f ? '\t' : c);
    }
    return strip(value.toString());
  }

  private static String strip(String value) {
    int from = 0;
    int to = value.length();
    while (from < to && (value.charAt(from) == ' ' || value.charAt(from) == '\t')) {
      from++;
    }
    while (to > from && (value.charAt(to - 1) == ' ' || value.charAt(to - 1) == '\t')) {
      to--;
    }
    return value.substring(from, to);
  }

  private String blanks() {
    return some(" \t", 0, 3);
  }

  private String bytes(int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) random.nextInt(256));
    }
    return text.toString();
  }

  private String some(String of, int least, int most) {
    int length = least + random.nextInt(most - least + 1);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(of.charAt(random.nextInt(of.length())));
    }
    return text.toString();
  }
}
