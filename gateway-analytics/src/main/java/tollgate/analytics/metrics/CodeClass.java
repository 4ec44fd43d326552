package tollgate.analytics.metrics;

/** A status's class as a label: {@code 2xx}; {@code none} where there was no status. */
final class CodeClass {
  /** Number of classes, {@code none} being the first. */
  static final int COUNT = 10;

  private static final String[] TEXTS = {
    "none", "1xx", "2xx", "3xx", "4xx", "5xx", "6xx", "7xx", "8xx", "9xx"
  };

  private CodeClass() {}

  /**
   * @param code 0 to 999
   */
  static int of(int code) {
    return code / 100;
  }

  static String text(int code) {
    return TEXTS[of(code)];
  }

  /** The code itself, or 0 for what cannot be one. */
  static int checked(int code) {
    return code < 100 || code > 999 ? 0 : code;
  }
}
