package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Bytes.MIB;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.it.harness.Problems;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Tollgate;

/** E3: what is sent behind an answer that did not wait for it is dropped to a bound. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class EarlyAnswersIT {
  private static final long MOST_SENT = 512L * MIB;
  private static final String SMUGGLED = "GET /a/smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

  private static RecordingOrigin origin;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    origin = RecordingOrigin.start();
    tollgate =
        Tollgate.setup()
            .gateway(
                """
                kind: Gateway
                name: it
                listeners:
                  - {name: http, bind: "127.0.0.1:@http@", limits: {body: 1MiB}}
                status: {bind: "127.0.0.1:@status@"}
                drain: {delay: 0s, timeout: 10s}
                """)
            .apis(
                upstream("u", origin.port())
                    + api("a", "/a", "u")
                    + """
                    ---
                    kind: Policy
                    name: refuse
                    request:
                      - respond: {status: 401, body: "no"}
                    """
                    + api("closed", "/closed", "u", "policies: [refuse]"))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 1000000", "Transfer-Encoding: chunked"})
  void aClientThatSendsOnSeesTheRefusalAndIsClosed(String framing) throws IOException {
    RecordingOrigin.Mark mark = origin.mark();
    try (RawClient client = tollgate.client()) {
      client.send("POST /closed/x HTTP/1.1\r\nHost: x\r\n" + framing + "\r\n\r\n");
      for (int i = 0; i < 10; i++) {
        client.send(
            framing.startsWith("C")
                ? "x".repeat(100_000)
                : "186a0\r\n" + "x".repeat(100_000) + "\r\n");
      }
      assertThat(client.send(SMUGGLED).readToClose())
          .startsWith("HTTP/1.1 401 ")
          .contains("\r\nConnection: close\r\n")
          .endsWith("no");
    }
    assertThat(origin.since(mark)).isEmpty();
  }

  @Test
  void aBodyOverTheLimitIsNotReadToItsEnd() throws IOException {
    RecordingOrigin.Mark mark = origin.mark();
    try (RawClient client = tollgate.client()) {
      client.send("POST /a/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n");
      client.send("x".repeat(300_000));
      Problems.assertLastProblem(client.read(), 413);
      assertThat(client.isClosedByPeer()).isTrue();
    }
    assertThat(origin.since(mark)).isEmpty();
  }

  @Test
  void aShortRestIsDroppedAndTheConnectionServesOn() throws IOException {
    try (RawClient client = tollgate.client()) {
      // At once: who waits for the answer first has a second left for the rest.
      client.send(
          "POST /closed/x HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n"
              + "x".repeat(60_000)
              + "GET /a/next HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(401);
      assertThat(client.read().text()).isEqualTo("ok");
    }
  }

  @Test
  void aShortRestThatDoesNotComeEndsTheConnection() throws IOException {
    try (RawClient client = tollgate.client()) {
      client.send("POST /closed/x HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(401);
      assertThat(client.isClosedByPeer()).isTrue();
    }
  }

  /** It is cut by its bytes or by time, whichever is first; here nobody can tell which. */
  @Test
  void aClientThatNeverStopsSendingIsCut() throws IOException {
    long sent = 0;
    try (RawClient client = tollgate.client()) {
      client.send("POST /closed/x HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000000\r\n\r\n");
      byte[] piece = new byte[64 * 1024];
      try {
        while (sent < MOST_SENT) {
          client.send(piece);
          sent += piece.length;
        }
      } catch (IOException _) {
        // as it must end
      }
    }
    assertThat(sent).isLessThan(MOST_SENT);
    assertThat(tollgate.get("/a/others").status()).isEqualTo(200);
  }
}
