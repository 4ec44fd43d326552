package tollgate.transport.http2;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The code of RFC 7541 appendix B. It is canonical: codes of one length follow each other in the
 * order of their symbols, and those of the next length follow them, so that the lengths say it all.
 * Only for reading: to write it costs more than the bytes that it saves (HpackBenchmark). Any
 * thread.
 */
final class Huffman {
  /** End of string: thirty ones; the last code there is, and never in a string. */
  private static final int EOS = 256;

  private static final int MAX_LENGTH = 30;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** Length of the code of symbols 0 to 255, in bits. */
  static final byte[] LENGTH = {
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, //
    28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28, //
    6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, //
    5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, //
    13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, //
    7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, //
    15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, //
    6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, //
    20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, //
    24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, //
    22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, //
    21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, //
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, //
    19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, //
    20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, //
    26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, //
  };

  /** All symbols by their code. */
  private static final short[] SYMBOL = new short[257];

  /** Per length: the first code behind those of this length, at the top of 32 bits. */
  private static final long[] LIMIT = new long[MAX_LENGTH + 1];

  /** Per length: what to add to a code to have its place in {@link #SYMBOL}. */
  private static final int[] OFFSET = new int[MAX_LENGTH + 1];

  private static final int QUICK_BITS = 9;

  /** A code's length is in the lowest bits of an entry, its symbol above. */
  private static final int SYMBOL_SHIFT = 5;

  private static final int LENGTH_BITS = (1 << SYMBOL_SHIFT) - 1;

  /** The entry for whatever the next bits are; 0 for a longer code. */
  private static final short[] QUICK = new short[1 << QUICK_BITS];

  static {
    int code = 0;
    int place = 0;
    for (int length = 1; length <= MAX_LENGTH; length++) {
      code <<= 1;
      OFFSET[length] = place - code;
      for (int symbol = 0; symbol <= EOS; symbol++) {
        if (length == (symbol == EOS ? MAX_LENGTH : LENGTH[symbol])) {
          SYMBOL[place++] = (short) symbol;
          if (length <= QUICK_BITS) {
            int shift = QUICK_BITS - length;
            for (int rest = 0; rest < 1 << shift; rest++) {
              QUICK[code << shift | rest] = (short) (symbol << SYMBOL_SHIFT | length);
            }
          }
          code++;
        }
      }
      LIMIT[length] = (long) code << (32 - length);
    }
  }

  private Huffman() {}

  /** The most bytes that so many encoded ones can become. */
  static int maxDecoded(int encoded) {
    return (int) (encoded * 8L / 5);
  }

  /**
   * Decodes a string.
   *
   * @param target has room for {@link #maxDecoded}
   * @return end of what was written
   */
  static int decode(byte[] source, int from, int to, byte[] target, int targetFrom)
      throws HpackException {
    long bits = 0; // the next one at the top
    int count = 0;
    int in = from;
    int out = targetFrom;
    while (true) {
      if (to - in >= Long.BYTES) {
        // All eight, of which those count that fit; the others come again.
        bits |= (long) LONGS.get(source, in) >>> count;
        int bytes = (63 - count) >>> 3;
        in += bytes;
        count += 8 * bytes;
      } else {
        while (count <= 56 && in < to) {
          bits |= (source[in++] & 0xffL) << (56 - count);
          count += 8;
        }
      }
      if (count < 32) {
        return rest((int) (bits >>> 32), count, target, out);
      }
      do {
        int entry = QUICK[(int) (bits >>> (64 - QUICK_BITS))];
        if (entry == 0) {
          entry = longer((int) (bits >>> 32));
        }
        int length = entry & LENGTH_BITS;
        bits <<= length;
        count -= length;
        target[out++] = (byte) (entry >> SYMBOL_SHIFT);
      } while (count >= 32);
    }
  }

  /**
   * @param bits the last 31 or less, at the top
   */
  private static int rest(int bits, int count, byte[] target, int from) throws HpackException {
    int next = bits;
    int left = count;
    int out = from;
    while (left > 0) {
      // RFC 7541 5.2: padding is the beginning of EOS, less than a byte of it. No code is that.
      int padded = next | -1 >>> left;
      if (left < 8 && padded == -1) {
        break;
      }
      int entry = QUICK[padded >>> (32 - QUICK_BITS)];
      if (entry == 0) {
        entry = longer(padded);
      }
      int length = entry & LENGTH_BITS;
      next <<= length;
      left -= length;
      if (left < 0) {
        throw new HpackException("Huffman: ends within a code, or padded by more than 7 bits");
      }
      target[out++] = (byte) (entry >> SYMBOL_SHIFT);
    }
    return out;
  }

  /**
   * The entry of a code that {@link #QUICK} does not have.
   *
   * @param window the next 32 bits
   */
  private static int longer(int window) throws HpackException {
    long unsigned = window & 0xffff_ffffL;
    int length = QUICK_BITS + 1;
    while (unsigned >= LIMIT[length]) {
      length++;
    }
    int symbol = SYMBOL[(window >>> (32 - length)) + OFFSET[length]];
    if (symbol == EOS) {
      throw new HpackException("Huffman: end of string within a string");
    }
    return symbol << SYMBOL_SHIFT | length;
  }
}
