package tollgate.transport.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tollgate.core.testkit.ManualTicker;
import tollgate.transport.server.RefusalLog.Why;

final class RefusalLogTest {
  private static final InetAddress ONE = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress OTHER = InetAddress.ofLiteral("2001:db8::1");

  private final ManualTicker ticker = new ManualTicker();
  private final RefusalLog refusals = new RefusalLog("https", ticker);

  @Test
  void saysTheFirstAtOnceAndOthersTogetherAfterTenSeconds() {
    assertThat(refusals.line(Why.CONNECTIONS, ONE, null))
        .isEqualTo(
            "Listener https: 1 connection(s) closed by limits.connections, the last one of"
                + " 192.0.2.1");
    ticker.advance(Duration.ofMillis(9_999));
    for (int i = 0; i < 5; i++) {
      assertThat(refusals.line(Why.CONNECTIONS, ONE, null)).isNull();
    }
    ticker.advance(Duration.ofMillis(1));
    assertThat(refusals.line(Why.CONNECTIONS, OTHER, null))
        .isEqualTo(
            "Listener https: 6 connection(s) closed by limits.connections, the last one of"
                + " 2001:db8::1");
    assertThat(refusals.line(Why.CONNECTIONS, OTHER, null)).isNull();
  }

  @Test
  void keepsReasonsApart() {
    assertThat(refusals.line(Why.CONNECTIONS, ONE, null)).isNotNull();
    assertThat(refusals.line(Why.CONNECTIONS_PER_CLIENT, ONE, null))
        .contains("limits.connectionsPerClient");
    assertThat(refusals.line(Why.HANDSHAKES_PER_CLIENT, ONE, null))
        .contains("limits.handshakesPerClient");
    assertThat(refusals.line(Why.PROXY_HEADER, ONE, "no whole header in time"))
        .endsWith("closed by proxyProtocol, the last one of 192.0.2.1: no whole header in time");
  }
}
