package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Nginx;
import tollgate.it.harness.Program;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.Response;
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

  @Test
  void nginxServesAndStoresMuch() throws IOException {
    Path executable = Nginx.executable();
    assumeTrue(executable != null, "nginx is not installed");
    byte[] body = Bytes.random(10 * Bytes.MIB);
    try (Nginx nginx = Nginx.start(Objects.requireNonNull(executable));
        Tollgate tollgate =
            Tollgate.setup()
                .apis(
                    upstream("u", nginx.http2Port(), "protocol: h2", "timeouts: {connect: 10s}")
                        + api("a", "/a", "u"))
                .start();
        RawClient client = tollgate.client()) {
      nginx.file("large", body);
      for (int i = 0; i < 3; i++) {
        Response response = client.send("GET /a/files/large HTTP/1.1\r\nHost: x\r\n\r\n").read();
        assertThat(response.status()).isEqualTo(200);
        assertThat(Arrays.equals(response.body(), body)).isTrue();
      }
      client.send("PUT /a/uploads/large HTTP/1.1\r\nHost: x\r\n");
      client.send("Content-Length: " + body.length + "\r\n\r\n");
      assertThat(client.send(body).read().status()).isEqualTo(201);
      assertThat(Arrays.equals(nginx.upload("large"), body)).isTrue();
      assertThat(new HashSet<>(nginx.connections("/files/large"))).hasSize(1);
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
