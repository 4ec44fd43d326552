package tollgate.core.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tollgate.core.testkit.ListedFields;

class TrustedProxiesTest {
  private static final TrustedProxies PROXIES =
      TrustedProxies.of(
          Stream.of("10.0.0.0/8", "2001:db8:aaaa::/48")
              .map(text -> requireNonNull(Cidr.parse(text)))
              .toList());

  @Test
  void believesNobodyByDefault() {
    TrustedProxies.Caller caller =
        TrustedProxies.NONE.caller(
            address("10.0.0.1"), "http", 8280, "h:8280", fields("X-Forwarded-For", "1.1.1.1"));
    assertThat(caller.address()).isEqualTo(address("10.0.0.1"));
    assertThat(caller.facts()).isEqualTo(new ForwardedFacts("http", "h:8280", 8280, null));
  }

  @Test
  void ignoresEveryForwardingFieldOfAnUntrustedPeer() {
    TrustedProxies.Caller caller =
        caller(
            "192.0.2.9",
            "X-Forwarded-For",
            "1.1.1.1",
            "X-Forwarded-Proto",
            "https",
            "X-Forwarded-Host",
            "evil",
            "X-Forwarded-Port",
            "1",
            "Forwarded",
            "for=2.2.2.2");
    assertThat(caller.address()).isEqualTo(address("192.0.2.9"));
    assertThat(caller.facts()).isEqualTo(new ForwardedFacts("http", "h", 8280, null));
  }

  @Test
  void takesTheAddressThatTheTrustedPeerSaw() {
    assertCaller("1.1.1.1", "1.1.1.1", "X-Forwarded-For", "1.1.1.1");
  }

  @Test
  void believesNothingThatAnUntrustedHopWrote() {
    assertCaller("1.1.1.1", "1.1.1.1, 10.0.0.2", "X-Forwarded-For", "9.9.9.9, 1.1.1.1, 10.0.0.2");
  }

  @Test
  void walksAllLinesFromTheirEnd() {
    assertCaller(
        "1.1.1.1",
        "1.1.1.1, 10.0.0.3, 10.0.0.2",
        "X-Forwarded-For",
        "9.9.9.9,1.1.1.1",
        "x-forwarded-for",
        "10.0.0.3 ,, 10.0.0.2");
  }

  @Test
  void takesTheFirstHopWhereAllAreTrusted() {
    assertCaller("10.0.0.9", "10.0.0.9, 10.0.0.2", "X-Forwarded-For", "10.0.0.9, 10.0.0.2");
  }

  @Test
  void readsAddressesWithPortsAndOfBothFamilies() {
    assertCaller("1.1.1.1", "1.1.1.1", "X-Forwarded-For", "1.1.1.1:5678");
    assertCaller("::1", "::1", "X-Forwarded-For", "[::1]:80");
    assertCaller(
        "2001:db8::5",
        "2001:db8::5, 2001:db8:aaaa::1",
        "X-Forwarded-For",
        "2001:db8::5, [2001:db8:aaaa::1]:443");
  }

  @Test
  void garbageEndsTheWalkAtTheLastTrustedHop() {
    assertCaller("10.0.0.2", "10.0.0.2", "X-Forwarded-For", "1.1.1.1, localhost, 10.0.0.2");
    assertCaller("10.0.0.1", null, "X-Forwarded-For", "1.1.1.1, unknown");
    assertCaller("10.0.0.1", null, "X-Forwarded-For", "");
  }

  @Test
  void readsForwardedOnlyWithoutXForwardedFor() {
    assertCaller("1.1.1.1", "1.1.1.1", "Forwarded", "for=9.9.9.9, For=\"1.1.1.1:99\"");
    assertCaller("::1", "::1", "Forwarded", "by=_x;for=\"[::1]:99\";proto=https");
    assertCaller("2.2.2.2", "2.2.2.2", "Forwarded", "for=1.1.1.1", "X-Forwarded-For", "2.2.2.2");
    assertCaller("10.0.0.1", null, "Forwarded", "for=unknown;proto=https");
    assertCaller("10.0.0.1", null, "Forwarded", "for=1.1.1.1;for=2.2.2.2");
    assertCaller("10.0.0.1", null, "Forwarded", "for=1.1.1.1, for=\"2.2.2.2");
    assertCaller("10.0.0.1", null, "Forwarded", "for=[::1]");
    assertCaller("10.0.0.1", null, "Forwarded", "1.1.1.1");
  }

