package tollgate.core.grpc;

/**
 * The value of {@code grpc-timeout}: one to eight digits and a unit (gRPC over HTTP2, "Timeout").
 * Any thread.
 */
public final class GrpcTimeout {
  /** What is no timeout. */
  public static final long INVALID = -1;

  private static final int MAX_DIGITS = 8;
  private static final long LIMIT = 100_000_000;
  private static final char[] UNITS = {'n', 'u', 'm', 'S', 'M', 'H'};
  private static final long[] NANOS = {
    1, 1_000, 1_000_000, 1_000_000_000, 60_000_000_000L, 3_600_000_000_000L
  };

  private GrpcTimeout() {}

  /**
   * Nanoseconds, {@link Long#MAX_VALUE} for what is more; {@link #INVALID} for any other text: no
   * sign, no blank, no ninth digit.
   */
  public static long parse(String text) {
    int digits = text.length() - 1;
    if (digits < 1 || digits > MAX_DIGITS) {
      return INVALID;
    }
    long value = 0;
    for (int i = 0; i < digits; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return INVALID;
      }
      value = 10 * value + (c - '0');
    }
    for (int i = 0; i < UNITS.length; i++) {
      if (UNITS[i] == text.charAt(digits)) {
        return value > Long.MAX_VALUE / NANOS[i] ? Long.MAX_VALUE : value * NANOS[i];
      }
    }
    return INVALID;
  }

  /**
   * In the finest unit that has room, rounded down, so that nobody behind the gateway waits longer
   * than the caller.
   *
   * @param nanos less than one is taken for one
   */
  public static String print(long nanos) {
    long left = Math.max(1, nanos);
    int unit = 0;
    while (left / NANOS[unit] >= LIMIT) {
      unit++;
    }
    return Long.toString(left / NANOS[unit]) + UNITS[unit];
  }
}
