package tollgate.transport.http1;

import java.util.List;
import java.util.Random;

/** Changes texts a little, from a seed. */
final class RandomEdits {
  private static final List<String> INSERTIONS =
      List.of(
          "\r\n",
          "\n",
          "\r",
          "\0",
          " ",
          "\t",
          ":",
          ",",
          ";",
          "\r\n ",
          "\r\n\r\n",
          "0\r\n\r\n",
          "_",
          "Content-Length: 5\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Host: y\r\n",
          "%2e%2e/",
          "%",
          "Expect: 100-continue\r\n",
          "Connection: close\r\n",
          "HTTP/1.0",
          "\"",
          "\u00a0",
          "#",
          "Trailer: X\r\n",
          "ffffffffffffffff",
          "5;a=\"b\"",
          "Keep-Alive: timeout=5\r\n");

  private final Random random;

  RandomEdits(long seed) {
    this.random = new Random(seed);
  }

  String of(String text) {
    StringBuilder edited = new StringBuilder(text);
    for (int edits = 1 + random.nextInt(4); edits > 0 && !edited.isEmpty(); edits--) {
      int at = random.nextInt(edited.length());
      switch (random.nextInt(5)) {
        case 0 -> edited.setCharAt(at, (char) random.nextInt(256));
        case 1 -> edited.setCharAt(at, (char) (edited.charAt(at) ^ (1 << random.nextInt(8))));
        case 2 -> edited.delete(at, at + 1 + random.nextInt(6));
        case 3 -> edited.insert(at, edited.substring(at, Math.min(edited.length(), at + 30)));
        default -> edited.insert(at, INSERTIONS.get(random.nextInt(INSERTIONS.size())));
      }
    }
    return edited.toString();
  }
}
