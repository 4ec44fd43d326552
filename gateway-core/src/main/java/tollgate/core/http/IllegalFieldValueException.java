package tollgate.core.http;

/**
 * A field value that must not be sent: it could end the line or the head (CVE-2022-41915 and its
 * like). Names the field, never the value.
 */
public final class IllegalFieldValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public IllegalFieldValueException(FieldName name) {
    super(
        name
            + ": value with a control character or a character beyond U+00FF (expected: RFC 9110 section 5.5)");
  }
}
