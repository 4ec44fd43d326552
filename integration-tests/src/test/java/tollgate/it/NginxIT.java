package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Nginx;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/** A real origin behind the gateway. Skipped where nginx is not installed. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class NginxIT {
  private static final byte[] SMALL = Bytes.random(1024);
  private static final byte[] LARGE = Bytes.random(10 * Bytes.MIB);

  private static @Nullable Nginx startedNginx;
  private static @Nullable Tollgate startedTollgate;

  @BeforeAll
  static void start() throws IOException {
    Path executable = Nginx.executable();
    assumeTrue(executable != null, "nginx is not installed");
    if (executable == null) {
      return;
    }
    Nginx nginx = Nginx.start(executable);
    startedNginx = nginx;
    nginx.file("small", SMALL);
    nginx.file("large", LARGE);
    startedTollgate =
        Tollgate.setup().apis(upstream("u", nginx.port()) + api("a", "/a", "u")).start();
  }

  @AfterAll
  static void stop() throws IOException {
    if (startedTollgate != null) {
      startedTollgate.close();
    }
    if (startedNginx != null) {
      startedNginx.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"files, small", "files, large", "chunked, small", "chunked, large"})
  void downloads(String folder, String file) throws IOException {
    try (RawClient client = tollgate().client()) {
      for (int i = 0; i < 2; i++) {
        Response response =
            client.send("GET /a/" + folder + "/" + file + " HTTP/1.1\r\nHost: x\r\n\r\n").read();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers().has("Transfer-Encoding")).isEqualTo(folder.equals("chunked"));
        assertThat(Arrays.equals(response.body(), file.equals("small") ? SMALL : LARGE)).isTrue();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"sized, 1024", "sized, 10485760", "chunked, 1024", "chunked, 10485760"})
  void uploads(String framing, int length) throws IOException, InterruptedException {
    byte[] body = Bytes.random(length);
    boolean isChunked = framing.equals("chunked");
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    String name = framing + length;
    String field = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: " + length;
    request.writeBytes(
        Bytes.of("PUT /a/uploads/" + name + " HTTP/1.1\r\nHost: x\r\n" + field + "\r\n\r\n"));
    request.writeBytes(isChunked ? Bytes.chunked(body, 5000) : body);
    try (RawClient client = tollgate().client()) {
      assertThat(client.send(request.toByteArray()).read().status()).isEqualTo(201);
      assertThat(client.send("GET /a/files/small HTTP/1.1\r\nHost: x\r\n\r\n").read().status())
          .isEqualTo(200);
    }
    assertThat(Arrays.equals(nginx().upload(name), body)).isTrue();
  }

  @Test
  void waitsForContinueOfASlowClient() throws IOException {
    try (RawClient client = tollgate().client()) {
      client.send(
          "PUT /a/uploads/expected HTTP/1.1\r\n"
              + "Host: x\r\n"
              + "Expect: 100-continue\r\n"
              + "Content-Length: 5\r\n\r\n");
      assertThat(client.readHead().status()).isEqualTo(100);
      for (char c : "hello".toCharArray()) {
        client.send(String.valueOf(c));
      }
      assertThat(client.read().status()).isEqualTo(201);
    }
    assertThat(Bytes.text(nginx().upload("expected"))).isEqualTo("hello");
  }

  @Test
  void relaysASlowOrigin() throws IOException {
    nginx().file("slow", Bytes.random(Bytes.MIB));
    Response response = tollgate().get("/a/slow/slow");
    assertThat(Arrays.equals(response.body(), Bytes.random(Bytes.MIB))).isTrue();
  }

  @Test
  void passesItsAnswersWithoutBodyOn() throws IOException {
    String tag = String.valueOf(tollgate().get("/a/files/small").header("ETag"));
    try (RawClient client = tollgate().client()) {
      client.send("GET /a/files/small HTTP/1.1\r\nHost: x\r\nIf-None-Match: " + tag + "\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(304);
      client.send("HEAD /a/files/small HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readHeadOnly().header("Content-Length")).isEqualTo("1024");
      client.send("GET /a/files/small HTTP/1.1\r\nHost: x\r\nRange: bytes=10-19\r\n\r\n");
      Response part = client.read();
      assertThat(part.status()).isEqualTo(206);
      assertThat(part.body()).isEqualTo(Arrays.copyOfRange(SMALL, 10, 20));
    }
  }

  @Test
  void reusesConnections() throws IOException {
    nginx().file("reused", SMALL);
    try (RawClient client = tollgate().client()) {
      for (int i = 0; i < 50; i++) {
        assertThat(client.send("GET /a/files/reused HTTP/1.1\r\nHost: x\r\n\r\n").read().status())
            .isEqualTo(200);
      }
    }
    assertThat(nginx().connections("/files/reused")).hasSize(50);
    assertThat(new HashSet<>(nginx().connections("/files/reused"))).hasSizeLessThan(3);
  }

  private static Tollgate tollgate() {
    return java.util.Objects.requireNonNull(startedTollgate);
  }

  private static Nginx nginx() {
    return java.util.Objects.requireNonNull(startedNginx);
  }
}
