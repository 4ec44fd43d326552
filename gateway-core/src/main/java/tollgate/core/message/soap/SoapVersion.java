package tollgate.core.message.soap;

import org.jspecify.annotations.Nullable;
import tollgate.core.media.MediaType;

/** The versions of SOAP. */
public enum SoapVersion {
  V11("http://schemas.xmlsoap.org/soap/envelope/"),
  V12("http://www.w3.org/2003/05/soap-envelope");

  private final String uri;

  SoapVersion(String uri) {
    this.uri = uri;
  }

  /** The namespace of the envelope. */
  public String uri() {
    return uri;
  }

  /** What its messages are sent as. */
  public MediaType mediaType() {
    return this == V11 ? MediaType.TEXT_XML : MediaType.SOAP_12;
  }

  /** The version whose envelopes are in that namespace; null for none. */
  public static @Nullable SoapVersion of(String uri) {
    return uri.equals(V11.uri) ? V11 : uri.equals(V12.uri) ? V12 : null;
  }

  /**
   * What the message is meant to do: of 1.1 the SOAPAction field, of 1.2 the type's action
   * parameter.
   *
   * @param soapAction the field's value, quotes included; null without one
   * @return without quotes; null if it is not told, or is empty
   */
  public @Nullable String action(MediaType type, @Nullable String soapAction) {
    String action = this == V11 ? unquoted(soapAction) : type.parameter("action");
    return action == null || action.isEmpty() ? null : action;
  }

  private static @Nullable String unquoted(@Nullable String value) {
    if (value == null) {
      return null;
    }
    String text = value.strip();
    boolean isQuoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    return isQuoted ? text.substring(1, text.length() - 1) : text;
  }
}
