package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.LeanOrigin;
import tollgate.it.harness.Load;
import tollgate.it.harness.Patience;
import tollgate.it.harness.Tollgate;

/**
 * SIGTERM under load over HTTP/2: what GOAWAY says was taken is answered, and the origin sees
 * nothing of what it says was not.
 */
final class Http2DrainIT {
  private static final String HOST = "api.example.com";
  private static final int AT_ONCE = 8;
  private static final String GATEWAY =
      """
      kind: Gateway
      name: it
      listeners:
        - {name: http, bind: "127.0.0.1:@http@", protocols: [http1, h2]}
      status: {bind: "127.0.0.1:@status@"}
      drain: {delay: 0s, timeout: 20s}
      warmUp: 0s
      overload: {loopLag: 10s}
      """;

  private final Map<String, Integer> arrivals = new ConcurrentHashMap<>();
  private final Set<String> answered = ConcurrentHashMap.newKeySet();
  private final Set<String> notTaken = ConcurrentHashMap.newKeySet();
  private final Set<String> cutOff = ConcurrentHashMap.newKeySet();
  private final AtomicInteger ids = new AtomicInteger();
  private final AtomicInteger goAways = new AtomicInteger();

  @Test
  void noRequestIsLostWhenItEnds() throws IOException, InterruptedException {
    try (LeanOrigin origin = LeanOrigin.start(this::answer);
        Tollgate tollgate =
            Tollgate.setup()
                .gateway(GATEWAY)
                .apis(
                    upstream("u", origin.port(), "timeouts: {connect: 10s}") + api("a", "/a", "u"))
                .start()) {
      Endpoint endpoint = new Endpoint(tollgate.port(), null, HOST, "/a");
      Load load = Load.start(4, () -> new Caller(endpoint));
      Patience.await().until(() -> load.calls() >= 40 || !load.failures().isEmpty());
      assertThat(tollgate.process().destroy()).as("SIGTERM").isTrue();
      assertThat(tollgate.awaitExit()).isZero();
      assertThat(load.stop().failures()).isEmpty();
      System.out.printf(
          "%d answered, %d not taken by GOAWAY, %d cut off; %d GOAWAY%n",
          answered.size(), notTaken.size(), cutOff.size(), goAways.get());
      assertThat(tollgate.log()).contains("drained").doesNotContain("cut");
      assertThat(goAways.get()).isPositive();
      assertThat(answered).allSatisfy(path -> assertThat(arrivals.get(path)).isEqualTo(1));
      assertThat(notTaken).doesNotContainAnyElementsOf(arrivals.keySet());
      assertThat(cutOff).doesNotContainAnyElementsOf(arrivals.keySet());
    }
  }

  private void answer(LeanOrigin.Request request, Socket socket) throws IOException {
    arrivals.merge(request.path(), 1, Integer::sum);
    if (request.path().endsWith("0")) {
      LockSupport.parkNanos(100_000_000);
    }
    LeanOrigin.ok(socket, "", Bytes.of(request.path()));
  }

  /** Several at once on one connection, and another connection when that says goodbye. */
  private final class Caller implements Load.Caller {
    private final Endpoint endpoint;
    private @Nullable Http2Client client;
    private int stream = -1;

    Caller(Endpoint endpoint) {
      this.endpoint = endpoint;
    }

    @Override
    public void call() throws IOException {
      Http2Client open = connected();
      if (open == null) {
        return;
      }
      String[] paths = new String[AT_ONCE];
      Frame[] frames = new Frame[AT_ONCE];
      for (int i = 0; i < AT_ONCE; i++) {
        paths[i] = "/" + ids.incrementAndGet();
        frames[i] = Frame.headers(stream + 2 * i + 2, true, get(paths[i]));
      }
      open.send(frames);
      for (int i = 0; i < AT_ONCE; i++) {
        stream += 2;
        settle(open, paths[i], open.await(stream));
        open.forget(stream);
      }
      open.send(Frame.windowUpdate(0, 1000));
      Frame goAway = open.goAway();
      if (goAway != null) {
        assertThat(goAway.code()).as("%s", open).isEqualTo(ErrorCode.NO_ERROR);
        goAways.incrementAndGet();
        close();
      } else if (open.isReset()) {
        close();
      }
    }

    private void settle(Http2Client open, String path, Answer answer) {
      Frame goAway = open.goAway();
      if (answer.status() == 200) {
        assertThat(answer.text()).as("%s; %s", answer, open).isEqualTo(path);
        answered.add(path);
      } else if (answer.reset() == ErrorCode.REFUSED_STREAM
          || (goAway != null && stream > goAway.intAt(0))) {
        notTaken.add(path);
      } else {
        // GOAWAY is lost where something of ours was on its way when the connection ended.
        assertThat(goAway == null && open.isReset()).as("%s; %s", answer, open).isTrue();
        cutOff.add(path);
      }
    }

    private byte[] get(String path) {
      return Probe.fields(
          ":method", "GET", ":scheme", "http", ":path", "/a" + path, ":authority", HOST);
    }

    /**
     * @return null where nobody listens any more
     */
    private @Nullable Http2Client connected() throws IOException {
      if (client != null) {
        return client;
      }
      try {
        Http2Client opened = Http2Client.open(endpoint);
        stream = -1;
        client = opened;
        return opened;
      } catch (ConnectException _) {
        LockSupport.parkNanos(5_000_000);
        return null;
      }
    }

    @Override
    public void close() throws IOException {
      Http2Client open = client;
      client = null;
      if (open != null) {
        open.close();
      }
    }
  }
}
