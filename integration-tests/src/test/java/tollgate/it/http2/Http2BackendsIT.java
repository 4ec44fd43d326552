package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.it.harness.Program;
import tollgate.it.harness.Tollgate;

/** Other people's HTTP/2 servers behind the gateway. Those that are not installed are skipped. */
final class Http2BackendsIT {
  @TempDir private static Path folder;

  /** HTTP/2 on both sides, with the client that {@link Http2PeersIT} tries as well. */
  @Test
  void nodeServesNode() throws IOException, InterruptedException {
    Program.assumeInstalled("node", "nodejs");
    Process backend = new ProcessBuilder("node", script("backend.mjs").toString()).start();
    try (var output = backend.inputReader()) {
      int port = Integer.parseInt(output.readLine());
      try (Tollgate tollgate =
          Tollgate.setup()
              .apis(
                  upstream("u", port, "protocol: h2", "timeouts: {connect: 10s}")
                      + api("a", "/a", "u"))
              .start()) {
        Program.Ran ran =
            Program.run(
                "node", script("peer.mjs").toString(), "http://127.0.0.1:" + tollgate.port(), "");
        assertThat(ran.exitCode()).as("%s", ran).isZero();
        assertThat(ran.text()).endsWith("all good\n");
        assertThat(tollgate.metrics().sum("tollgate_requests_total", "outcome", "ok"))
            .isGreaterThan(500);
      }
    } finally {
      backend.destroy();
      assertThat(backend.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Path script(String name) throws IOException {
    Path script = folder.resolve(name);
    try (var in = Objects.requireNonNull(Http2BackendsIT.class.getResourceAsStream(name), name)) {
      Files.write(script, in.readAllBytes());
    }
    return script;
  }
}
