package tollgate.handlers.tracecontext;

/** The field tracestate (W3C Trace Context section 3.3). Any thread. */
final class TraceState {
  private static final int MAX_MEMBERS = 32;
  private static final int MAX_TEXT = 256;
  private static final int MAX_TENANT = 241;
  private static final int MAX_SYSTEM = 14;

  private TraceState() {}

  /** Whether it has 1 to 32 members, all of the form {@code key=value}; empty ones do not count. */
  static boolean isValid(String text) {
    int members = 0;
    int from = 0;
    while (from <= text.length()) {
      int comma = text.indexOf(',', from);
      int end = comma < 0 ? text.length() : comma;
      int first = from;
      int last = end;
      while (first < last && isBlank(text.charAt(first))) {
        first++;
      }
      while (last > first && isBlank(text.charAt(last - 1))) {
        last--;
      }
      if (first < last && (!isMember(text, first, last) || ++members > MAX_MEMBERS)) {
        return false;
      }
      from = end + 1;
    }
    return members > 0;
  }

  private static boolean isMember(String text, int from, int to) {
    int equals = text.indexOf('=', from);
    if (equals < 0 || equals >= to || !isKey(text, from, equals)) {
      return false;
    }
    int length = to - equals - 1;
    if (length < 1 || length > MAX_TEXT) {
      return false;
    }
    for (int i = equals + 1; i < to; i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '=') {
        return false;
      }
    }
    return true;
  }

  private static boolean isKey(String text, int from, int to) {
    int at = text.indexOf('@', from);
    if (at < 0 || at >= to) {
      return to - from <= MAX_TEXT && isIdentifier(text, from, to);
    }
    return at - from <= MAX_TENANT
        && isIdentifier(text, from, at)
        && to - at - 1 <= MAX_SYSTEM
        && isIdentifier(text, at + 1, to)
        && isLower(text.charAt(at + 1));
  }

  private static boolean isIdentifier(String text, int from, int to) {
    if (from >= to || (!isLower(text.charAt(from)) && !isDigit(text.charAt(from)))) {
      return false;
    }
    for (int i = from + 1; i < to; i++) {
      char c = text.charAt(i);
      if (!isLower(c) && !isDigit(c) && "_-*/".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
