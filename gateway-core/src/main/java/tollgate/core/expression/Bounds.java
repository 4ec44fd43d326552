package tollgate.core.expression;

import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.PayloadLimits;

/** How much may be made of a message. Any thread. */
public final class Bounds {
  /** Bytes or characters that the making of one message may give. */
  public static final int MAX_MADE = PayloadLimits.DEFAULT.bytes();

  private Bounds() {}

  /**
   * @param made bytes or characters that were made, or would be
   * @throws MalformedPayloadException if that is too much
   */
  public static void check(long made) {
    if (made > MAX_MADE) {
      throw new MalformedPayloadException(
          MalformedPayloadException.Kind.TOO_COMPLEX,
          "more than " + MAX_MADE + " bytes would be made of it");
    }
  }
}
