package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Bytes.MIB;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Problems;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/** A24: bodies of half a mebibyte that would be half a gibibyte. Nobody here opens them. */
final class CompressionBombsIT {
  private static final int HEAP_MIB = 48;
  private static byte[] bomb;
  private static RecordingOrigin origin;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    bomb = bomb(512);
    assertThat(bomb.length).isLessThan(MIB);
    origin = RecordingOrigin.start();
    origin.on(
        "/bomb",
        (_, connection) ->
            connection.reply(
                "200 OK", "Content-Type: text/plain\r\nContent-Encoding: gzip\r\n", bomb));
    tollgate =
        Tollgate.setup()
            .javaOption("-Xmx" + HEAP_MIB + "m")
            .gateway(
                """
                kind: Gateway
                name: it
                listeners:
                  - {name: http, bind: "127.0.0.1:@http@"}
                  - {name: strict, bind: "127.0.0.1:@strict@", limits: {body: 100KiB}}
                status: {bind: "127.0.0.1:@status@"}
                drain: {delay: 0s, timeout: 10s}
                """)
            .apis(
                upstream("u", origin.port())
                    + api("a", "/a", "u")
                    + """
                    ---
                    kind: Policy
                    name: compressed
                    response:
                      - compress: {}
                    """
                    + api("c", "/c", "u", "policies: [compressed]"))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  @Test
  void aRequestIsPassedOnAsItIs() throws IOException {
    try (RawClient client = tollgate.client()) {
      assertThat(client.send(head(bomb.length)).send(bomb).read().status()).isEqualTo(200);
    }
    assertThat(Arrays.equals(origin.requests("/in").getLast().body(), bomb)).isTrue();
    assertNobodyOpenedIt();
  }

  @Test
  void aRequestIsRefusedByItsOwnLength() throws IOException {
    try (RawClient client = RawClient.to(tollgate.port("strict"))) {
      Problems.assertLastProblem(client.send(head(bomb.length)).read(), 413);
    }
  }

  @Test
  void aResponseIsPassedOnAsItIs() throws IOException {
    assertPassed(tollgate.get("/a/bomb", "Accept-Encoding: gzip"));
  }

  @Test
  void aResponseIsLeftAloneByCompress() throws IOException {
    assertPassed(tollgate.get("/c/bomb", "Accept-Encoding: gzip, br, zstd"));
    assertPassed(tollgate.get("/c/bomb", "Accept-Encoding: br"));
  }

  private static void assertPassed(Response response) throws IOException {
    assertThat(response.header("Content-Encoding")).isEqualTo("gzip");
    assertThat(Arrays.equals(response.body(), bomb)).isTrue();
    assertNobodyOpenedIt();
  }

  /** The heap could not hold it; neither did the memory beside it. */
  private static void assertNobodyOpenedIt() throws IOException {
    assertThat(tollgate.metrics().sum("tollgate_direct_memory_bytes"))
        .isLessThan(HEAP_MIB * (double) MIB);
  }

  private static String head(int length) {
    return "POST /a/in HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  private static byte[] bomb(int mebibytes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] zeros = new byte[MIB];
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      for (int i = 0; i < mebibytes; i++) {
        gzip.write(zeros);
      }
    }
    return bytes.toByteArray();
  }
}
