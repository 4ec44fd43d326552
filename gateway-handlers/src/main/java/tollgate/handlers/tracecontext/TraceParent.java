package tollgate.handlers.tracecontext;

/** The field traceparent (W3C Trace Context section 3.2). Any thread. */
final class TraceParent {
  /** {@code 00-} trace id {@code -} parent id {@code -} flags. */
  private static final int LENGTH = 55;

  private static final int TRACE_ID = 3;
  private static final int PARENT_ID = 36;
  private static final int FLAGS = 53;

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

  /** Of a valid one: 32 digits. */
  static String traceId(String valid) {
    return valid.substring(TRACE_ID, PARENT_ID - 1);
  }

  /**
   * Of a valid one, the flags we know: 1 sampled, 2 random trace id, which goes with the trace id;
   * the others are sent as 0 (section 3.2.2.5).
   */
  static int flags(String valid) {
    return Character.digit(valid.charAt(FLAGS + 1), 16) & 3;
  }

  static String write(String traceId, String spanId, int flags) {
    return "00-" + traceId + '-' + spanId + "-0" + flags;
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
