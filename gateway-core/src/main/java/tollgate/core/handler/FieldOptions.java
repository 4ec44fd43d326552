package tollgate.core.handler;

import static java.util.Map.entry;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.config.read.ScalarType;
import tollgate.config.read.ValueTypes;
import tollgate.core.http.FieldName;
import tollgate.core.http.Tokens;

/**
 * Field names and values as options of handlers: what a user may set, add or remove. Any thread.
 */
public final class FieldOptions {
  private static final String FRAMING = "frames the message and is the gateway's own";
  private static final String CONNECTION = "is for one connection only and never travels on";
  private static final String FORWARDING =
      "is written by the gateway, see trustedProxies of the listener";

  /**
   * By the lower-cased name with {@code -}: what CGI-like servers take for the same is the same.
   */
  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          entry("content-length", FRAMING),
          entry("transfer-encoding", FRAMING),
          entry("trailer", FRAMING),
          entry("connection", CONNECTION),
          entry("keep-alive", CONNECTION),
          entry("proxy-connection", CONNECTION),
          entry("proxy-authenticate", CONNECTION),
          entry("proxy-authorization", CONNECTION),
          entry("proxy-authentication-info", CONNECTION),
          entry("te", CONNECTION),
          entry("upgrade", CONNECTION),
          entry("http2-settings", CONNECTION),
          entry("expect", "is answered by the gateway"),
          entry("host", "is no field to edit: write rewrite with host"),
          entry("forwarded", FORWARDING),
          entry("x-forwarded-for", FORWARDING),
          entry("x-forwarded-host", FORWARDING),
          entry("x-forwarded-port", FORWARDING),
          entry("x-forwarded-proto", FORWARDING));

  /** A field name that may be edited. */
  public static final ScalarType<FieldName> NAME =
      ScalarType.parsed(
          "header name",
          "X-Channel",
          "[A-Za-z0-9!#$%&'*+.^_`|~-]+",
          FieldOptions::parseName,
          FieldName::text);

  /** A field value. */
  public static final ScalarType<String> VALUE =
      ValueTypes.anyText()
          .as(FieldOptions::parseValue, value -> value)
          .named("header value", "api");

  private FieldOptions() {}

  /**
   * @throws IllegalArgumentException if it is no field name, or one that may not be edited; the
   *     message goes on from the text
   */
  public static FieldName parseName(String text) {
    if (!Tokens.isToken(text)) {
      throw new IllegalArgumentException("is not a header name (expected e.g. X-Channel)");
    }
    FieldName name = FieldName.of(text);
    String refusal = refusal(name);
    if (refusal != null) {
      throw new IllegalArgumentException(refusal + " (expected: another header)");
    }
    return name;
  }

  /**
   * @throws IllegalArgumentException if it could not be sent as it is; the message goes on from the
   *     text
   */
  public static String parseValue(String text) {
    if (!Tokens.isFieldValue(text)) {
      throw new IllegalArgumentException(
          "has a line break, a control or a character beyond U+00FF (expected: one line of ISO 8859-1)");
    }
    // RFC 9110 5.5: a value neither begins nor ends with white space.
    if (!text.isEmpty() && (isBlank(text.charAt(0)) || isBlank(text.charAt(text.length() - 1)))) {
      throw new IllegalArgumentException("begins or ends with white space (expected: none)");
    }
    return text;
  }

  /**
   * For options that are made by a program.
   *
   * @throws IllegalArgumentException if the field may not be edited
   */
  public static void checkName(FieldName name) {
    String refusal = refusal(name);
    if (refusal != null) {
      throw new IllegalArgumentException(name + ": " + refusal);
    }
  }

  /**
   * As {@link #checkName}.
   *
   * @throws IllegalArgumentException if the value could not be sent as it is; does not repeat it
   */
  public static void checkValue(FieldName name, String value) {
    try {
      parseValue(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": value " + e.getMessage(), e);
    }
  }

  private static @Nullable String refusal(FieldName name) {
    return REFUSED.get(name.text().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
