package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.ControlSocket;
import tollgate.it.harness.LeanOrigin;
import tollgate.it.harness.OpenStreams;
import tollgate.it.harness.Patience;
import tollgate.it.harness.Run;
import tollgate.it.harness.Tollgate;
import tollgate.it.harness.Vitals;

/** Streams that are open while the configuration changes around them: none ends, none costs. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class StreamsOverReloadsIT {
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

  /** What a process needs beside its streams, of which each takes two descriptors. */
  private static final int OTHER_FILES = 500;

  /** Reloads before the heap is measured: what they load and compile for the first time stays. */
  private static final int FIRST_RELOADS = 10;

  private final Set<Socket> backends = ConcurrentHashMap.newKeySet();

  @Test
  void noStreamEndsAndTheHeapStaysAsItWas() throws IOException, InterruptedException {
    int count = (int) Math.min(Run.isLong() ? 10_000 : 200, (maxFiles() - OTHER_FILES) / 2);
    int reloads = (int) Run.of("reloads under " + count + " streams", 20, 1000).cases();
    try (LeanOrigin origin = LeanOrigin.start((_, socket) -> begin(socket));
        Tollgate tollgate = start(origin, count);
        OpenStreams streams = OpenStreams.open(tollgate.port(), "/kept/events", count)) {
      Patience.await()
          .until(() -> tollgate.metrics().sum("tollgate_streams", "kind", "sse") == count);
      ControlSocket control = ControlSocket.in(tollgate.conf().resolve(".state"));
      reload(tollgate, control, 0, FIRST_RELOADS);
      sendToAll(streams, count, 1);
      try (Vitals vitals = Vitals.of(tollgate)) {
        long before = vitals.liveHeapBytes();
        reload(tollgate, control, FIRST_RELOADS, FIRST_RELOADS + reloads);
        long after = vitals.liveHeapBytes();
        System.out.printf(
            "%d streams, %d reloads: heap %d KiB before, %d KiB after (%+.1f %%), %d MiB resident%n",
            count,
            reloads,
            before / 1024,
            after / 1024,
            100.0 * (after - before) / before,
            vitals.residentBytes() / Bytes.MIB);
        assertThat(after).as("bytes of live heap").isLessThanOrEqualTo(before * 105 / 100);
      }
      sendToAll(streams, count, 2);
      assertThat(streams.ended()).as("streams that ended").isZero();
      assertThat(tollgate.metrics().sum("tollgate_streams", "kind", "sse")).isEqualTo(count);
      assertThat(tollgate.metrics().sum("tollgate_config_generation"))
          .isGreaterThan((double) reloads);
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

  /** Another API is added, changed and removed; that of the streams is not touched. */
  private static void reload(Tollgate tollgate, ControlSocket control, int from, int to)
      throws IOException {
    for (int i = from; i < to; i++) {
      tollgate.write("conf.d/more.yaml", api("more", "/more" + i, "u"));
      if (i % 3 == 2) {
        Files.delete(tollgate.conf().resolve("conf.d/more.yaml"));
      }
      assertThat(control.ask(RELOAD)).startsWith("HTTP/1.1 200");
    }
  }

  private void begin(Socket socket) throws IOException {
    socket.getOutputStream().write(Bytes.of(HEAD));
    backends.add(socket);
  }

  /** Every origin sends one event, and every client gets it. */
  private void sendToAll(OpenStreams streams, int count, int number) throws IOException {
    assertThat(backends).hasSize(count);
    String event = "data: " + number + "\n\n";
    byte[] chunk = Bytes.of(Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
    for (Socket backend : backends) {
      backend.getOutputStream().write(chunk);
    }
    Patience.await().until(() -> streams.events(event) == count);
  }

  /** How many files a process may have open, as Linux says of this one. */
  private static long maxFiles() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/limits")).stream()
        .filter(line -> line.startsWith("Max open files"))
        .mapToLong(line -> Long.parseLong(line.split(" +", -1)[3]))
        .findFirst()
        .orElse(1024);
  }
}
