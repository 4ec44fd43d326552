package tollgate.transport.wire;

/**
 * How long somebody may still be waited for who has to move a number of bytes a second on average.
 * Time runs only while he is waited for. He may fall {@link #GRACE_NANOS} behind the rate, and what
 * he moves faster than it counts for him up to a bound, so that a quick beginning does not pay for
 * hours of trickling. Event loop only.
 */
public final class Pace {
  public static final long GRACE_NANOS = 5_000_000_000L;
  private static final double SECOND = 1e9;

  private final double nanosPerByte;
  private final long mostNanos;
  private long leftNanos = GRACE_NANOS;

  /**
   * @param bytesPerSecond 0 is any
   * @param mostNanos the longest he may be waited for once he has been quick
   */
  public Pace(long bytesPerSecond, long mostNanos) {
    this.nanosPerByte = bytesPerSecond == 0 ? 0 : SECOND / bytesPerSecond;
    this.mostNanos = Math.max(GRACE_NANOS, mostNanos);
  }

  /** Something new is waited for, with nothing to the credit of anybody. */
  public void begin() {
    leftNanos = GRACE_NANOS;
  }

  /** Waiting begins again after all was well. */
  public void resume() {
    leftNanos = Math.max(leftNanos, GRACE_NANOS);
  }

  public void waited(long nanos) {
    leftNanos -= nanos;
  }

  public void moved(long bytes) {
    double earned = leftNanos + bytes * nanosPerByte;
    leftNanos = earned >= mostNanos ? mostNanos : (long) earned;
  }

  /** 0 or less: too slow. */
  public long leftNanos() {
    return nanosPerByte == 0 ? Long.MAX_VALUE : leftNanos;
  }
}
