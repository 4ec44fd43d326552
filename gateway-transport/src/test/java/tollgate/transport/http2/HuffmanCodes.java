package tollgate.transport.http2;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** All codes as text, found by encoding each symbol. */
final class HuffmanCodes {
  static final Map<String, Character> SYMBOLS = symbols();

  private HuffmanCodes() {}

  private static Map<String, Character> symbols() {
    Map<String, Character> symbols = new HashMap<>();
    for (int symbol = 0; symbol < 256; symbol++) {
      byte[] eight = new byte[8];
      Arrays.fill(eight, (byte) symbol);
      // Eight times a code of n bits is n bytes.
      byte[] code = HuffmanEncoder.encode(eight);
      int length = code.length;
      StringBuilder bits = new StringBuilder();
      for (int bit = 0; bit < length; bit++) {
        bits.append(code[bit >> 3] >> (7 - (bit & 7)) & 1);
      }
      symbols.put(bits.toString(), (char) symbol);
    }
    return symbols;
  }
}
