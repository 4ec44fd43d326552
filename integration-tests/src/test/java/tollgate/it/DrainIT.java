package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/** How the gateway stops. Each test runs one of its own. */
final class DrainIT {
  private static final String GATEWAY =
      """
      kind: Gateway
      name: it
      listeners:
        - {name: http, bind: "127.0.0.1:@http@"}
      status: {bind: "127.0.0.1:@status@"}
      drain: {delay: %s, timeout: %s}
      """;

  @Test
  void isNotReadyFirstThenClosesThenFinishes() throws IOException {
    CountDownLatch finish = new CountDownLatch(1);
    try (RecordingOrigin origin = RecordingOrigin.start();
        Tollgate tollgate =
            Tollgate.setup()
                .gateway(GATEWAY.formatted("1500ms", "20s"))
                .apis(upstream("u", origin.port()) + api("a", "/a", "u"))
                .start();
        RawClient inFlight = tollgate.client();
        RawClient idle = tollgate.client()) {
      String path =
          origin.path((request, connection) -> {
            finish.await();
            connection.ok("finished");
          });
      assertThat(idle.send("GET /a/x HTTP/1.1\r\nHost: x\r\n\r\n").read().status()).isEqualTo(200);
      inFlight.send("GET /a" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      origin.await(path);

      assertThat(tollgate.process().destroy()).isTrue();
      Patience.await()
          .pollInterval(Duration.ofMillis(20))
          .until(() -> tollgate.status("/readyz") == 503);
      assertThat(tollgate.status("/livez")).isEqualTo(200);
      assertThat(tollgate.get("/a/late").status())
          .as("still served while the load balancer looks")
          .isEqualTo(200);

      Patience.await().until(() -> isRefused(tollgate.port()));
      assertThat(idle.isClosedByPeer()).as("idle connections are closed").isTrue();
      assertThat(tollgate.process().isAlive()).as("waits for what is in flight").isTrue();
      finish.countDown();
      Response last = inFlight.read();
      assertThat(last.text()).isEqualTo("finished");
      assertThat(last.header("Connection")).isEqualTo("close");
      assertThat(tollgate.awaitExit()).isZero();
      assertThat(tollgate.accessLogLines()).hasSize(3);
    }
  }

  @Test
  void endsWhatDoesNotFinishInTime() throws IOException {
    try (RecordingOrigin origin = RecordingOrigin.start();
        Tollgate tollgate =
            Tollgate.setup()
                .gateway(GATEWAY.formatted("0s", "300ms"))
                .apis(upstream("u", origin.port()) + api("a", "/a", "u"))
                .start();
        RawClient client = tollgate.client()) {
      String path = origin.path((request, connection) -> connection.awaitPeerClose());
      client.send("GET /a" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      origin.await(path);
      assertThat(tollgate.process().destroy()).isTrue();
      assertThat(tollgate.awaitExit()).isZero();
      assertThat(tollgate.accessLogLines()).hasSize(1);
    }
  }

  @Test
  void drainsByCommand() throws IOException {
    try (RecordingOrigin origin = RecordingOrigin.start();
        Tollgate tollgate =
            Tollgate.setup()
                .gateway(GATEWAY.formatted("0s", "5s"))
                .apis(upstream("u", origin.port()) + api("a", "/a", "u"))
                .start()) {
      assertThat(Tollgate.run("drain", "--conf", tollgate.conf().toString()).exitCode()).isZero();
      assertThat(tollgate.awaitExit()).isZero();
    }
  }

  @Test
  void endsWith1OnAnInvalidFirstConfiguration() throws IOException {
    Tollgate tollgate =
        Tollgate.setup().apis("kind: Api\nnme: x\n").expectError("nme|config").launch();
    assertThat(tollgate.awaitExit()).isEqualTo(1);
    assertThat(tollgate.log() + tollgate.accessLog())
        .containsPattern("apis\\.yaml:2:\\d+ .*nme.*name");
  }

  @Test
  void endsWith3WhenAPortIsTaken() throws IOException {
    try (RecordingOrigin origin = RecordingOrigin.start()) {
      Tollgate tollgate =
          Tollgate.setup()
              .port("http", origin.port())
              .apis(upstream("u", origin.port()) + api("a", "/a", "u"))
              .expectError(Integer.toString(origin.port()))
              .launch();
      assertThat(tollgate.awaitExit()).isEqualTo(3);
      assertThat(tollgate.log()).contains(Integer.toString(origin.port())).doesNotContain("\tat ");
    }
  }

  private static boolean isRefused(int port) {
    try (RawClient client = RawClient.to(port)) {
      return client.isClosedByPeer();
    } catch (IOException _) {
      return true;
    }
  }
}
