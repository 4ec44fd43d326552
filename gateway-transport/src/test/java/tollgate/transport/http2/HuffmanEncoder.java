package tollgate.transport.http2;

import java.util.Arrays;

/** Writes what {@link Huffman} reads; the codes are those of the RFC, see {@link HuffmanTest}. */
final class HuffmanEncoder {
  private static final int[] CODE = codes();

  private HuffmanEncoder() {}

  static byte[] encode(byte[] text) {
    byte[] code = new byte[text.length * 30 / 8 + 1];
    return Arrays.copyOf(code, encode(text, code, 0));
  }

  /**
   * @return end of what was written
   */
  static int encode(byte[] text, byte[] target, int targetFrom) {
    long bits = 0;
    int count = 0;
    int out = targetFrom;
    for (byte symbol : text) {
      int length = Huffman.LENGTH[symbol & 0xff];
      bits = bits << length | CODE[symbol & 0xff];
      count += length;
      while (count >= 8) {
        count -= 8;
        target[out++] = (byte) (bits >>> count);
      }
    }
    if (count > 0) {
      int padding = 8 - count;
      target[out++] = (byte) (bits << padding | ((1 << padding) - 1));
    }
    return out;
  }

  private static int[] codes() {
    int[] codes = new int[256];
    int code = 0;
    for (int length = 1; length <= 30; length++) {
      code <<= 1;
      for (int symbol = 0; symbol < 256; symbol++) {
        if (Huffman.LENGTH[symbol] == length) {
          codes[symbol] = code++;
        }
      }
    }
    return codes;
  }
}
