package tollgate.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.testkit.ListedFields;

class HopByHopTest {
  @Test
  void keepsWhatTravelsEndToEnd() {
    assertThat(
            request(
                "Host", "a", "Accept", "*/*", "X-A", "1", "X-A", "2", "Cookie", "c", "Via", "v"))
        .containsExactly("Host: a", "Accept: */*", "X-A: 1", "X-A: 2", "Cookie: c", "Via: v");
  }

  @Test
  void removesWhatIsForThisConnectionOnly() {
    assertThat(
            request(
                "Connection", "keep-alive, Upgrade, HTTP2-Settings",
                "Keep-Alive", "timeout=5",
                "Proxy-Connection", "keep-alive",
                "Proxy-Authorization", "Basic x",
                "TE", "trailers",
                "Trailer", "X-T",
                "Transfer-Encoding", "chunked",
                "content-length", "3",
                "Upgrade", "h2c",
                "HTTP2-Settings", "AAA",
                "Expect", "100-continue",
                "X-Kept", "1"))
        .containsExactly("X-Kept: 1");
  }

  @Test
  void removesWhatConnectionNames() {
    assertThat(
            request(
                "X-One",
                "1",
                "Connection",
                " x-one ,, X-Two",
                "Connection",
                "close, x-THREE",
                "x-two",
                "2",
                "X-Two",
                "2b",
                "X-Three",
                "3",
                "X-Four",
                "4"))
        .containsExactly("X-Four: 4");
  }

  @Test
  void doesNotLetConnectionRemoveWhatPolicyOrBackendNeeds() {
    assertThat(
            request(
                "Connection",
                "Authorization, Host, Content-Type, X-Forwarded-For, X_Forwarded_Host, Forwarded,"
                    + " Cookie, X-User, Origin, X-Real-IP, Cache-Control, apikey",
                "Authorization",
                "Bearer x",
                "Host",
                "a",
                "Content-Type",
                "text/plain",
                "X-Forwarded-For",
                "1.2.3.4",
                "X-User",
                "u",
                "Origin",
                "https://o"))
        .containsExactly(
            "Authorization: Bearer x",
            "Host: a",
            "Content-Type: text/plain",
            "X-Forwarded-For: 1.2.3.4",
            "X-User: u",
            "Origin: https://o");
  }

  @Test
  void doesNotLetConnectionRemoveWhatHandlersAdded() {
    Fields fields = Fields.over(ListedFields.of("Connection", "X-Mine", "X-Mine", "theirs"));
    fields.add(FieldName.of("X-Mine"), "ours");
    fields.add(FieldName.KEEP_ALIVE, "timeout=1");
    fields.add(FieldName.KEEP_ALIVE, "timeout=2");
    fields.add(FieldName.of("X-Other"), "ours");
    HopByHop.stripRequest(fields);
    assertThat(SentFields.of(fields)).containsExactly("X-Mine: ours", "X-Other: ours");
  }

  @Test
  void ignoresConnectionOptionsThatAreNoNames() {
    assertThat(request("Connection", "a b, \"x\", (, ,\t", "X", "1")).containsExactly("X: 1");
  }

  @Test
  void responseKeepsExpectAndLosesItsConnectionFields() {
    Fields fields =
        Fields.over(
            ListedFields.of(
                "Connection", "X-Hop", "X-Hop", "1", "Proxy-Authenticate", "Basic", "Server", "s"));
    HopByHop.stripResponse(fields);
    assertThat(SentFields.of(fields)).containsExactly("Server: s");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length",
        "transfer-encoding",
        "HOST",
        "Authorization",
        "Proxy-X",
        "Cookie",
        "Set-Cookie",
        "Content-Type",
        "Content-Encoding",
        "Trailer",
        "TE",
        "Cache-Control",
        "If-Match",
        "Expect",
        "Range",
        "X-Forwarded-For",
        "X_Forwarded_For",
        "Forwarded",
        "Upgrade",
        "Content_Length",
        "Date",
        "Location",
        "Vary",
        "WWW-Authenticate",
        "X-User-Id",
        "Connection"
      })
  void forbidsInTrailersWhatChangesTheMeaningOfTheMessage(String name) {
    assertThat(HopByHop.isForbiddenTrailer(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"grpc-status", "ETag", "Digest", "Content-Digest", "Server-Timing", "X-T"})
  void allowsInTrailersWhatIsMadeForThem(String name) {
    assertThat(HopByHop.isForbiddenTrailer(name)).isFalse();
  }

  private static List<String> request(String... namesAndValues) {
    Fields fields = Fields.over(ListedFields.of(namesAndValues));
    HopByHop.stripRequest(fields);
    return SentFields.of(fields);
  }
}
