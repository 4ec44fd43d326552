package tollgate.handlers.tracecontext;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import tollgate.core.exchange.TraceContext;
import tollgate.core.handler.LoopRandom;

/** The field traceparent (W3C Trace Context section 3.2). Any thread. */
final class TraceParent {
  /** {@code 00-} trace id {@code -} parent id {@code -} flags. */
  private static final int LENGTH = 55;

  private static final int TRACE_ID = TraceContext.TRACE_ID;
  private static final int PARENT_ID = TraceContext.SPAN_ID;
  private static final int FLAGS = 53;
  private static final int SAMPLED = 1;

  private TraceParent() {}

  /** Strictly: lower-case digits, no zero ids, version 00 at its exact length, ff never. */
  static boolean isValid(String text) {
    int length = text.length();
    if (length < LENGTH
        || text.charAt(TRACE_ID - 1) != '-'
        || text.charAt(PARENT_ID - 1) != '-'
        || text.charAt(FLAGS - 1) != '-'
        || !isHex(text, 0, 2)
        || !isHex(text, FLAGS, FLAGS + 2)) {
      return false;
    }
    if (text.startsWith("ff")) {
      return false; // section 3.2.2.1: forbidden
    }
    // Section 3.2.4: a later version may be longer, and is read as far as this one goes.
    boolean isLengthGood =
        length == LENGTH || (!text.startsWith("00") && text.charAt(LENGTH) == '-');
    return isLengthGood && isId(text, TRACE_ID, PARENT_ID - 1) && isId(text, PARENT_ID, FLAGS - 1);
  }

  /** Room for {@link #child} and {@link #root} to write in, for each of {@code count} threads. */
  static byte[][] room(int count) {
    return new byte[count][LENGTH];
  }

  /**
   * The next in the trace of a valid one.
   *
   * <p>Of the flags those we know: 1 sampled, 2 random trace id, which goes with the trace id; the
   * others are sent as 0 (section 3.2.2.5).
   *
   * @param spanId ours, not 0
   * @param text room of the calling thread's own
   */
  static String child(String valid, long spanId, byte[] text) {
    for (int i = TRACE_ID; i < PARENT_ID - 1; i++) {
      text[i] = (byte) valid.charAt(i);
    }
    return finished(text, spanId, Character.digit(valid.charAt(FLAGS + 1), 16) & 3);
  }

  /** The first of a trace, sampled; the ids are not 0. {@code text} as in {@link #child}. */
  static String root(long traceIdHigh, long traceIdLow, long spanId, byte[] text) {
    LoopRandom.hex(traceIdHigh, text, TRACE_ID);
    LoopRandom.hex(traceIdLow, text, TRACE_ID + 16);
    return finished(text, spanId, SAMPLED);
  }

  private static String finished(byte[] text, long spanId, int flags) {
    text[0] = '0';
    text[1] = '0';
    text[TRACE_ID - 1] = '-';
    text[PARENT_ID - 1] = '-';
    LoopRandom.hex(spanId, text, PARENT_ID);
    text[FLAGS - 1] = '-';
    text[FLAGS] = '0';
    text[FLAGS + 1] = (byte) ('0' + flags);
    return new String(text, ISO_8859_1);
  }

  private static boolean isId(String text, int from, int to) {
    if (!isHex(text, from, to)) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (text.charAt(i) != '0') {
        return true;
      }
    }
    return false;
  }

  private static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }
}
