package tollgate.core.http;

import java.util.Locale;
import java.util.Set;

/**
 * Fields that are for this connection only (RFC 9110 section 7.6.1) and never travel on. Any
 * thread; the fields given are changed.
 *
 * <p>What Connection names goes too, received lines only: what a handler of ours has added stays.
 * Names in {@link #isProtected} stay as well, or a caller could hide from policy or backend what a
 * proxy before us, or the protocol, put there.
 */
public final class HopByHop {
  private static final FieldName PROXY_AUTHENTICATION_INFO =
      FieldName.of("Proxy-Authentication-Info");

  /** Content-Length with them: a writer derives it from the length of the body alone. */
  private static final FieldName[] ALWAYS = {
    FieldName.CONNECTION,
    FieldName.CONTENT_LENGTH,
    FieldName.TRANSFER_ENCODING,
    FieldName.KEEP_ALIVE,
    FieldName.PROXY_CONNECTION,
    FieldName.PROXY_AUTHENTICATE,
    FieldName.PROXY_AUTHORIZATION,
    PROXY_AUTHENTICATION_INFO,
    FieldName.TE,
    FieldName.TRAILER,
    FieldName.UPGRADE,
    FieldName.HTTP2_SETTINGS,
  };

  private static final Set<String> ALWAYS_LOWER =
      Set.of(
          "connection",
          "content-length",
          "transfer-encoding",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-authentication-info",
          "te",
          "trailer",
          "upgrade",
          "http2-settings");

  /** Families: representation, proxies' words, conditions, CORS, fetch metadata, identity. */
  private static final String[] PROTECTED_PREFIXES = {
    "content-",
    "x-forwarded-",
    "x-real-",
    "x-user",
    "x-client-",
    "client-cert",
    "ssl-client-",
    "x-tls-client-",
    "x-amzn-mtls-",
    "x-arr-clientcert",
    "x-wso2-client-",
    "x-auth",
    "x-jwt-",
    "x-ssl-",
    "x-original-",
    "access-control-",
    "sec-",
    "if-",
    "accept",
  };

  private static final Set<String> PROTECTED =
      Set.of(
          "activityid",
          "age",
          "allow",
          "apikey",
          "authentication-info",
          "authorization",
          "cache-control",
          "cookie",
          "date",
          "expect",
          "expires",
          "forwarded",
          "from",
          "host",
          "location",
          "max-forwards",
          "origin",
          "pragma",
          "range",
          "referer",
          "retry-after",
          "server",
          "set-cookie",
          "strict-transport-security",
          "traceparent",
          "tracestate",
          "user-agent",
          "vary",
          "via",
          "www-authenticate",
          "x-api-key",
          "x-request-id");

  private HopByHop() {}

  /** Removes what must not reach the backend; Expect too, which is answered here. */
  public static void stripRequest(Fields fields) {
    strip(fields);
    if (fields.received().indexOf(FieldName.EXPECT, 0) >= 0) {
      fields.remove(FieldName.EXPECT);
    }
  }

  /** Removes what must not reach the client. */
  public static void stripResponse(Fields fields) {
    strip(fields);
  }

  /**
   * Whether Connection may not remove it (RFC 9110 section 7.6.1: not for fields that all
   * recipients should see).
   */
  public static boolean isProtected(String name) {
    String lower = name.toLowerCase(Locale.ROOT).replace('_', '-');
    return PROTECTED.contains(lower) || hasProtectedPrefix(lower);
  }

  /**
   * Whether the field must not stand in a trailer section (RFC 9110 section 6.5.1): framing,
   * routing, authentication, request modifiers, response control, how to read the content, and
   * everything that policy decides by.
   */
  public static boolean isForbiddenTrailer(String name) {
    String lower = name.toLowerCase(Locale.ROOT).replace('_', '-');
    if (lower.equals("content-digest") || lower.equals("content-md5")) {
      return false; // RFC 9530: made for trailers
    }
    return ALWAYS_LOWER.contains(lower)
        || PROTECTED.contains(lower)
        || hasProtectedPrefix(lower)
        || lower.startsWith("proxy-")
        || lower.equals("warning");
  }

  private static void strip(Fields fields) {
    ReceivedFields received = fields.received();
    for (int i = received.indexOf(FieldName.CONNECTION, 0);
        i >= 0;
        i = received.indexOf(FieldName.CONNECTION, i + 1)) {
      removeNominated(fields, received.value(i));
    }
    for (FieldName name : ALWAYS) {
      for (int i = received.indexOf(name, 0); i >= 0; i = received.indexOf(name, i + 1)) {
        fields.removeReceived(i);
      }
    }
    removeAdded(fields);
  }

  /** A handler of ours may have set one, too. */
  private static void removeAdded(Fields fields) {
    for (int i = 0; i < fields.addedCount(); i++) {
      FieldName added = fields.addedName(i);
      for (FieldName name : ALWAYS) {
        if (added.hash() == name.hash() && added.equals(name)) {
          fields.remove(name);
          i--;
          break;
        }
      }
    }
  }

  private static void removeNominated(Fields fields, String options) {
    int length = options.length();
    int at = 0;
    while (at < length) {
      int comma = options.indexOf(',', at);
      int end = comma < 0 ? length : comma;
      int from = at;
      at = end + 1;
      while (from < end && isBlank(options.charAt(from))) {
        from++;
      }
      while (end > from && isBlank(options.charAt(end - 1))) {
        end--;
      }
      if (end > from && !isOption(options, from, end)) {
        removeNominated(fields, options.substring(from, end), fields.received());
      }
    }
  }

  private static void removeNominated(Fields fields, String option, ReceivedFields received) {
    if (!Tokens.isToken(option) || isProtected(option)) {
      return;
    }
    FieldName name = FieldName.of(option);
    for (int i = received.indexOf(name, 0); i >= 0; i = received.indexOf(name, i + 1)) {
      fields.removeReceived(i);
    }
  }

  /** What stands there in nearly every request, and names no field or one that goes anyway. */
  private static boolean isOption(String options, int from, int end) {
    return switch (end - from) {
      case 2 -> options.regionMatches(true, from, "te", 0, 2);
      case 5 -> options.regionMatches(true, from, "close", 0, 5);
      case 7 -> options.regionMatches(true, from, "upgrade", 0, 7);
      case 10 -> options.regionMatches(true, from, "keep-alive", 0, 10);
      default -> false;
    };
  }

  private static boolean hasProtectedPrefix(String lower) {
    for (String prefix : PROTECTED_PREFIXES) {
      if (lower.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
