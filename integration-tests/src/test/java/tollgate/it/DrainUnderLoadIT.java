package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.LeanOrigin;
import tollgate.it.harness.Load;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.Response;
import tollgate.it.harness.Run;
import tollgate.it.harness.Tollgate;

/**
 * One process after the other takes over a port under load. No request fails, and the origin sees
 * each exactly once: what a client has to send again, because its connection was closed while it
 * was idle, had not been forwarded.
 */
final class DrainUnderLoadIT {
  private static final Duration LONGEST_START = Duration.ofSeconds(60);
  private static final String GATEWAY =
      """
      kind: Gateway
      name: it
      listeners:
        - {name: http, bind: "127.0.0.1:@http@"}
      status: {bind: "127.0.0.1:@status@"}
      drain: {delay: 0s, timeout: 20s}
      warmUp: 0s
      telemetry: {accessLog: {output: off}}
      """;
  private static final byte[] BODY = Bytes.random(100_000);

  private final int port = Tollgate.freePort();
  private final Map<String, Integer> arrivals = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final AtomicInteger toldToClose = new AtomicInteger();
  private final AtomicInteger sentAgain = new AtomicInteger();

  @Test
  void noRequestFailsWhileOneProcessTakesOverFromAnother()
      throws IOException, InterruptedException {
    int rounds = (int) Run.of("drains under load", 2, 20).cases();
    try (LeanOrigin origin = LeanOrigin.start(this::answer)) {
      Tollgate serving = launched(origin);
      Load quick = Load.start(4, () -> new Caller("/quick/", new byte[0]));
      Load slow = Load.start(4, () -> new Caller("/slow/", new byte[0]));
      Load large = Load.start(2, () -> new Caller("/large/", BODY));
      for (int round = 0; round < rounds; round++) {
        long enough = quick.calls() + 200;
        Patience.await().until(() -> quick.calls() >= enough || !quick.failures().isEmpty());
        assertThat(serving.process().destroy()).as("SIGTERM").isTrue();
        Patience.await().pollInterval(Duration.ofMillis(1)).until(this::isRefused);
        Tollgate next = launched(origin);
        assertThat(serving.awaitExit()).isZero();
        assertThat(serving.log()).contains("drained").doesNotContain("cut");
        serving.close();
        serving = next;
      }
      System.out.println("quick: " + quick.stop());
      System.out.println("slow: " + slow.stop());
      System.out.println("large: " + large.stop());
      System.out.println(toldToClose + " told to close, " + sentAgain + " sent again");
      serving.close();
      assertThat(quick.failures()).isEmpty();
      assertThat(slow.failures()).isEmpty();
      assertThat(large.failures()).isEmpty();
      assertThat(arrivals.values()).as("how often the origin saw each").containsOnly(1);
      assertThat(arrivals).hasSize(Math.toIntExact(quick.calls() + slow.calls() + large.calls()));
      assertThat(toldToClose.get()).isPositive();
    }
  }

  /** Ready, from the first attempt to take the port. */
  private Tollgate launched(LeanOrigin origin) throws IOException {
    Tollgate tollgate =
        Tollgate.setup()
            .gateway(GATEWAY)
            .port("http", port)
            .apis(upstream("u", origin.port()) + api("a", "/a", "u"))
            .launch();
    Patience.await()
        .atMost(LONGEST_START)
        .until(() -> tollgate.status("/readyz") == 200 || !tollgate.process().isAlive());
    assertThat(tollgate.process().isAlive()).as("%s", tollgate.log()).isTrue();
    return tollgate;
  }

  private boolean isRefused() throws IOException {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return false;
    } catch (ConnectException _) {
      return true;
    }
  }

  private void answer(LeanOrigin.Request request, Socket socket) throws IOException {
    String path = request.path();
    arrivals.merge(path, 1, Integer::sum);
    if (path.startsWith("/slow/")) {
      socket.getOutputStream().write(Bytes.of("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"));
      LockSupport.parkNanos(200_000_000);
      socket.getOutputStream().write(Bytes.of("to the end"));
    } else {
      LeanOrigin.ok(socket, "", request.body().length == 0 ? Bytes.of(path) : request.body());
    }
  }

  /**
   * A client as there are many: it keeps its connection until it is told to close it, connects
   * again when it is closed, and sends again what had no answer.
   */
  private final class Caller implements Load.Caller {
    private final String kind;
    private final byte[] body;
    private @Nullable RawClient client;

    Caller(String kind, byte[] body) {
      this.kind = kind;
      this.body = body;
    }

    @Override
    public void call() throws IOException {
      String path = kind + ids.incrementAndGet();
      Response response = null;
      while (response == null) {
        response = answer(path);
      }
      assertThat(response.status()).as("%s", response).isEqualTo(200);
      assertThat(response.isComplete()).as("%s", response).isTrue();
      String expected = kind.equals("/slow/") ? "to the end" : body.length == 0 ? path : null;
      assertThat(response.text()).isEqualTo(expected == null ? Bytes.text(body) : expected);
      if ("close".equals(response.header("Connection"))) {
        toldToClose.incrementAndGet();
        close();
      }
    }

    /**
     * @return null where the connection was closed before any byte of an answer
     */
    private @Nullable Response answer(String path) throws IOException {
      RawClient open = connected();
      int before = open.receivedCount();
      try {
        open.send((body.length == 0 ? "GET" : "POST") + " /a" + path + " HTTP/1.1\r\nHost: x\r\n");
        open.send(body.length == 0 ? "\r\n" : "Content-Length: " + body.length + "\r\n\r\n");
        return open.send(body).read();
      } catch (IOException e) {
        if (open.receivedCount() > before) {
          throw e;
        }
        sentAgain.incrementAndGet();
        close();
        return null;
      }
    }

    private RawClient connected() throws IOException {
      RawClient open = client;
      long end = System.nanoTime() + LONGEST_START.toNanos();
      while (open == null) {
        try {
          open = RawClient.to(port);
          client = open;
        } catch (ConnectException e) {
          // Nobody listens until the next process does.
          if (System.nanoTime() > end) {
            throw e;
          }
          LockSupport.parkNanos(5_000_000);
        }
      }
      return open;
    }

    @Override
    public void close() throws IOException {
      RawClient open = client;
      client = null;
      if (open != null) {
        open.close();
      }
    }
  }
}
