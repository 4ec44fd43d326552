package tollgate.core.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The proxies whose word about the caller is believed: X-Forwarded-For, -Proto, -Host, -Port, or
 * Forwarded (RFC 7239) where there is no X-Forwarded-For. Never looks a name up. Immutable.
 *
 * <p>The list of hops is walked from its end, which the peer itself wrote, for as long as the hop
 * that wrote an element is trusted. Each trusted hop is taken to have appended one element, to the
 * other fields too. What is no address ends the walk at the last hop that is one.
 */
public final class TrustedProxies {
  public static final TrustedProxies NONE = new TrustedProxies(CidrSet.EMPTY);

  private final CidrSet proxies;

  private TrustedProxies(CidrSet proxies) {
    this.proxies = proxies;
  }

  public static TrustedProxies of(Collection<Cidr> proxies) {
    return proxies.isEmpty() ? NONE : new TrustedProxies(CidrSet.of(proxies));
  }

  /** Who called and how. */
  public record Caller(InetAddress address, ForwardedFacts facts) {}

  /** Whether a peer's forwarding fields are believed. */
  public boolean trusts(InetAddress peer) {
    return proxies.contains(peer);
  }

  /**
   * @param scheme of the connection
   * @param localPort of the connection
   * @param authority of the request, valid or empty
   * @param fields as received
   */
  public Caller caller(
      InetAddress peer, String scheme, int localPort, String authority, Fields fields) {
    if (!trusts(peer)) {
      return new Caller(peer, new ForwardedFacts(scheme, authority, localPort, null, null));
    }
    ReceivedFields received = fields.received();
    List<String> hops = elements(received, FieldName.X_FORWARDED_FOR);
    boolean hasForwarded = received.indexOf(FieldName.FORWARDED, 0) >= 0;
    if (hops.isEmpty() && hasForwarded) {
      return byForwarded(peer, scheme, localPort, authority, received);
    }
    Walk walk = walk(peer, hops);
    int depth = Math.max(1, walk.trusted.size());
    String host = authority(fromEnd(received, FieldName.X_FORWARDED_HOST, depth));
    String proto = scheme(fromEnd(received, FieldName.X_FORWARDED_PROTO, depth));
    String portText = fromEnd(received, FieldName.X_FORWARDED_PORT, depth);
    int port = portText == null ? -1 : Authority.portNumber(portText, 0, portText.length());
    return new Caller(
        walk.client, facts(scheme, localPort, authority, proto, host, port, walk, hasForwarded));
  }

  private Caller byForwarded(
      InetAddress peer, String scheme, int localPort, String authority, ReceivedFields received) {
    List<ForwardedField.Element> elements =
        ForwardedField.parse(joined(received, FieldName.FORWARDED));
    if (elements == null || elements.isEmpty()) {
      return new Caller(peer, new ForwardedFacts(scheme, authority, localPort, null, null));
    }
    List<String> hops = new ArrayList<>(elements.size());
    for (ForwardedField.Element element : elements) {
      String node = element.node();
      hops.add(node == null ? "unknown" : node);
    }
    Walk walk = walk(peer, hops);
    // The peer's own element tells how it was reached, even where it hides by whom.
    ForwardedField.Element outermost =
        elements.get(elements.size() - Math.max(1, walk.trusted.size()));
    String host = authority(outermost.host());
    String proto = scheme(outermost.scheme());
    return new Caller(
        walk.client, facts(scheme, localPort, authority, proto, host, -1, walk, true));
  }

  private static ForwardedFacts facts(
      String scheme,
      int localPort,
      String authority,
      @Nullable String forwardedScheme,
      @Nullable String forwardedHost,
      int forwardedPort,
      Walk walk,
      boolean hasForwarded) {
    String seenScheme = forwardedScheme == null ? scheme : forwardedScheme;
    String seenHost = forwardedHost == null ? authority : forwardedHost;
    int port = forwardedPort;
    if (port < 0) {
      port =
          forwardedScheme == null && forwardedHost == null
              ? localPort
              : Authority.port(seenHost, seenScheme.equals("https") ? 443 : 80);
    }
    List<String> trusted = walk.trusted;
    return new ForwardedFacts(
        seenScheme,
        seenHost,
        port,
        trusted.isEmpty() ? null : String.join(", ", trusted),
        hasForwarded && !trusted.isEmpty() ? forwarded(trusted, seenHost, seenScheme) : null);
  }

  private static String forwarded(List<String> trusted, String host, String scheme) {
    StringBuilder elements =
        new StringBuilder(Forwarding.element(trusted.getFirst(), host, scheme));
    for (int i = 1; i < trusted.size(); i++) {
      elements.append(", ").append(Forwarding.element(trusted.get(i), null, null));
    }
    return elements.toString();
  }

  /**
   * @param client the first hop from the end that is not trusted, or the last one that could be
   *     read
   * @param trusted texts of the addresses that trusted hops wrote, oldest first; begins with the
   *     client's
   */
  private record Walk(InetAddress client, List<String> trusted) {}

  private Walk walk(InetAddress peer, List<String> hops) {
    InetAddress client = peer;
    List<String> trusted = new ArrayList<>(hops.size());
    for (int i = hops.size() - 1; i >= 0; i--) {
      String text = AddressLiteral.withoutPort(hops.get(i));
      InetAddress hop = text == null ? null : AddressLiteral.parse(text);
      if (text == null || hop == null) {
        break;
      }
      client = hop;
      trusted.add(text);
      if (!trusts(hop)) {
        break;
      }
    }
    Collections.reverse(trusted);
    return new Walk(client, trusted);
  }

  /** The {@code depth}-th element from the end; the first one if there are fewer; or null. */
  private static @Nullable String fromEnd(ReceivedFields received, FieldName name, int depth) {
    if (received.indexOf(name, 0) < 0) {
      return null;
    }
    List<String> elements = elements(received, name);
    return elements.isEmpty() ? null : elements.get(Math.max(0, elements.size() - depth));
  }

  /** The elements of a list field over all its lines, without empty ones. */
  private static List<String> elements(ReceivedFields received, FieldName name) {
    List<String> elements = new ArrayList<>(2);
    for (int i = received.indexOf(name, 0); i >= 0; i = received.indexOf(name, i + 1)) {
      String line = received.value(i);
      int from = 0;
      while (from <= line.length()) {
        int comma = line.indexOf(',', from);
        int end = comma < 0 ? line.length() : comma;
        String element = line.substring(from, end).strip();
        if (!element.isEmpty()) {
          elements.add(element);
        }
        from = end + 1;
      }
    }
    return elements;
  }

  private static String joined(ReceivedFields received, FieldName name) {
    StringBuilder lines = new StringBuilder();
    for (int i = received.indexOf(name, 0); i >= 0; i = received.indexOf(name, i + 1)) {
      lines.append(lines.isEmpty() ? "" : ",").append(received.value(i));
    }
    return lines.toString();
  }

  private static @Nullable String authority(@Nullable String text) {
    return text == null ? null : Authority.canonical(text);
  }

  private static @Nullable String scheme(@Nullable String text) {
    if ("https".equalsIgnoreCase(text)) {
      return "https";
    }
    return "http".equalsIgnoreCase(text) ? "http" : null;
  }
}
