package tollgate.handlers.clientaddress;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tollgate.core.handler.Stage;
import tollgate.core.http.Cidr;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.TrustedProxies;
import tollgate.core.testkit.TestExchange;

class ClientAddressHandlerTest {
  /** The peer of a test exchange is 192.0.2.7. */
  private static final TrustedProxies PEER = trust("192.0.2.0/24");

  private static final TrustedProxies OTHERS = trust("10.0.0.0/8");

  @Test
  void takesTheCallerFromATrustedProxy() {
    TestExchange exchange =
        started(
            PEER,
            TestExchange.get("/api/x")
                .field("X-Forwarded-For", "203.0.113.9")
                .field("X-Forwarded-Proto", "https")
                .field("X-Forwarded-Host", "shop.example.com"));

    Fields sent = exchange.upstream().call().head().fields();
    assertThat(sent.all(FieldName.X_FORWARDED_FOR)).containsExactly("203.0.113.9, 192.0.2.7");
    assertThat(sent.all(FieldName.X_FORWARDED_PROTO)).containsExactly("https");
    assertThat(sent.all(FieldName.X_FORWARDED_HOST)).containsExactly("shop.example.com");
    assertThat(callerOf(exchange)).isEqualTo(InetAddress.ofLiteral("203.0.113.9"));
  }

  @Test
  void goesPastSeveralTrustedProxies() {
    TestExchange exchange =
        started(
            trust("192.0.2.0/24", "10.0.0.0/8"),
            TestExchange.get("/api/x").field("X-Forwarded-For", "6.6.6.6, 203.0.113.9, 10.1.2.3"));

    assertThat(callerOf(exchange)).isEqualTo(InetAddress.ofLiteral("203.0.113.9"));
  }

  @Test
  void believesNobodyElse() {
    TestExchange exchange =
        started(
            OTHERS,
            TestExchange.get("/api/x")
                .field("X-Forwarded-For", "203.0.113.9")
                .field("X-Forwarded-Proto", "https"));

    Fields sent = exchange.upstream().call().head().fields();
    assertThat(sent.all(FieldName.X_FORWARDED_FOR)).containsExactly("192.0.2.7");
    assertThat(sent.all(FieldName.X_FORWARDED_PROTO)).containsExactly("http");
    assertThat(callerOf(exchange)).isEqualTo(InetAddress.ofLiteral("192.0.2.7"));
  }

  @Test
  void staysWithThePeerWhereATrustedProxySaysNothing() {
    TestExchange exchange = started(PEER, TestExchange.get("/api/x"));

    assertThat(callerOf(exchange)).isEqualTo(InetAddress.ofLiteral("192.0.2.7"));
  }

  private static TestExchange started(TrustedProxies proxies, TestExchange exchange) {
    return exchange
        .handler(Stage.LISTENER, new ClientAddressHandler(Map.of("http", proxies)))
        .start();
  }

  private static InetAddress callerOf(TestExchange exchange) {
    exchange.upstream().call().answer(200, "");
    return exchange.record().clientAddress();
  }

  private static TrustedProxies trust(String... ranges) {
    return TrustedProxies.of(
        List.of(ranges).stream().map(range -> requireNonNull(Cidr.parse(range))).toList());
  }
}
