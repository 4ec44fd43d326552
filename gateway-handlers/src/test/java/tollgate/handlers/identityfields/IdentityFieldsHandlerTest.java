package tollgate.handlers.identityfields;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.handler.Stage;
import tollgate.core.http.Cidr;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.TrustedProxies;
import tollgate.core.testkit.TestExchange;

class IdentityFieldsHandlerTest {
  /** The peer of a test exchange is 192.0.2.7. */
  private static final TrustedProxies PEER = trust("192.0.2.0/24");

  private static final TrustedProxies OTHERS = trust("10.0.0.0/8");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Client-Cert",
        "x-client-certificate",
        "X-CLIENT-CERT-CHAIN",
        "X_Client-Cert",
        "X-Client-Verify",
        "X-Client-DN",
        "X_Client_S_DN",
        "X-SSL-Client-Verify",
        "X-SSL-Cert",
        "SSL-Client-Cert",
        "ssl_client_s_dn",
        "Client-Cert",
        "Client-Cert-Chain",
        "X-TLS-Client-Subject",
        "X-Amzn-Mtls-Clientcert-Leaf",
        "X-ARR-ClientCert",
        "X-WSO2-Client-Certificate",
        "X-JWT-Assertion",
        "x-user"
      })
  void removesThemUnlessTheProxyIsTrusted(String name) {
    for (TrustedProxies proxies : List.of(TrustedProxies.NONE, OTHERS)) {
      assertThat(sent(proxies, name)).as("%s", proxies).isEmpty();
    }
    assertThat(sent(PEER, name)).containsExactly("one", "two");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-User-Agent",
        "X-Users",
        "X-Client-Id",
        "X-Client-Version",
        "Client-Id",
        "X-Request-Source",
        "SSL",
        "Accept"
      })
  void leavesOthersAlone(String name) {
    assertThat(sent(TrustedProxies.NONE, name)).containsExactly("one", "two");
  }

  private static List<String> sent(TrustedProxies proxies, String name) {
    TestExchange exchange =
        TestExchange.get("/api/x")
            .field("Accept-Language", "en")
            .field(name, "one")
            .field(name, "two")
            .handler(Stage.LISTENER, new IdentityFieldsHandler(Map.of("http", proxies)))
            .start();
    Fields sent = exchange.upstream().call().head().fields();
    List<String> values = sent.all(FieldName.of(name));
    assertThat(sent.all(FieldName.of("Accept-Language"))).containsExactly("en");
    exchange.upstream().call().answer(200, "");
    return values;
  }

  private static TrustedProxies trust(String range) {
    return TrustedProxies.of(List.of(requireNonNull(Cidr.parse(range))));
  }
}
