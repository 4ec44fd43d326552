package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Certificates;
import tollgate.it.harness.Load;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.Response;
import tollgate.it.harness.TlsClient;
import tollgate.it.harness.Tollgate;

/**
 * A client of {@link SoakIT}: each call is something else, most of them on a connection of their
 * own, many of them abandoned. One thread.
 */
final class SoakCaller implements Load.Caller {
  static final String HOST = "api.example.com";
  private static final byte[] CONTENT = SoakOrigin.CONTENT;

  private final Tollgate tollgate;
  private final SplittableRandom random;
  private final SSLContext trust;
  private @Nullable RawClient kept;

  SoakCaller(Tollgate tollgate, Certificates certificate, SplittableRandom random) {
    this.tollgate = tollgate;
    this.random = random;
    this.trust = Certificates.trusting(certificate);
  }

  @Override
  public void call() throws IOException {
    int what = random.nextInt(40);
    try {
      if (what >= 20) {
        onTheKeptConnection();
      } else if (what >= 16) {
        overTls(what);
      } else {
        onAConnectionOfItsOwn(what);
      }
    } catch (IOException | AssertionError e) {
      throw new AssertionError("case " + what + ": " + e, e);
    }
  }

  @Override
  public void close() throws IOException {
    RawClient open = kept;
    if (open != null) {
      open.close();
    }
  }

  private void onTheKeptConnection() throws IOException {
    RawClient open = kept;
    // Now and then anew, before the gateway closes it for being idle.
    if (open == null || random.nextInt(50) == 0) {
      close();
      open = RawClient.forgetful(tollgate.port());
      kept = open;
    }
    assertThat(open.send(get("/a/kept")).read().text()).isEqualTo("ok");
  }

  private void overTls(int what) throws IOException {
    int port = tollgate.port("https");
    if (what == 16) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        // The beginning of a ClientHello, and no more.
        socket.getOutputStream().write(new byte[] {22, 3, 1, 1, 0, 1});
      }
      return;
    }
    try (TlsClient client = TlsClient.connect(trust, port, HOST)) {
      if (what == 17) {
        client.client().send("GET /a/part HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n").readHead();
      } else {
        assertThat(client.get(HOST, "/a/tls").text()).isEqualTo("ok");
      }
    }
  }

  private void onAConnectionOfItsOwn(int what) throws IOException {
    try (RawClient client = tollgate.client()) {
      switch (what) {
        case 0 -> {
          byte[] body = someContent();
          client.send(post("/a/echo", "Content-Length: " + body.length)).send(body);
          assertEchoed(client.read(), body);
        }
        case 1 -> {
          byte[] body = someContent();
          client.send(post("/a/echo", "Transfer-Encoding: chunked"));
          client.send(Bytes.chunked(body, 100 + random.nextInt(20_000)));
          assertEchoed(client.read(), body);
        }
        case 2 -> {
          client.send(get("/a/part")).readHead();
          client.readBytes(random.nextInt(CONTENT.length));
          client.reset();
        }
        case 3 -> leaveInTheBody(client);
        case 4 -> client.send("GET /a/x HTTP/1.1\r\nHo");
        case 5 -> {
          client.send(get("/a/part") + get("/a/hints") + get("/nowhere") + get("/a/last"));
          assertThat(Arrays.equals(client.read().body(), CONTENT)).isTrue();
          assertThat(client.read().text()).isEqualTo("hinted");
          assertThat(client.read().status()).isEqualTo(404);
          assertThat(client.read().text()).isEqualTo("ok");
        }
        case 6 -> assertStatus(client, get("/a/reset"), 502);
        case 7 -> assertStatus(client, get("/a/close"), 502);
        case 8 -> assertThat(client.send(get("/a/half")).read().isComplete()).isFalse();
        case 9 -> assertStatus(client, get("/a/broken"), 502);
        case 10 -> assertThat(client.send(get("/a/twice")).read().text()).isEqualTo("once");
        case 11 -> assertStatus(client, "RUBBISH\r\n\r\n", 400);
        case 12 -> assertStatus(client, post("/a/" + "x".repeat(9000), "Content-Length: 5"), 414);
        case 13 -> assertThat(client.send(get("/a/events")).read().isComplete()).isTrue();
        case 14 -> {
          client.send(get("/a/events")).readHead();
          client.reset();
        }
        default -> awaitADeadline(client);
      }
    }
  }

  private void leaveInTheBody(RawClient client) throws IOException {
    client.send(post("/a/echo", "Content-Length: 100000"));
    client.send(Arrays.copyOf(CONTENT, random.nextInt(99_999)));
    if (random.nextBoolean()) {
      client.reset();
    }
  }

  /** Each of them takes half a second or more. */
  private void awaitADeadline(RawClient client) throws IOException {
    switch (random.nextInt(4)) {
      case 0 -> assertStatus(client, "GET /a/x HTTP/1.1\r\nHo", 408);
      case 1 -> assertStatus(client, post("/a/echo", "Content-Length: 10") + "half", 408);
      case 2 -> assertStatus(client, get("/a/silent"), 504);
      default -> assertThat(client.send(get("/a/stops")).read().isComplete()).isFalse();
    }
  }

  private byte[] someContent() {
    return Arrays.copyOf(CONTENT, 1 + random.nextInt(CONTENT.length));
  }

  private static void assertStatus(RawClient client, String request, int status)
      throws IOException {
    Response response = client.send(request).read();
    assertThat(response.status()).as("%s", response).isEqualTo(status);
  }

  private static void assertEchoed(Response response, byte[] body) {
    assertThat(response.status()).as("%s", response).isEqualTo(200);
    assertThat(Arrays.equals(response.body(), body)).as("%s", response).isTrue();
  }

  private static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }

  private static String post(String target, String framing) {
    return "POST " + target + " HTTP/1.1\r\nHost: x\r\n" + framing + "\r\n\r\n";
  }
}
