package tollgate.transport.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Set;
import tollgate.core.http.Tokens;

/**
 * Names that some backend reads as another one, because it takes {@code _} for {@code -} (CGI,
 * WSGI, old servers): {@code Transfer_Encoding}, {@code X_Forwarded_For}, {@code Host_}. A name
 * with an underscore is refused if without its {@code _} and {@code -} it is that of a field which
 * frames the message, says who is asking, or says which request is meant. Any thread.
 */
public final class LookalikeNames {
  private static final Set<String> KNOWN =
      Set.of(
          "accesscontrolrequestmethod",
          "activityid",
          "authorization",
          "connection",
          "contentencoding",
          "contentlength",
          "contenttype",
          "cookie",
          "expect",
          "forwarded",
          "host",
          "http2settings",
          "keepalive",
          "proxyauthorization",
          "proxyconnection",
          "te",
          "traceparent",
          "tracestate",
          "trailer",
          "transferencoding",
          "upgrade",
          "via",
          "xclientcert",
          "xclientip",
          "xhttpmethod",
          "xhttpmethodoverride",
          "xjwtassertion",
          "xmethodoverride",
          "xrealip",
          "xrequestid",
          "xrewriteurl",
          "xuser",
          "xwso2clientcertificate");

  /** Whole families that only a proxy may speak. */
  private static final String[] PREFIXES = {"xforwarded", "xoriginal", "xssl"};

  private LookalikeNames() {}

  /** Whether a name of this head is one; call it only if some name holds an underscore. */
  public static boolean isIn(FieldLines fields) {
    for (int i = 0; i < fields.count(); i++) {
      if (isLookalike(fields.block(), fields.nameStart(i), fields.nameEnd(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isLookalike(byte[] block, int from, int to) {
    byte[] bare = new byte[to - from];
    int length = 0;
    boolean hasUnderscore = false;
    for (int i = from; i < to; i++) {
      byte b = block[i];
      hasUnderscore |= b == '_';
      if (b != '_' && b != '-') {
        bare[length++] = Tokens.lower(b);
      }
    }
    if (!hasUnderscore) {
      return false;
    }
    String name = new String(bare, 0, length, US_ASCII);
    for (String prefix : PREFIXES) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return KNOWN.contains(name);
  }
}
