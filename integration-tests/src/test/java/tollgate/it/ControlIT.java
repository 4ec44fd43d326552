package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.ControlSocket;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Tollgate;

/**
 * Control of a running gateway over its Unix socket, and nothing but that. The files are not
 * watched here.
 */
final class ControlIT {
  private static final String RELOAD =
      "POST /v1/reload HTTP/1.1\r\nHost: control\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

  private static RecordingOrigin origin;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    origin = RecordingOrigin.start();
    tollgate =
        Tollgate.setup()
            .expectError(" Reloader ")
            .gateway(
                """
                kind: Gateway
                name: it
                listeners:
                  - {name: http, bind: "127.0.0.1:@http@"}
                status: {bind: "127.0.0.1:@status@"}
                drain: {delay: 0s, timeout: 10s}
                reload: {watch: false}
                """)
            .apis(upstream("u", origin.port()) + api("a", "/a", "u"))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  @Test
  void keepsItsStateToItself() throws IOException {
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(tollgate.conf().resolve(".state"))))
        .isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket().path())))
        .isEqualTo("rw-------");
  }

  @Test
  void reloadsWhenAskedOnly() throws IOException {
    tollgate.write("conf.d/more.yaml", api("asked", "/asked", "u"));
    assertThat(tollgate.get("/asked/x").status()).isEqualTo(404);
    assertThat(socket().ask(RELOAD)).startsWith("HTTP/1.1 200");
    assertThat(tollgate.get("/asked/x").status())
        .as("in effect when it is answered")
        .isEqualTo(200);
    Files.delete(tollgate.conf().resolve("conf.d/more.yaml"));
    assertThat(reload().exitCode()).isZero();
    assertThat(tollgate.get("/asked/x").status()).isEqualTo(404);
  }

  @Test
  void reloadsOnHangup() throws IOException {
    tollgate.write("conf.d/hung.yaml", api("hung", "/hung", "u"));
    tollgate.signal("HUP");
    Patience.await().until(() -> tollgate.get("/hung/x").status() == 200);
  }

  @Test
  void saysWhatIsWrongWithARefusedReload() throws IOException {
    tollgate.write(
        "conf.d/broken.yaml", api("broken", "/broken", "u").replace("context:", "contxt:"));
    try {
      Tollgate.Ran ran = reload();
      assertThat(ran.exitCode()).isEqualTo(1);
      assertThat(ran.text()).containsPattern("broken\\.yaml:5:\\d+ .*contxt.*context");
      String answer = socket().ask(RELOAD);
      assertThat(answer).doesNotStartWith("HTTP/1.1 200").containsPattern("broken\\.yaml");
      assertThat(tollgate.get("/a/x").status()).isEqualTo(200);
      assertThat(tollgate.status("/readyz")).isEqualTo(200);
    } finally {
      Files.delete(tollgate.conf().resolve("conf.d/broken.yaml"));
    }
    assertThat(reload().exitCode()).isZero();
  }

  @Test
  void failsToReachAGatewayThatDoesNotRun() throws IOException {
    assertThat(
            Tollgate.run("reload", "--conf", tollgate.conf().resolve("conf.d").toString())
                .exitCode())
        .isIn(1, 3);
  }

  @Test
  void offersNoControlOnItsPorts() throws IOException {
    for (String name : new String[] {"http", "status"}) {
      for (String path : new String[] {"/v1/reload", "/v1/drain"}) {
        String request = "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
        assertThat(RawClient.once(tollgate.port(name), request).status()).isIn(404, 405);
      }
    }
  }

  @Test
  void answersWhatItDoesNotOfferOnTheSocket() throws IOException {
    assertThat(socket().ask("GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 404");
    assertThat(socket().ask("GET /v1/reload HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 405");
  }

  @Test
  void tellsNothingButReadyOrNot() throws IOException {
    assertThat(RawClient.get(tollgate.port("status"), "/readyz").body().length).isLessThan(64);
    assertThat(tollgate.status("/livez")).isEqualTo(200);
    assertThat(tollgate.status("/")).isEqualTo(404);
    assertThat(
            RawClient.once(
                    tollgate.port("status"),
                    "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
                .status())
        .isEqualTo(405);
    assertThat(tollgate.metrics().text()).doesNotContain(tollgate.conf().toString());
  }

  private static ControlSocket socket() throws IOException {
    return ControlSocket.in(tollgate.conf().resolve(".state"));
  }

  private static Tollgate.Ran reload() throws IOException {
    return Tollgate.run("reload", "--conf", tollgate.conf().toString());
  }
}
