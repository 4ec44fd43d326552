package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.ControlSocket;
import tollgate.it.harness.Frame;
import tollgate.it.harness.LeanOrigin;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.Run;
import tollgate.it.harness.Tollgate;
import tollgate.it.harness.Vitals;
import tollgate.it.harness.WebSocketOrigin;

/** WebSockets that are open while the configuration changes, and when the gateway ends. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class WebSocketsOverReloadsIT {
  private static final String GATEWAY =
      """
      kind: Gateway
      name: it
      listeners:
        - {name: http, bind: "127.0.0.1:@http@"}
      status: {bind: "127.0.0.1:@status@"}
      drain: {delay: 0s, timeout: 20s}
      reload: {watch: false, streamGrace: 0s}
      overload: {fileDescriptors: 100%}
      """;
  private static final String RELOAD =
      "POST /v1/reload HTTP/1.1\r\nHost: control\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  private static final String WEBSOCKET =
      "operations: [{id: talk, match: GET /talk, stream: websocket, websocket: {idleTimeout: 1h}}]\n";

  @Test
  void outliveReloadsThatDoNotTouchThemAndCostLittle() throws IOException, InterruptedException {
    int count = Run.isLong() ? 4_000 : 1_000;
    int reloads = (int) Run.of("reloads under " + count + " WebSockets", 20, 1000).cases();
    List<RawClient> clients = new ArrayList<>();
    try (LeanOrigin origin = LeanOrigin.start(WebSocketOrigin::echo);
        Tollgate tollgate = start(origin, count);
        Vitals vitals = Vitals.of(tollgate)) {
      open(tollgate, clients, 10); // what the first ones load and compile is not theirs
      echo(clients);
      long heap = vitals.liveHeapBytes();
      long resident = vitals.residentBytes();
      open(tollgate, clients, count - 10);
      echo(clients);
      long more = vitals.liveHeapBytes() - heap;
      System.out.printf(
          "%d WebSockets: %d bytes of live heap each, %d KiB more resident in all%n",
          count, more / (count - 10), (vitals.residentBytes() - resident) / 1024);
      ControlSocket control = ControlSocket.in(tollgate.conf().resolve(".state"));
      for (int i = 0; i < reloads; i++) {
        tollgate.write("conf.d/more.yaml", api("more", "/more" + i, "u"));
        assertThat(control.ask(RELOAD)).startsWith("HTTP/1.1 200");
      }
      echo(clients);
      assertThat(tollgate.metrics().sum("tollgate_streams", "kind", "ws")).isEqualTo(count);
      assertThat(tollgate.metrics().sum("tollgate_config_generation"))
          .isGreaterThan((double) reloads);
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void endWithACloseWhenTheirApiIsGoneAndWhenTheGatewayGoes() throws IOException {
    List<RawClient> clients = new ArrayList<>();
    try (LeanOrigin origin = LeanOrigin.start(WebSocketOrigin::echo);
        Tollgate tollgate = start(origin, 10)) {
      open(tollgate, clients, 2);
      tollgate.write("conf.d/other.yaml", api("other", "/other", "u") + WEBSOCKET);
      ControlSocket control = ControlSocket.in(tollgate.conf().resolve(".state"));
      assertThat(control.ask(RELOAD)).startsWith("HTTP/1.1 200");
      RawClient other = RawClient.to(tollgate.port());
      clients.add(other);
      other.send(WebSocketIT.handshake("/other/talk"));
      assertThat(other.readHead().status()).isEqualTo(101);

      Files.delete(tollgate.conf().resolve("conf.d/other.yaml"));
      assertThat(control.ask(RELOAD)).startsWith("HTTP/1.1 200");
      assertThat(other.readFrame().closeCode()).isEqualTo(1012);
      assertThat(other.isClosedByPeer()).isTrue();
      clients.removeLast().close();
      echo(clients);

      assertThat(tollgate.process().destroy()).isTrue();
      for (RawClient client : clients) {
        assertThat(client.readFrame().closeCode()).isEqualTo(1001);
        assertThat(client.isClosedByPeer()).isTrue();
        client.close();
      }
      assertThat(tollgate.awaitExit()).isZero();
      assertThat(tollgate.accessLogLines())
          .hasSize(3)
          .allMatch(line -> line.path("outcome").asString().equals("draining"));
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  private static Tollgate start(LeanOrigin origin, int count) throws IOException {
    return Tollgate.setup()
        .gateway(GATEWAY)
        .apis(
            upstream("u", origin.port(), "pool: {maxConnections: " + count + "}")
                + api("kept", "/kept", "u")
                + WEBSOCKET)
        .start();
  }

  private static void open(Tollgate tollgate, List<RawClient> clients, int count)
      throws IOException {
    for (int i = 0; i < count; i++) {
      RawClient client = RawClient.forgetful(tollgate.port());
      clients.add(client);
      client.send(WebSocketIT.handshake("/kept/talk"));
      assertThat(client.readHead().status()).isEqualTo(101);
    }
    int all = clients.size();
    Patience.await().until(() -> tollgate.metrics().sum("tollgate_streams", "kind", "ws") == all);
  }

  private static void echo(List<RawClient> clients) throws IOException {
    for (RawClient client : clients) {
      client.send(Frame.text("hello"));
    }
    for (RawClient client : clients) {
      assertThat(client.readFrame())
          .isEqualTo(new Frame(Frame.FIN | Frame.TEXT, false, Bytes.of("hello")));
    }
  }
}
