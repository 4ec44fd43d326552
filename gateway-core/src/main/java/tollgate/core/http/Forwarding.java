package tollgate.core.http;

import org.jspecify.annotations.Nullable;

/**
 * The fields that tell a backend who called and how: X-Forwarded-For, -Proto, -Host, -Port, and
 * Forwarded (RFC 7239). Whatever the caller sent of them goes, the part that trusted proxies vouch
 * for comes back by {@link ForwardedFacts}. Any thread; the head given is changed.
 */
public final class Forwarding {
  private static final String FAMILY = "x-forwarded-";

  private static final FieldName[] NAMES = {
    FieldName.FORWARDED,
    FieldName.of("X-Real-IP"),
    FieldName.of("X_Real_IP"),
    FieldName.of("X-Real_IP"),
    FieldName.of("X_Real-IP"),
  };

  private Forwarding() {}

  /**
   * Replaces the forwarding fields that were received; those that handlers added stay, but for the
   * four that are set here.
   *
   * @param peerAddressText address of the peer, no brackets, made once per connection
   * @param clientHost sent as X-Forwarded-Host where {@code facts} knows no host; empty for none
   */
  public static void apply(
      RequestHead head, ForwardedFacts facts, String peerAddressText, String clientHost) {
    Fields fields = head.fields();
    strip(fields);
    String before = facts.trustedFor();
    fields.set(
        FieldName.X_FORWARDED_FOR,
        before == null ? peerAddressText : before + ", " + peerAddressText);
    fields.set(FieldName.X_FORWARDED_PROTO, facts.scheme());
    String host = facts.host().isEmpty() ? clientHost : facts.host();
    if (!host.isEmpty()) {
      fields.set(FieldName.X_FORWARDED_HOST, host);
    }
    fields.set(FieldName.X_FORWARDED_PORT, portText(facts.port()));
    String forwarded = facts.trustedForwarded();
    if (forwarded != null) {
      ReceivedRequest received = head.received();
      fields.set(
          FieldName.FORWARDED,
          forwarded + ", " + element(peerAddressText, received.authority(), received.scheme()));
    }
  }

  /** Removes every forwarding field that was received, spelled with {@code _} too. */
  static void strip(Fields fields) {
    ReceivedFields received = fields.received();
    int count = received.count();
    for (int i = 0; i < count; i++) {
      if (received.nameStartsWith(i, FAMILY)) {
        fields.removeReceived(i);
      }
    }
    for (FieldName name : NAMES) {
      for (int i = received.indexOf(name, 0); i >= 0; i = received.indexOf(name, i + 1)) {
        fields.removeReceived(i);
      }
    }
  }

  /**
   * One element of Forwarded (RFC 7239 section 4).
   *
   * @param address no brackets
   * @param host null or empty to leave it out
   * @param scheme null to leave it out
   */
  static String element(String address, @Nullable String host, @Nullable String scheme) {
    StringBuilder element = new StringBuilder(64).append("for=");
    if (address.indexOf(':') >= 0) {
      // RFC 7239 section 6: IPv6 in brackets, and quoted because of them
      element.append("\"[").append(address).append("]\"");
    } else {
      element.append(address);
    }
    if (host != null && !host.isEmpty()) {
      boolean isToken = Tokens.isToken(host);
      element.append(";host=").append(isToken ? "" : "\"").append(host).append(isToken ? "" : "\"");
    }
    if (scheme != null) {
      element.append(";proto=").append(scheme);
    }
    return element.toString();
  }

  private static String portText(int port) {
    return switch (port) {
      case 80 -> "80";
      case 443 -> "443";
      case 8243 -> "8243";
      case 8280 -> "8280";
      default -> Integer.toString(port);
    };
  }
}
