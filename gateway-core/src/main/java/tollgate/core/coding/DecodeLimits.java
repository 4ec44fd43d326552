package tollgate.core.coding;

/**
 * How much a coded body may become. Immutable.
 *
 * @param maxBytes that it may have when it is decoded
 * @param maxRatio decoded bytes for one that came
 * @param freeBytes of decoded bytes that no ratio is asked for
 */
public record DecodeLimits(long maxBytes, int maxRatio, long freeBytes) {
  public static final int DEFAULT_RATIO = 100;

  /** Whatever a short text was made of, that much does no harm. */
  public static final long DEFAULT_FREE_BYTES = 1 << 20;

  public DecodeLimits {
    if (maxBytes < 0 || maxRatio < 1 || freeBytes < 0) {
      throw new IllegalArgumentException(
          "maxBytes: "
              + maxBytes
              + ", maxRatio: "
              + maxRatio
              + ", freeBytes: "
              + freeBytes
              + " (expected: 0, 1, 0 or more)");
    }
  }

  /** With the default ratio. */
  public static DecodeLimits of(long maxBytes) {
    return new DecodeLimits(maxBytes, DEFAULT_RATIO, DEFAULT_FREE_BYTES);
  }
}
