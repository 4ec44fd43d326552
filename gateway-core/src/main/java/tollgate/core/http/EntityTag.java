package tollgate.core.http;

/** The name of one representation, RFC 9110 section 8.8.3. Any thread. */
public final class EntityTag {
  private static final String WEAK = "W/";

  private EntityTag() {}

  /**
   * Makes the tag of a response weak, whose bytes are others now.
   *
   * <p>RFC 9110 section 8.8.1: a strong one names the very bytes it came with.
   */
  public static void weaken(Fields fields) {
    String tag = fields.first(FieldName.ETAG);
    if (tag != null && !tag.startsWith(WEAK)) {
      fields.set(FieldName.ETAG, WEAK + tag);
    }
  }
}
