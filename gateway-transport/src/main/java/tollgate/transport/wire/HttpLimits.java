package tollgate.transport.wire;

/**
 * What a client connection may cost before it is refused. Immutable.
 *
 * @param requestLineBytes longest request line, CRLF included; beyond it 414
 * @param headerBytes longest header block, CRLFs included; beyond it 431
 * @param headerLines most header lines; beyond it 431
 * @param headerNanos from the first byte of a head to its end; beyond it 408
 * @param idleNanos between two requests, and how long a client may read nothing of what it is sent
 * @param bodyNanos longest silence inside a request body that is wanted; beyond it 408
 * @param minRequestRate bytes a second that a wanted request body must bring on average; below it
 *     408; 0 is any
 * @param minResponseRate bytes a second that a client must take on average of what waits for it;
 *     below it the connection is reset; 0 is any
 * @param maxAgeNanos after which a connection takes no further request; 0 is no limit
 * @param maxStreams most requests of one HTTP/2 connection at the same time
 */
public record HttpLimits(
    int requestLineBytes,
    int headerBytes,
    int headerLines,
    long headerNanos,
    long idleNanos,
    long bodyNanos,
    long minRequestRate,
    long minResponseRate,
    long maxAgeNanos,
    int maxStreams) {
  private static final long SECOND = 1_000_000_000L;

  public static final HttpLimits DEFAULTS =
      new HttpLimits(
          8 * 1024, 32 * 1024, 100, 10 * SECOND, 75 * SECOND, 30 * SECOND, 240, 240, 0, 100);

  public HttpLimits {
    positive(requestLineBytes, "requestLineBytes");
    positive(headerBytes, "headerBytes");
    positive(headerLines, "headerLines");
    positive(headerNanos, "headerNanos");
    positive(idleNanos, "idleNanos");
    positive(bodyNanos, "bodyNanos");
    notNegative(minRequestRate, "minRequestRate");
    notNegative(minResponseRate, "minResponseRate");
    notNegative(maxAgeNanos, "maxAgeNanos");
    positive(maxStreams, "maxStreams");
  }

  private static void positive(long value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }

  private static void notNegative(long value, String name) {
    if (value < 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
    }
  }
}