  @Test
  void takesSchemeHostAndPortFromTheTrustedPeer() {
    ForwardedFacts facts =
        caller(
                "10.0.0.1",
                "X-Forwarded-For",
                "1.1.1.1",
                "X-Forwarded-Proto",
                "HTTPS",
                "X-Forwarded-Host",
                "API.example.com",
                "X-Forwarded-Port",
                "8443")
            .facts();
    assertThat(facts).isEqualTo(new ForwardedFacts("https", "api.example.com", 8443, "1.1.1.1"));
  }

  @Test
  void portFollowsFromSchemeAndHostWhereItIsNotForwarded() {
    assertThat(caller("10.0.0.1", "X-Forwarded-Proto", "https").facts().port()).isEqualTo(443);
    assertThat(caller("10.0.0.1", "X-Forwarded-Host", "a:81").facts().port()).isEqualTo(81);
    assertThat(caller("10.0.0.1", "X-Forwarded-For", "1.1.1.1").facts().port()).isEqualTo(8280);
  }

  @Test
  void takesTheElementThatBelongsToTheClientsHop() {
    ForwardedFacts facts =
        caller(
                "10.0.0.1",
                "X-Forwarded-For",
                "9.9.9.9, 1.1.1.1, 10.0.0.2",
                "X-Forwarded-Proto",
                "http, https, http",
                "X-Forwarded-Host",
                "evil, api.example.com, inner")
            .facts();
    assertThat(facts.scheme()).isEqualTo("https");
    assertThat(facts.host()).isEqualTo("api.example.com");
  }

  @Test
  void ignoresForwardedValuesThatAreNotValid() {
    ForwardedFacts facts =
        caller(
                "10.0.0.1",
                "X-Forwarded-Proto",
                "javascript",
                "X-Forwarded-Host",
                "a/b",
                "X-Forwarded-Port",
                "99999")
            .facts();
    assertThat(facts).isEqualTo(new ForwardedFacts("http", "h", 8280, null));
  }

  @Test
  void elementOfForwardedTellsSchemeAndHost() {
    ForwardedFacts facts =
        caller("10.0.0.1", "Forwarded", "for=1.1.1.1;proto=https;host=\"API.x:444\"").facts();
    assertThat(facts)
        .isEqualTo(
            new ForwardedFacts(
                "https",
                "api.x:444",
                444,
                "1.1.1.1",
                "for=1.1.1.1;host=\"api.x:444\";proto=https"));
  }

  @Test
  void brokenForwardedNeverThrows() {
    List<String> pieces =
        List.of("for", "=", "\"", "\\", ";", ",", "1.1.1.1", "[::1]", " ", "\u00e9", "host");
    Random random = new Random(3);
    for (int round = 0; round < 20_000; round++) {
      StringBuilder value = new StringBuilder();
      for (int i = random.nextInt(10); i > 0; i--) {
        value.append(pieces.get(random.nextInt(pieces.size())));
      }
      assertThat(caller("10.0.0.1", "Forwarded", value.toString()).facts().host()).isNotEmpty();
    }
  }

  private static void assertCaller(String address, @Nullable String trusted, String... fields) {
    TrustedProxies.Caller caller = caller("10.0.0.1", fields);
    assertThat(caller.address()).isEqualTo(address(address));
    assertThat(caller.facts().trustedFor()).isEqualTo(trusted);
  }

  private static TrustedProxies.Caller caller(String peer, String... namesAndValues) {
    return PROXIES.caller(address(peer), "http", 8280, "h", fields(namesAndValues));
  }

  private static Fields fields(String... namesAndValues) {
    return Fields.over(ListedFields.of(namesAndValues));
  }

  private static InetAddress address(String text) {
    return requireNonNull(AddressLiteral.parse(text), text);
  }
}
