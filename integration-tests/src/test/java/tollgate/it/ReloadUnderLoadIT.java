package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Load;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.Run;
import tollgate.it.harness.Tollgate;

/**
 * D10 under load: every answer is from one configuration as a whole, however quickly and by
 * whatever means it changes, and none fails.
 */
final class ReloadUnderLoadIT {
  private static final int CALLERS = 6;

  @Test
  void everyAnswerIsOfOneConfiguration() throws IOException, InterruptedException {
    int reloads = (int) Run.of("reloads under load", 40, 1000).cases();
    try (RecordingOrigin origin = RecordingOrigin.start();
        Tollgate tollgate = start(origin)) {
      swap(tollgate, 1);
      Patience.await().until(() -> "1".equals(tollgate.get("/a/v").header("X-Version")));
      AtomicInteger written = new AtomicInteger(1);
      AtomicInteger seen = new AtomicInteger(1);
      Load load = Load.start(CALLERS, () -> new Caller(tollgate, written, seen));
      while (written.get() < reloads && load.failures().isEmpty()) {
        int version = written.incrementAndGet();
        swap(tollgate, version);
        if (version % 3 == 0) {
          tollgate.signal("HUP");
        }
        if (version % 8 == 0 || version == reloads) {
          Patience.await().until(() -> seen.get() == version || !load.failures().isEmpty());
        }
      }
      System.out.println(load.stop());
      assertThat(load.failures()).isEmpty();
      assertThat(load.calls()).isGreaterThan(reloads);
      assertThat(tollgate.metrics().sum("tollgate_config_generation"))
          .isGreaterThanOrEqualTo(reloads / 8.0);
    }
  }

  /** What it sees never goes back. */
  private static final class Caller implements Load.Caller {
    private final RawClient client;
    private final AtomicInteger written;
    private final AtomicInteger seen;

    Caller(Tollgate tollgate, AtomicInteger written, AtomicInteger seen) throws IOException {
      this.client = tollgate.client();
      this.written = written;
      this.seen = seen;
    }

    @Override
    public void call() throws IOException {
      int least = seen.get();
      Response response = client.send("GET /a/v HTTP/1.1\r\nHost: x\r\n\r\n").read();
      assertThat(response.status()).as("%s", response).isEqualTo(200);
      assertThat(response.headers().all("X-Version")).as("%s", response).hasSize(1);
      int version = Integer.parseInt(String.valueOf(response.header("X-Version")));
      assertThat(response.text())
          .as("request and response by one configuration")
          .isEqualTo("seen " + version);
      assertThat(version).isBetween(least, written.get());
      seen.accumulateAndGet(version, Math::max);
    }

    @Override
    public void close() throws IOException {
      client.close();
    }
  }

  private static Tollgate start(RecordingOrigin origin) throws IOException {
    origin.on(
        "/v", (request, connection) -> connection.ok("seen " + request.header("X-Asked-Version")));
    Tollgate tollgate =
        Tollgate.setup()
            .apis(upstream("u", origin.port()))
            // Refused while it never stands still, or while one file has what another lacks.
            .expectError(" Reloader ")
            .start();
    Path mounted = mounted(tollgate);
    Files.createDirectories(mounted);
    for (String name : new String[] {"api.yaml", "asked.yaml", "answered.yaml"}) {
      Files.createSymbolicLink(mounted.resolve(name), Path.of("..data/" + name));
    }
    return tollgate;
  }

  private static Path mounted(Tollgate tollgate) {
    return tollgate.conf().resolve("conf.d/mounted");
  }

  /** As Kubernetes does it: a new folder, and one link that is replaced at once. */
  private static void swap(Tollgate tollgate, int version) throws IOException {
    Path mounted = mounted(tollgate);
    Path next = Files.createDirectories(mounted.resolve("..v" + version));
    Files.writeString(next.resolve("api.yaml"), api("a", "/a", "u", "policies: [asked, answered]"));
    Files.writeString(
        next.resolve("asked.yaml"),
        "kind: Policy\nname: asked\nrequest: [{headers: {set: {X-Asked-Version: \""
            + version
            + "\"}}}]\n");
    Files.writeString(
        next.resolve("answered.yaml"),
        "kind: Policy\nname: answered\nresponse: [{headers: {set: {X-Version: \""
            + version
            + "\"}}}]\n");
    Path link = mounted.resolve("..data_tmp");
    Files.createSymbolicLink(link, next.getFileName());
    Files.move(
        link,
        mounted.resolve("..data"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    if (version > 3) {
      Path old = mounted.resolve("..v" + (version - 3));
      for (String name : new String[] {"api.yaml", "asked.yaml", "answered.yaml"}) {
        Files.deleteIfExists(old.resolve(name));
      }
      Files.deleteIfExists(old);
    }
  }
}
