package tollgate.it.http2;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The code of RFC 7541 Appendix B, which is canonical: its lengths say all. Immutable. */
final class HuffmanCode {
  static final int EOS = 256;

  /** How many bits each symbol has, in the order of symbols: A stands for 5, Z for 30. */
  private static final String LENGTHS =
      "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHFIBCCCCCCCCCCCCCCCCCCCCCCDCDI"
          + "OIJBKABABABBBACCBBBABCBAABCCCCCKGJIXPRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQSR"
          + "SSPRRRSRRSVVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWVZ";

  private static final int[] CODES = codes();
  private static final Map<Long, Integer> SYMBOLS = symbols();

  private HuffmanCode() {}

  static int length(int symbol) {
    return LENGTHS.charAt(symbol) - 'A' + 5;
  }

  /** Padded with ones, as it must be. */
  static byte[] encode(String latin1) {
    return encode(latin1.getBytes(StandardCharsets.ISO_8859_1), 0xff, 0);
  }

  /**
   * With a padding of one's own.
   *
   * @param padding the octet whose first bits fill up the last one, and of which more may follow
   * @param moreOctets how often it follows
   */
  static byte[] encode(byte[] text, int padding, int moreOctets) {
    int[] symbols = new int[text.length];
    for (int i = 0; i < text.length; i++) {
      symbols[i] = text[i] & 0xff;
    }
    return encode(symbols, padding, moreOctets);
  }

  static byte[] encode(int[] symbols, int padding, int moreOctets) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long bits = 0;
    int count = 0;
    for (int symbol : symbols) {
      bits = bits << length(symbol) | CODES[symbol];
      count += length(symbol);
      while (count >= 8) {
        count -= 8;
        out.write((int) (bits >> count));
        bits &= (1L << count) - 1;
      }
    }
    if (count > 0) {
      out.write((int) (bits << (8 - count)) | (padding & 0xff) >> count);
    }
    for (int i = 0; i < moreOctets; i++) {
      out.write(padding);
    }
    return out.toByteArray();
  }

  static String decode(byte[] coded) throws IOException {
    StringBuilder text = new StringBuilder();
    int code = 0;
    int length = 0;
    for (byte octet : coded) {
      for (int bit = 7; bit >= 0; bit--) {
        code = code << 1 | (octet >> bit & 1);
        length++;
        Integer symbol = SYMBOLS.get(key(code, length));
        if (symbol != null) {
          if (symbol == EOS) {
            throw new IOException("EOS in a string");
          }
          text.append((char) symbol.intValue());
          code = 0;
          length = 0;
        }
      }
    }
    if (length > 7 || code != (1 << length) - 1) {
      throw new IOException("padding of a Huffman coded string");
    }
    return text.toString();
  }

  private static long key(int code, int length) {
    return (long) length << 32 | code;
  }

  private static int[] codes() {
    List<Integer> order = new ArrayList<>();
    for (int symbol = 0; symbol <= EOS; symbol++) {
      order.add(symbol);
    }
    order.sort(Comparator.comparingInt(HuffmanCode::length).thenComparingInt(symbol -> symbol));
    int[] codes = new int[EOS + 1];
    int code = 0;
    int length = length(order.getFirst());
    for (int symbol : order) {
      code <<= length(symbol) - length;
      length = length(symbol);
      codes[symbol] = code++;
    }
    return codes;
  }

  private static Map<Long, Integer> symbols() {
    Map<Long, Integer> symbols = new HashMap<>();
    for (int symbol = 0; symbol <= EOS; symbol++) {
      symbols.put(key(CODES[symbol], length(symbol)), symbol);
    }
    return Map.copyOf(symbols);
  }
}
