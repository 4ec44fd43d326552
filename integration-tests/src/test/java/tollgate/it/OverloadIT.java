package tollgate.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/** E10: more work than can be done. */
final class OverloadIT {
  private static final String GET = "GET %s HTTP/1.1\r\nHost: x\r\n\r\n";

  @Test
  void anApiWhoseBackendHangsKeepsNoOtherOut() throws IOException {
    CountDownLatch finish = new CountDownLatch(1);
    try (RecordingOrigin origin = RecordingOrigin.start();
        Tollgate tollgate =
            Tollgate.setup()
                .javaOption("-XX:ActiveProcessorCount=1")
                .gatewayAlso("overload: {maxInFlight: 40, retryAfter: 3s}\n")
                .apis(
                    upstream("u", origin.port())
                        + api("noisy", "/noisy", "u")
                        + api("quiet", "/quiet", "u"))
                .start()) {
      origin.on(
          "/hangs",
          (_, connection) -> {
            finish.await();
            connection.ok("late");
          });
      List<RawClient> clients = new ArrayList<>();
      try {
        for (int i = 0; i < 100; i++) {
          clients.add(tollgate.client().send(GET.formatted("/noisy/hangs")));
        }
        Patience.await()
            .until(() -> shed(tollgate, "noisy") + origin.requests("/hangs").size() == 100);

        assertThat(shed(tollgate, "noisy")).isEqualTo(60);
        for (int i = 0; i < 10; i++) {
          assertThat(tollgate.get("/quiet/x").status()).isEqualTo(200);
        }
        assertThat(tollgate.status("/readyz")).isEqualTo(200);
        finish.countDown();
        int late = 0;
        for (RawClient client : clients) {
          Response response = client.read();
          if (response.status() == 200) {
            late++;
          } else {
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("Retry-After")).isEqualTo("3");
            assertThat(response.text()).contains("503103");
          }
        }
        assertThat(late).isEqualTo(40);
        assertThat(tollgate.get("/noisy/x").status()).isEqualTo(200);
        assertThat(shed(tollgate, "quiet")).isZero();
      } finally {
        finish.countDown();
        for (RawClient client : clients) {
          client.close();
        }
      }
    }
  }

  @Test
  void readsARefusedConnectionOnAfterAMoment() throws IOException {
    CountDownLatch finish = new CountDownLatch(1);
    try (RecordingOrigin origin = RecordingOrigin.start();
        Tollgate tollgate =
            Tollgate.setup()
                .gatewayAlso("overload: {maxInFlight: 1}\n")
                .apis(upstream("u", origin.port()) + api("a", "/a", "u"))
                .start();
        RawClient first = tollgate.client()) {
      origin.on(
          "/hangs",
          (_, connection) -> {
            finish.await();
            connection.ok("late");
          });
      first.send(GET.formatted("/a/hangs"));
      origin.await("/hangs");
      List<RawClient> others = new ArrayList<>();
      try {
        // Loops share nothing, so that only those on the first one's loop are refused.
        RawClient refused = null;
        for (int i = 0; i < 16 && refused == null; i++) {
          RawClient client = tollgate.client().send(GET.formatted("/a/x"));
          others.add(client);
          refused = client.read().status() == 503 ? client : null;
        }
        assertThat(refused).isNotNull();
        refused.send(GET.formatted("/a/x"));
        finish.countDown();
        assertThat(first.read().text()).isEqualTo("late");
        assertThat(refused.read().status()).isEqualTo(200);
      } finally {
        for (RawClient client : others) {
          client.close();
        }
      }
    }
  }

  /**
   * E9: clients that ask for much and read nothing, on a gateway with little memory for buffers.
   */
  @Test
  void memoryThatSlowReadersHoldIsGivenBack() throws IOException {
    byte[] large = new byte[1 << 20];
    try (RecordingOrigin origin = RecordingOrigin.start();
        Tollgate tollgate =
            Tollgate.setup()
                .javaOption("-XX:MaxDirectMemorySize=32m")
                .apis(upstream("u", origin.port()) + api("a", "/a", "u"))
                .start()) {
      origin.on("/large", (_, connection) -> connection.reply("200 OK", "", large));
      List<Socket> readers = new ArrayList<>();
      try {
        Patience.await()
            .until(() -> {
              // Few at a time: the gateway looks ten times a second how much is left.
              for (int i = 0; i < 5; i++) {
                readers.add(slowReader(tollgate, "/a/large"));
              }
              return tollgate.metrics().sum("tollgate_overload_state") >= 1;
            });
        Patience.await().until(() -> tollgate.status("/livez") == 200);
      } finally {
        for (Socket reader : readers) {
          reader.close();
        }
      }
      Patience.await().until(() -> tollgate.metrics().sum("tollgate_overload_state") == 0);
      assertThat(tollgate.get("/a/large").body()).hasSize(large.length);
    }
  }

  private static Socket slowReader(Tollgate tollgate, String path) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), tollgate.port()));
    socket.getOutputStream().write(GET.formatted(path).getBytes(US_ASCII));
    return socket;
  }

  private static double shed(Tollgate tollgate, String api) throws IOException {
    return tollgate
        .metrics()
        .sum("tollgate_requests_total", "api", api, "outcome", "overloaded", "code", "503");
  }
}
