package tollgate.core.http;

/**
 * Body lengths in bytes as {@code long}: 0 and more is a declared length; negative values say what
 * else there can be.
 */
public final class BodyLength {
  /** There is a body and its end shows only when it comes. */
  public static final long UNKNOWN = -1;

  /** No body, and no length was declared: a GET without Content-Length. */
  public static final long ABSENT = -2;

  /**
   * No body but a tunnel: after the head, bytes of another protocol flow both ways until either
   * side ends. Of a request: it asks for that; of a response: it begins.
   */
  public static final long TUNNEL = -3;

  private BodyLength() {}
}
