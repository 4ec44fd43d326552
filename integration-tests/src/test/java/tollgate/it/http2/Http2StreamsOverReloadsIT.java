package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.ControlSocket;
import tollgate.it.harness.LeanOrigin;
import tollgate.it.harness.Patience;
import tollgate.it.harness.Run;
import tollgate.it.harness.Tollgate;
import tollgate.it.harness.Vitals;

/** Streams of HTTP/2 that are open while the configuration changes: none ends, none costs. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class Http2StreamsOverReloadsIT {
  private static final int STREAMS_EACH = 100;
  private static final int FIRST_RELOADS = 10;
  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String GATEWAY =
      """
      kind: Gateway
      name: it
      listeners:
        - {name: http, bind: "127.0.0.1:@http@"}
      status: {bind: "127.0.0.1:@status@"}
      drain: {delay: 0s, timeout: 1s}
      reload: {watch: false}
      overload: {fileDescriptors: 100%}
      telemetry: {accessLog: {output: off}}
      """;
  private static final String RELOAD =
      "POST /v1/reload HTTP/1.1\r\nHost: control\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

  private final Set<Socket> backends = ConcurrentHashMap.newKeySet();

  @Test
  void noneEndsAndTheHeapStaysAsItWas() throws IOException, InterruptedException {
    int connections = Run.isLong() ? 20 : 2;
    int count = connections * STREAMS_EACH;
    int reloads = (int) Run.of("reloads under " + count + " streams of HTTP/2", 20, 1000).cases();
    List<Http2Client> clients = new ArrayList<>();
    try (LeanOrigin origin = LeanOrigin.start((_, socket) -> begin(socket));
        Tollgate tollgate = start(origin, count)) {
      Endpoint endpoint = new Endpoint(tollgate.port(), null, "api.example.com", "/kept");
      for (int i = 0; i < connections; i++) {
        clients.add(open(endpoint));
      }
      Patience.await()
          .until(() -> tollgate.metrics().sum("tollgate_streams", "kind", "sse") == count);
      ControlSocket control = ControlSocket.in(tollgate.conf().resolve(".state"));
      reload(tollgate, control, 0, FIRST_RELOADS);
      sendToAll(clients, 1);
      try (Vitals vitals = Vitals.of(tollgate)) {
        long before = vitals.liveHeapBytes();
        reload(tollgate, control, FIRST_RELOADS, FIRST_RELOADS + reloads);
        long after = vitals.liveHeapBytes();
        System.out.printf(
            "%d streams of HTTP/2, %d reloads: heap %d KiB before, %d KiB after (%+.1f %%)%n",
            count, reloads, before / 1024, after / 1024, 100.0 * (after - before) / before);
        assertThat(after).as("bytes of live heap").isLessThanOrEqualTo(before * 105 / 100);
      }
      sendToAll(clients, 2);
      assertThat(tollgate.metrics().sum("tollgate_streams", "kind", "sse")).isEqualTo(count);
      assertThat(tollgate.metrics().sum("tollgate_config_generation"))
          .isGreaterThan((double) reloads);
    } finally {
      for (Http2Client client : clients) {
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
                + "operations: [{id: events, match: GET /events, stream: sse}]\n")
        .start();
  }

  private static Http2Client open(Endpoint endpoint) throws IOException {
    Http2Client client = Http2Client.open(endpoint);
    byte[] block =
        Probe.fields(
            ":method",
            "GET",
            ":scheme",
            endpoint.scheme(),
            ":path",
            endpoint.prefix() + "/events",
            ":authority",
            endpoint.authority());
    for (int i = 0; i < STREAMS_EACH; i++) {
      client.send(Frame.headers(2 * i + 1, true, block));
    }
    for (int i = 0; i < STREAMS_EACH; i++) {
      assertThat(client.awaitHead(2 * i + 1).status()).isEqualTo(200);
    }
    return client;
  }

  /** Another API is added and changed; that of the streams is not touched. */
  private static void reload(Tollgate tollgate, ControlSocket control, int from, int to)
      throws IOException {
    for (int i = from; i < to; i++) {
      tollgate.write("conf.d/more.yaml", api("more", "/more" + i, "u"));
      assertThat(control.ask(RELOAD)).startsWith("HTTP/1.1 200");
    }
  }

  private void begin(Socket socket) throws IOException {
    socket.getOutputStream().write(Bytes.of(HEAD));
    backends.add(socket);
  }

  /** Every origin sends one event, and every client gets it on each of its streams. */
  private void sendToAll(List<Http2Client> clients, int number) throws IOException {
    assertThat(backends).hasSize(clients.size() * STREAMS_EACH);
    String event = "data: " + number + "\n\n";
    byte[] chunk = Bytes.of(Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
    for (Socket backend : backends) {
      backend.getOutputStream().write(chunk);
    }
    for (Http2Client client : clients) {
      for (int i = 0; i < STREAMS_EACH; i++) {
        Answer answer = client.awaitBody(2 * i + 1, number * event.length());
        assertThat(answer.text()).endsWith(event);
        assertThat(answer.isOver()).as("%s", answer).isFalse();
      }
    }
  }
}
