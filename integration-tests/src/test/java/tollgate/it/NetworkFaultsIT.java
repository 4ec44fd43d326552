package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Documents;
import tollgate.it.harness.FaultProxy;
import tollgate.it.harness.NetworkFault;
import tollgate.it.harness.Patience;
import tollgate.it.harness.Problems;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/**
 * Each network fault between the gateway and a backend: the caller gets the answer or one exact
 * refusal, no connection of unknown state is used again, and none is left over.
 */
final class NetworkFaultsIT {
  private static final String OFF = "health: {passive: off}";
  private static final byte[] BODY = Bytes.random(200_000);

  private static RecordingOrigin origin;
  private static FaultProxy proxy;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    origin = RecordingOrigin.start();
    origin.on("/body", (_, connection) -> connection.reply("200 OK", "X-Origin: yes\r\n", BODY));
    origin.on(
        "/last",
        (_, connection) -> {
          connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end");
          connection.close();
        });
    proxy = FaultProxy.to(origin.port());
    tollgate =
        Tollgate.setup()
            .apis(
                Documents.upstream("patient", proxy.port(), OFF)
                    + Documents.api("patient", "/patient", "patient")
                    + Documents.upstream(
                        "hasty",
                        proxy.port(),
                        OFF,
                        "timeouts: {connect: 10s, response: 400ms, idle: 400ms}")
                    + Documents.api("hasty", "/hasty", "hasty"))
            .start();
  }

  @AfterEach
  void nothingIsLeftOver() throws IOException {
    Patience.await()
        .until(() ->
            tollgate.metrics().sum("tollgate_upstream_pool_connections", "state", "active") == 0);
    dropConnections();
    assertThat(tollgate.get("/patient/body").body()).isEqualTo(BODY);
    dropConnections();
  }

  /** Each test begins with none. */
  private static void dropConnections() throws IOException {
    proxy.heal();
    Patience.await().until(() -> tollgate.metrics().sum("tollgate_upstream_pool_connections") == 0);
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    proxy.close();
    origin.close();
  }

  @Test
  void latencyIsBorne() throws IOException {
    proxy.fault(new NetworkFault.Latency(Duration.ofMillis(50)));
    assertWhole(tollgate.get("/patient/body"));
  }

  @Test
  void latencyBeyondTheTimeIs504() throws IOException {
    proxy.fault(new NetworkFault.Latency(Duration.ofSeconds(30)));
    assertRefused("/hasty/late", 504, "101504", "upstream_timeout");
  }

  @Test
  void aBackendThatIsDownIs502() throws IOException {
    proxy.fault(new NetworkFault.Down());
    Problems.assertProblem(tollgate.get("/patient/down"), 502);
    assertThat(tollgate.awaitAccessLogLine("/patient/down").path("outcome").asString())
        .as("reset as soon as it is open, or when the request is sent")
        .isIn("upstream_connect", "upstream_reset");
  }

  @Test
  void littleBandwidthIsBorne() throws IOException {
    proxy.fault(new NetworkFault.Bandwidth(2000));
    assertWhole(tollgate.get("/patient/body"));
  }

  @Test
  void anEndThatComesLateIsAwaitedWhereItEndsTheBody() throws IOException {
    proxy.fault(new NetworkFault.SlowClose(Duration.ofMillis(100)));
    Response response = tollgate.get("/patient/last");
    assertThat(response.isComplete()).isTrue();
    assertThat(response.text()).isEqualTo("until the end");
  }

  @Test
  void silenceIs504() throws IOException {
    proxy.fault(new NetworkFault.Silence());
    assertRefused("/hasty/silent", 504, "101504", "upstream_timeout");
  }

  @Test
  void aConnectionThatFellSilentWhileIdleIsNotUsedTwice() throws IOException {
    assertWhole(tollgate.get("/hasty/body"));
    proxy.fault(new NetworkFault.Silence());
    for (int i = 0; i < 3; i++) {
      int before = proxy.accepted();
      Problems.assertProblem(tollgate.get("/hasty/idle"), 504);
      assertThat(proxy.accepted()).isBetween(before, before + 1);
    }
    int before = proxy.accepted();
    proxy.fault(NetworkFault.None.NONE);
    assertWhole(tollgate.get("/hasty/body"));
    assertThat(proxy.accepted()).as("a new connection").isEqualTo(before + 1);
  }

  @Test
  void aResetBeforeTheAnswerIs502() throws IOException {
    proxy.fault(new NetworkFault.Reset(0));
    assertRefused("/patient/reset", 502, "101505", "upstream_reset");
  }

  @Test
  void aResetInMidBodyCutsTheAnswer() throws IOException {
    proxy.fault(new NetworkFault.Reset(50_000));
    Response response = tollgate.get("/patient/body?cut");
    // A reset may overtake what was sent before it, then there is no answer to cut.
    assertThat(response.status()).isIn(200, 502);
    assertThat(response.status() == 200 && response.isComplete()).isFalse();
    awaitReset();
  }

  @Test
  void slicesArePutTogether() throws IOException {
    proxy.fault(new NetworkFault.Slicer(7));
    assertWhole(tollgate.get("/patient/body"));
  }

  @Test
  void anEndInTheHeadIs502() throws IOException {
    proxy.fault(new NetworkFault.LimitedData(12));
    assertRefused("/patient/head", 502, "101505", "upstream_reset");
  }

  @Test
  void anEndInMidBodyCutsTheAnswer() throws IOException {
    proxy.fault(new NetworkFault.LimitedData(50_000));
    assertCut();
  }

  private static void assertWhole(Response response) {
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.isComplete()).isTrue();
    assertThat(Arrays.equals(response.body(), BODY)).isTrue();
  }

  private static void assertRefused(String path, int status, String code, String outcome)
      throws IOException {
    assertThat(Problems.assertProblem(tollgate.get(path), status).path("code").asString())
        .isEqualTo(code);
    assertThat(tollgate.awaitAccessLogLine(path).path("outcome").asString()).isEqualTo(outcome);
  }

  private static void assertCut() throws IOException {
    Response response = tollgate.get("/patient/body?cut");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.isComplete()).isFalse();
    awaitReset();
  }

  private static void awaitReset() {
    Patience.await()
        .until(() ->
            tollgate
                    .metrics()
                    .sum("tollgate_requests_total", "api", "patient", "outcome", "upstream_reset")
                > 0);
  }
}
