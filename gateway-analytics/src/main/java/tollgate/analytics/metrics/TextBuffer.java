package tollgate.analytics.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/** Text growing in a byte array. One thread. */
final class TextBuffer {
  private static final int NANO_DIGITS = 9;

  private byte[] bytes;
  private int length;

  TextBuffer(int expectedBytes) {
    this.bytes = new byte[expectedBytes];
  }

  TextBuffer add(byte[] text) {
    ensure(text.length);
    System.arraycopy(text, 0, bytes, length, text.length);
    length += text.length;
    return this;
  }

  TextBuffer add(String text) {
    return add(text.getBytes(UTF_8));
  }

  TextBuffer add(char ascii) {
    ensure(1);
    bytes[length++] = (byte) ascii;
    return this;
  }

  TextBuffer add(long number) {
    if (number < 0) {
      return add(Long.toString(number));
    }
    ensure(20);
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    long rest = number;
    for (int i = length + digits - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  /** A whole number without a point; else as Java and Go both read it. */
  TextBuffer add(double number) {
    if (number == Math.rint(number) && Math.abs(number) < 1L << 53) {
      return add((long) number);
    }
    if (Double.isInfinite(number)) {
      return add(number > 0 ? "+Inf" : "-Inf");
    }
    return add(Double.toString(number));
  }

  /** As seconds, without zeros at the end. */
  TextBuffer addSeconds(long nanos) {
    add(nanos / 1_000_000_000);
    long fraction = nanos % 1_000_000_000;
    if (fraction == 0) {
      return this;
    }
    add('.');
    ensure(NANO_DIGITS);
    int end = length;
    for (int i = length + NANO_DIGITS - 1; i >= length; i--) {
      long digit = fraction % 10;
      fraction /= 10;
      bytes[i] = (byte) ('0' + digit);
      if (digit != 0 && end == length) {
        end = i + 1;
      }
    }
    length = end;
    return this;
  }

  /** Gives the bytes away; the buffer must not be used again. */
  ByteBuf take() {
    return Unpooled.wrappedBuffer(bytes, 0, length);
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
