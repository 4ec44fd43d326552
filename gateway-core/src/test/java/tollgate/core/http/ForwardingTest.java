package tollgate.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tollgate.core.testkit.ListedFields;

class ForwardingTest {
  @Test
  void tellsTheBackendWhoCalledAndHow() {
    assertThat(applied(new ForwardedFacts("https", "api.example.com", 8243, null), "Accept", "*/*"))
        .containsExactly(
            "Accept: */*",
            "X-Forwarded-For: 192.0.2.1",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: api.example.com",
            "X-Forwarded-Port: 8243");
  }

  @Test
  void removesWhateverTheCallerSentOfThem() {
    assertThat(
            applied(
                new ForwardedFacts("http", "a", 80, null),
                "X-Forwarded-For",
                "6.6.6.6",
                "x_forwarded_for",
                "6.6.6.6",
                "X-Forwarded_Host",
                "evil",
                "X-FORWARDED-Prefix",
                "/evil",
                "Forwarded",
                "for=6.6.6.6",
                "X-Real-IP",
                "6.6.6.6",
                "X_real-ip",
                "6.6.6.6",
                "X-Forward",
                "kept"))
        .containsExactly(
            "X-Forward: kept",
            "X-Forwarded-For: 192.0.2.1",
            "X-Forwarded-Proto: http",
            "X-Forwarded-Host: a",
            "X-Forwarded-Port: 80");
  }

  @Test
  void putsThePeerBehindTheTrustedPart() {
    assertThat(applied(new ForwardedFacts("http", "a", 81, "1.1.1.1, 10.0.0.2")))
        .contains("X-Forwarded-For: 1.1.1.1, 10.0.0.2, 192.0.2.1", "X-Forwarded-Port: 81");
  }

  @Test
  void sendsForwardedOnlyWhereATrustedProxyDid() {
    assertThat(applied(new ForwardedFacts("http", "a", 80, "::1", "for=\"[::1]\";proto=https")))
        .contains("Forwarded: for=\"[::1]\";proto=https, for=192.0.2.1;host=\"h:1\";proto=http");
  }

  @Test
  void knowsTheHostOfTheConnectionWhereNothingElseIsKnown() {
    assertThat(applied(new ForwardedFacts("http", "", 80, null)))
        .contains("X-Forwarded-Host: own.host");
  }

  @Test
  void keepsWhatHandlersAddedToTheFamily() {
    RequestHead head = head();
    head.fields().add(FieldName.of("X-Forwarded-Prefix"), "/v1");
    Forwarding.apply(head, new ForwardedFacts("http", "a", 80, null), "192.0.2.1", "");
    assertThat(SentFields.of(head.fields())).contains("X-Forwarded-Prefix: /v1");
  }

  private static List<String> applied(ForwardedFacts facts, String... namesAndValues) {
    RequestHead head = head(namesAndValues);
    Forwarding.apply(head, facts, "192.0.2.1", "own.host");
    return SentFields.of(head.fields());
  }

  private static RequestHead head(String... namesAndValues) {
    return RequestHead.over(
        new ReceivedRequest(
            "HTTP/1.1",
            Method.GET,
            "http",
            "h:1",
            "/",
            null,
            ListedFields.of(namesAndValues),
            BodyLength.ABSENT,
            false));
  }
}
