package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import tollgate.it.InputRows.Row;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.LeanOrigin;
import tollgate.it.harness.Load;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.Run;
import tollgate.it.harness.Tollgate;
import tollgate.it.harness.Vitals;
import tollgate.it.mutation.Printed;

/**
 * No bad input costs the gateway more than 64 KiB and ten times its own bytes of memory, or as much
 * processor time as twenty ordinary requests on a kept connection; its own connection is counted
 * in.
 */
final class CostOfInputIT {
  private static final int FREE_BYTES = 64 * 1024;
  private static final int BYTES_PER_BYTE = 10;
  private static final int MOST_REQUESTS = 20;
  private static final int SENDERS = 4;
  private static final int PRINTED = Run.isLong() ? Integer.MAX_VALUE : 8;

  /** Ordinary requests that everything is compared with. */
  private static final int ORDINARY = Run.isLong() ? 100_000 : 2_000;

  private static final String GATEWAY =
      """
      kind: Gateway
      name: it
      listeners:
        - {name: http, bind: "127.0.0.1:@http@"}
      status: {bind: "127.0.0.1:@status@"}
      drain: {delay: 0s, timeout: 10s}
      reload: {watch: false}
      telemetry: {accessLog: {output: access.log}}
      """;

  private final List<Row> rows = InputRows.all();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  /** What one input of a row cost. */
  private record Cost(Row row, double cpuNanos, double heapBytes) {
    double heapRatio() {
      return heapBytes / (FREE_BYTES + (double) BYTES_PER_BYTE * row.bytes());
    }

    /** Of time in the long form only: after few inputs it is the compiler that is measured. */
    boolean isTooMuch(Each ordinary) {
      return heapRatio() > 1 || (Run.isLong() && cpuNanos > MOST_REQUESTS * ordinary.cpuNanos());
    }
  }

  /** What one of many inputs cost. */
  private record Each(double cpuNanos, double heapBytes) {}

  @Test
  void noInputCostsMuchMoreThanItsBytes() throws IOException, InterruptedException {
    int times = (int) Run.of(rows.size() + " bad inputs, each so often", 4, 2000).cases();
    try (LeanOrigin origin = LeanOrigin.start(this::answer);
        Tollgate tollgate = start(origin);
        Vitals vitals = Vitals.of(tollgate)) {
      for (Row row : rows) {
        send(tollgate, row, Math.max(1, times / 10)); // compiled before it is measured
      }
      Each ordinary = ordinary(tollgate, vitals);
      System.out.printf(
          "an ordinary request: %.1f us, %.0f bytes of heap%n",
          ordinary.cpuNanos() / 1000, ordinary.heapBytes());
      List<Cost> costs = new ArrayList<>();
      for (Row row : rows) {
        Cost cost = cost(row, measured(vitals, times, () -> send(tollgate, row, times)));
        // What only happened beside it does not happen twice.
        costs.add(
            cost.isTooMuch(ordinary)
                ? cost(row, measured(vitals, times, () -> send(tollgate, row, times)))
                : cost);
      }
      print(costs, ordinary);
      double direct = tollgate.metrics().sum("tollgate_direct_memory_bytes");
      System.out.printf("%.1f MiB direct memory in the end%n", direct / Bytes.MIB);
      assertThat(failures).as("connections that did not end").isEmpty();
      assertThat(direct).isLessThan(32.0 * Bytes.MIB);
      assertThat(costs).filteredOn(cost -> cost.isTooMuch(ordinary)).as("too much").isEmpty();
    }
  }

  private static Cost cost(Row row, Each each) {
    return new Cost(row, each.cpuNanos(), each.heapBytes());
  }

  private static Tollgate start(LeanOrigin origin) throws IOException {
    return Tollgate.setup()
        .gateway(GATEWAY)
        .javaOption("-Dio.netty.leakDetection.level=disabled")
        .apis(upstream("u", origin.port(), "health: {passive: off}") + api("a", "/a", "u"))
        .start();
  }

  private static Each ordinary(Tollgate tollgate, Vitals vitals)
      throws IOException, InterruptedException {
    return measured(
        vitals,
        ORDINARY,
        () -> {
          Load load =
              Load.start(
                  SENDERS,
                  () -> {
                    RawClient client = RawClient.forgetful(tollgate.port());
                    return Load.Caller.of(
                        client::close,
                        () -> client.send("GET /a/items/1 HTTP/1.1\r\nHost: x\r\n\r\n").read());
                  });
          Patience.await().until(() -> load.calls() >= ORDINARY || !load.failures().isEmpty());
          assertThat(load.stop().failures()).isEmpty();
        });
  }

  /** Something that is done. */
  @FunctionalInterface
  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private static Each measured(Vitals vitals, int times, Work work)
      throws IOException, InterruptedException {
    long cpu = vitals.cpuNanos();
    long heap = vitals.allocatedBytes();
    work.run();
    return new Each(
        (double) (vitals.cpuNanos() - cpu) / times,
        (double) (vitals.allocatedBytes() - heap) / times);
  }

  private void send(Tollgate tollgate, Row row, int times) throws InterruptedException {
    byte[] bytes = Bytes.of(row.input());
    List<Thread> senders = new ArrayList<>();
    for (int i = 0; i < SENDERS; i++) {
      int share = (times + i) / SENDERS;
      senders.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int n = 0; n < share; n++) {
                  send(tollgate.port(), bytes);
                }
              }));
    }
    for (Thread sender : senders) {
      sender.join();
    }
  }

  /** Sends all of it, and reads until the gateway closes. */
  private void send(int port, byte[] bytes) {
    byte[] answer = new byte[16 * 1024];
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
      InputStream in = socket.getInputStream();
      while (in.read(answer) >= 0) {
        // whatever it says
      }
    } catch (SocketException _) {
      // it had enough of us
    } catch (IOException e) {
      failures.add(e + " after " + Printed.of(Bytes.text(bytes)));
    }
  }

  private void answer(LeanOrigin.Request request, Socket socket) throws IOException {
    String answer = InputRows.answerTo(rows, request.path());
    if (answer == null) {
      LeanOrigin.ok(socket, "", Bytes.of("ok"));
    } else {
      socket.getOutputStream().write(Bytes.of(answer));
      socket.shutdownOutput();
    }
  }

  private static void print(List<Cost> costs, Each ordinary) {
    System.out.println("requests  heap KiB   of its limit  bytes  input");
    costs.stream()
        .sorted(Comparator.comparingDouble(Cost::cpuNanos).reversed())
        .limit(PRINTED)
        .forEach(cost -> print(cost, ordinary));
    System.out.println("most memory:");
    costs.stream()
        .sorted(Comparator.comparingDouble(Cost::heapRatio).reversed())
        .limit(Math.min(10, PRINTED))
        .forEach(cost -> print(cost, ordinary));
  }

  private static void print(Cost cost, Each ordinary) {
    String text = cost.row().answer() == null ? cost.row().input() : cost.row().answer();
    String shown = Printed.of(text);
    System.out.printf(
        "%8.1f %9.1f %13.1f%% %6d  %s: %s%n",
        cost.cpuNanos() / ordinary.cpuNanos(),
        cost.heapBytes() / 1024,
        100 * cost.heapRatio(),
        cost.row().bytes(),
        cost.row().family(),
        shown.length() > 100 ? shown.substring(0, 100) + "..." : shown);
  }
}
