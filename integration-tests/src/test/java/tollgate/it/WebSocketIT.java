package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static tollgate.it.harness.Bytes.MIB;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Frame;
import tollgate.it.harness.OriginRequest;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;
import tollgate.it.harness.WebSocketOrigin;
import tools.jackson.databind.JsonNode;

/** WebSockets over HTTP/1.1 through the package: handshake, frames, and how they end. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class WebSocketIT {
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
  private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate";

  private static RecordingOrigin origin;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    origin = RecordingOrigin.start();
    tollgate =
        Tollgate.setup()
            .apis(
                upstream("u", origin.port())
                    + api(
                        "ws",
                        "/ws",
                        "u",
                        "operations:",
                        "  - {id: all, match: '* /{path*}', stream: websocket, websocket: {maxFrame: 1MiB, maxMessage: 2MiB}}")
                    + api(
                        "large",
                        "/large",
                        "u",
                        "operations: [{id: all, match: '* /{path*}', stream: websocket, websocket: {maxFrame: 256MiB, maxMessage: 256MiB}}]")
                    + api(
                        "picky",
                        "/picky",
                        "u",
                        "operations: [{id: all, match: '* /{path*}', stream: websocket, websocket: {origins: ['https://shop.example.com'], deflate: false}}]")
                    + api(
                        "short",
                        "/short",
                        "u",
                        "operations:",
                        "  - {id: idle, match: '* /idle/{path*}', stream: websocket, websocket: {idleTimeout: 400ms}}",
                        "  - {id: ping, match: '* /ping/{path*}', stream: websocket, websocket: {idleTimeout: 30s, pingInterval: 200ms}}",
                        "  - {id: age, match: '* /age/{path*}', stream: websocket, websocket: {maxAge: 500ms}}")
                    + api("plain", "/plain", "u"))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  // ---- the handshake

  @Test
  void carriesFramesBothWays() throws IOException {
    WebSocketOrigin talk = new WebSocketOrigin();
    String path = origin.path(talk.answer(WebSocketOrigin.ECHO, "Sec-WebSocket-Protocol: chat"));
    try (RawClient client = tollgate.client()) {
      client.send(handshake("/ws" + path, "Sec-WebSocket-Protocol: news, chat"));
      Response head = client.readHead();
      assertThat(head.status()).isEqualTo(101);
      assertThat(head.header("Upgrade")).isEqualTo("websocket");
      assertThat(head.header("Connection")).isEqualTo("Upgrade");
      assertThat(head.header("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
      assertThat(head.header("Sec-WebSocket-Protocol")).isEqualTo("chat");
      client.send(Frame.text("hello"));
      assertThat(client.readFrame()).isEqualTo(plain(Frame.FIN | Frame.TEXT, "hello"));
      client.send(Frame.masked(Frame.FIN | Frame.PING, Bytes.of("p")));
      assertThat(client.readFrame()).isEqualTo(plain(Frame.FIN | Frame.PONG, "p"));
      client.send(Frame.masked(Frame.FIN | Frame.CLOSE, Frame.closing(1000, "bye")));
      assertThat(client.readFrame())
          .isEqualTo(new Frame(Frame.FIN | Frame.CLOSE, false, Frame.closing(1000, "bye")));
      assertThat(client.isClosedByPeer()).isTrue();
    }
    OriginRequest request = origin.requests(path).getFirst();
    assertThat(request.header("Upgrade")).isEqualTo("websocket");
    assertThat(request.header("Connection")).isEqualTo("Upgrade");
    assertThat(request.header("Sec-WebSocket-Version")).isEqualTo("13");
    assertThat(request.header("Sec-WebSocket-Key")).as("of its own connection").isNotEqualTo(KEY);
    assertThat(request.header("X-Forwarded-For")).isEqualTo("127.0.0.1");
    assertThat(talk.framesToTheEnd()).allMatch(Frame::isMasked).hasSize(3);
    JsonNode line = tollgate.awaitAccessLogLine("/ws" + path);
    assertThat(line.path("status").asInt()).isEqualTo(101);
    assertThat(line.path("outcome").asString()).isEqualTo("ok");
    assertThat(line.path("ws.close_code").asInt()).isEqualTo(1000);
    assertThat(line.path("ws.closed_by").asString()).isEqualTo("client");
    assertThat(line.path("request_bytes").asInt()).isEqualTo(11 + 7 + 11);
    assertThat(line.path("response_bytes").asInt()).isEqualTo(7 + 3 + 7);
  }

  @Test
  void keepsWhatTheClientSendsBeforeTheAnswer() throws IOException {
    CountDownLatch seen = new CountDownLatch(1);
    WebSocketOrigin talk = new WebSocketOrigin();
    RecordingOrigin.Answer answer = talk.answer(WebSocketOrigin.ECHO);
    String path =
        origin.path((request, connection) -> {
          seen.await();
          assertThat(Bytes.text(connection.received())).doesNotContain("early");
          answer.to(request, connection);
        });
    try (RawClient client = tollgate.client()) {
      client.send(join(Bytes.of(handshake("/ws" + path)), Frame.text("early")));
      origin.await(path);
      seen.countDown();
      assertThat(client.readHead().status()).isEqualTo(101);
      client.send(Frame.text("late"));
      assertThat(client.readFrame()).isEqualTo(plain(Frame.FIN | Frame.TEXT, "early"));
      assertThat(client.readFrame()).isEqualTo(plain(Frame.FIN | Frame.TEXT, "late"));
    }
  }

  @Test
  void passesAnAnswerThatIsNot101OnAndKeepsTheConnections() throws IOException {
    String path =
        origin.path((request, connection) ->
            connection.reply("401 Unauthorized", "WWW-Authenticate: Basic\r\n", Bytes.of("no")));
    try (RawClient client = tollgate.client()) {
      Response first = client.send(handshake("/ws" + path)).read();
      assertThat(first.status()).isEqualTo(401);
      assertThat(first.text()).isEqualTo("no");
      assertThat(client.send(handshake("/ws" + path)).read().status()).isEqualTo(401);
    }
    List<OriginRequest> requests = origin.requests(path);
    assertThat(requests.get(1).connection()).isSameAs(requests.get(0).connection());
  }

  @Test
  void servesOrdinaryRequestsOfTheSameOperation() throws IOException {
    assertThat(tollgate.get("/ws/ordinary").text()).isEqualTo("ok");
    assertThat(origin.last().header("Upgrade")).isNull();
  }

  @Test
  void refusesAnUpgradeWhereItIsNotAllowed() throws IOException {
    RecordingOrigin.Mark mark = origin.mark();
    Response response = RawClient.once(tollgate.port(), handshake("/plain/x"));
    assertThat(response.status()).isEqualTo(403);
    assertThat(response.text()).contains("\"403101\"");
    assertThat(RawClient.once(tollgate.port(), handshake("/nowhere")).status()).isEqualTo(404);
    assertThat(origin.bytesSince(mark)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2c", "TLS/1.0", "h2c, websocket2", "foo"})
  void forwardsNoOtherUpgrade(String protocol) throws IOException {
    for (String context : List.of("/plain", "/ws")) {
      Response response =
          RawClient.get(
              tollgate.port(),
              context + "/h2c",
              "Connection: Upgrade, HTTP2-Settings",
              "Upgrade: " + protocol,
              "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA");
      assertThat(response.status()).isEqualTo(200);
      OriginRequest request = origin.last();
      assertThat(request.header("Upgrade")).isNull();
      assertThat(request.header("HTTP2-Settings")).isNull();
      assertThat(request.header("Connection")).isNull();
    }
  }

  static Stream<Arguments> badHandshakes() {
    String good = handshake("/ws/never");
    return Stream.of(
        arguments("version 8", good.replace("Version: 13", "Version: 8"), 426),
        arguments("no version", good.replace("Sec-WebSocket-Version: 13\r\n", ""), 426),
        arguments("no key", good.replaceAll("Sec-WebSocket-Key: .*\r\n", ""), 400),
        arguments("short key", good.replace(KEY, "c2hvcnQ="), 400),
        arguments(
            "two keys",
            good.replace("Key: " + KEY, "Key: " + KEY + "\r\nSec-WebSocket-Key: " + KEY),
            400),
        arguments("POST", good.replace("GET ", "POST "), 400),
        arguments(
            "with a body",
            good.replace("Host: x\r\n", "Host: x\r\nContent-Length: 4\r\n") + "body",
            400),
        arguments(
            "with chunks",
            good.replace("Host: x\r\n", "Host: x\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n",
            400),
        arguments("of another origin", handshake("/ws/never", "Origin: https://evil.test"), 403),
        arguments("of no origin", handshake("/ws/never", "Origin: null"), 403),
        arguments(
            "of two origins", handshake("/ws/never", "Origin: http://x", "Origin: http://x"), 403),
        arguments("not of the list", handshake("/picky/never", "Origin: http://x"), 403));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badHandshakes")
  void refusesAHandshakeThatIsNotRight(String what, String request, int status) throws IOException {
    RecordingOrigin.Mark mark = origin.mark();
    Response response = RawClient.once(tollgate.port(), request);
    assertThat(response.status()).as(what).isEqualTo(status);
    if (status == 426) {
      assertThat(response.header("Sec-WebSocket-Version")).isEqualTo("13");
      assertThat(response.header("Upgrade")).isEqualTo("websocket");
    }
    assertThat(origin.bytesSince(mark)).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ws Origin: http://x",
        "/ws Origin: https://X",
        "/ws Accept: */*",
        "/picky Origin: https://shop.example.com",
        "/picky Accept: */*"
      })
  void letsPagesInThatMayComeIn(String contextAndLine) throws IOException {
    int space = contextAndLine.indexOf(' ');
    String path = origin.path(new WebSocketOrigin().answer(WebSocketOrigin.ECHO));
    try (RawClient client = tollgate.client()) {
      client.send(
          handshake(
              contextAndLine.substring(0, space) + path, contextAndLine.substring(space + 1)));
      assertThat(client.readHead().status()).isEqualTo(101);
    }
  }

  static Stream<Arguments> fakeSwitches() {
    return Stream.of(
        arguments("no accept", "Connection: Upgrade\r\nUpgrade: websocket\r\n"),
        arguments(
            "wrong accept",
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: "
                + WebSocketOrigin.accept("x")
                + "\r\n"),
        arguments(
            "the client's accept",
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: "
                + WebSocketOrigin.accept(KEY)
                + "\r\n"),
        arguments("no upgrade", "Connection: Upgrade\r\nSec-WebSocket-Accept: @\r\n"),
        arguments("h2c", "Connection: Upgrade\r\nUpgrade: h2c\r\nSec-WebSocket-Accept: @\r\n"),
        arguments("no connection", "Upgrade: websocket\r\nSec-WebSocket-Accept: @\r\n"),
        arguments(
            "a subprotocol nobody offered",
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: @\r\n"
                + "Sec-WebSocket-Protocol: mqtt\r\n"),
        arguments(
            "an extension nobody offered",
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: @\r\n"
                + "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fakeSwitches")
  void refusesASwitchThatIsNoAnswer(String what, String lines) throws IOException {
    String path =
        origin.path((request, connection) -> {
          String accept =
              WebSocketOrigin.accept(String.valueOf(request.header("Sec-WebSocket-Key")));
          connection.write("HTTP/1.1 101 X\r\n" + lines.replace("@", accept) + "\r\n");
          connection.write(Frame.plain(Frame.FIN | Frame.TEXT, Bytes.of("hidden")));
          connection.awaitPeerClose();
        });
    Response response = RawClient.once(tollgate.port(), handshake("/ws" + path));
    assertThat(response.status()).as(what).isEqualTo(502);
    assertThat(response.text()).contains("\"101506\"").doesNotContain("hidden");
  }

  @Test
  void refusesASwitchNobodyAskedFor() throws IOException {
    String path =
        origin.path((request, connection) -> {
          connection.write(WebSocketOrigin.switching(request));
          connection.awaitPeerClose();
        });
    assertThat(tollgate.get("/ws" + path).status()).isEqualTo(502);
    assertThat(tollgate.get("/plain" + path).status()).isEqualTo(502);
  }

  // ---- frames

  static Stream<Arguments> violations() {
    byte[] hello = Bytes.of("hello");
    return Stream.of(
        arguments("unmasked", Frame.plain(Frame.FIN | Frame.TEXT, hello), 1002),
        arguments("RSV1", Frame.masked(Frame.FIN | Frame.RSV1 | Frame.TEXT, hello), 1002),
        arguments("RSV2", Frame.masked(Frame.FIN | 0x20 | Frame.TEXT, hello), 1002),
        arguments("RSV3", Frame.masked(Frame.FIN | 0x10 | Frame.TEXT, hello), 1002),
        arguments("opcode 3", Frame.masked(Frame.FIN | 3, hello), 1002),
        arguments("fragmented ping", Frame.masked(Frame.PING, hello), 1002),
        arguments("long ping", Frame.masked(Frame.FIN | Frame.PING, new byte[126]), 1002),
        arguments("continuation of nothing", Frame.masked(Frame.FIN, hello), 1002),
        arguments("bad UTF-8", Frame.masked(Frame.FIN | Frame.TEXT, new byte[] {'a', -1}), 1007),
        arguments(
            "2^63",
            new byte[] {(byte) 0x82, (byte) 0xff, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4},
            1002),
        arguments(
            "a large frame",
            new byte[] {(byte) 0x82, (byte) 0xff, 0, 0, 0, 0, 0, 0x10, 0, 1, 1, 2, 3, 4},
            1009),
        arguments(
            "Close 1005", Frame.masked(Frame.FIN | Frame.CLOSE, Frame.closing(1005, "")), 1002),
        arguments("Close of a byte", Frame.masked(Frame.FIN | Frame.CLOSE, new byte[1]), 1002),
        arguments(
            "a large message",
            join(
                Frame.masked(Frame.BINARY, new byte[MIB]),
                Frame.masked(0, new byte[MIB]),
                Frame.masked(Frame.FIN, new byte[1])),
            1009));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("violations")
  void endsAClientThatBreaksARule(String what, byte[] wrong, int code) throws IOException {
    WebSocketOrigin talk = new WebSocketOrigin();
    String path = origin.path(talk.answer(WebSocketOrigin.LISTEN));
    try (RawClient client = opened("/ws" + path)) {
      client.send(Frame.text("good"));
      client.send(wrong);
      Frame close = client.readFrame();
      assertThat(close).isNotNull();
      assertThat(close.closeCode()).as(what).isEqualTo(code);
      assertThat(close.isMasked()).isFalse();
      client.send(Frame.masked(Frame.FIN | Frame.CLOSE, close.payload()));
      assertThat(client.isClosedByPeer()).isTrue();
    }
    List<Frame> came = talk.framesToTheEnd();
    assertThat(came.getFirst().text()).isEqualTo("good");
    assertThat(came.getLast().closeCode()).isEqualTo(1001);
    assertThat(came.getLast().isMasked()).isTrue();
    assertThat(came).as("nothing that is wrong reached the backend").hasSizeLessThanOrEqualTo(4);
    JsonNode line = tollgate.awaitAccessLogLine("/ws" + path);
    assertThat(line.path("outcome").asString()).isEqualTo("invalid_request");
    assertThat(line.path("error_code").asString()).isEqualTo(code == 1009 ? "413101" : "400105");
    assertThat(line.path("ws.closed_by").asString()).isEqualTo("gateway");
  }

  @Test
  void endsABackendThatBreaksARule() throws IOException {
    WebSocketOrigin talk = new WebSocketOrigin();
    String path =
        origin.path(
            talk.answer((connection, that) -> {
              connection.write(Frame.plain(Frame.FIN | Frame.TEXT, Bytes.of("good")));
              connection.write(Frame.masked(Frame.FIN | Frame.TEXT, Bytes.of("wrong")));
              WebSocketOrigin.LISTEN.with(connection, that);
            }));
    try (RawClient client = opened("/ws" + path)) {
      assertThat(client.readFrame().text()).isEqualTo("good");
      assertThat(client.readFrame().closeCode()).isEqualTo(1011);
      assertThat(client.isClosedByPeer()).isTrue();
    }
    assertThat(talk.framesToTheEnd().getLast().closeCode()).isEqualTo(1002);
    assertThat(tollgate.awaitAccessLogLine("/ws" + path).path("error_code").asString())
        .isEqualTo("101506");
  }

  @Test
  void readsCompressedMessagesAndStopsBombs() throws IOException {
    WebSocketOrigin talk = new WebSocketOrigin();
    String path =
        origin.path(talk.answer(WebSocketOrigin.ECHO, DEFLATE + "; server_no_context_takeover"));
    byte[] compressed = deflated(Bytes.of("hello hello hello"));
    try (RawClient client = tollgate.client()) {
      client.send(
          handshake("/ws" + path, DEFLATE + "; client_max_window_bits, x-webkit-deflate-frame"));
      Response head = client.readHead();
      assertThat(head.header("Sec-WebSocket-Extensions"))
          .isEqualTo("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
      client.send(Frame.masked(Frame.FIN | Frame.RSV1 | Frame.TEXT, compressed));
      assertThat(client.readFrame().payload()).isEqualTo(compressed);
      client.send(Frame.masked(Frame.FIN | Frame.RSV1 | Frame.BINARY, deflated(new byte[MIB])));
      assertThat(client.readFrame().closeCode()).isEqualTo(1009);
    }
    assertThat(origin.requests(path).getFirst().header("Sec-WebSocket-Extensions"))
        .isEqualTo(
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits");
    assertThat(talk.framesToTheEnd()).hasSize(2);
  }

  @Test
  void offersNoCompressionWhereItIsNotWanted() throws IOException {
    String path = origin.path(new WebSocketOrigin().answer(WebSocketOrigin.ECHO));
    try (RawClient client = tollgate.client()) {
      client.send(handshake("/picky" + path, DEFLATE));
      assertThat(client.readHead().header("Sec-WebSocket-Extensions")).isNull();
    }
    assertThat(origin.requests(path).getFirst().header("Sec-WebSocket-Extensions")).isNull();
  }

  // ---- how it ends

  @Test
  void tellsTheBackendThatTheClientHasGone() throws IOException {
    for (boolean isReset : new boolean[] {true, false}) {
      WebSocketOrigin talk = new WebSocketOrigin();
      String path = origin.path(talk.answer(WebSocketOrigin.LISTEN));
      try (RawClient client = opened("/ws" + path)) {
        client.send(Frame.text("last"));
        Patience.await().until(() -> talk.frames().size() == 1);
        if (isReset) {
          client.reset();
        } else {
          client.endOutput();
        }
        assertThat(talk.framesToTheEnd().getLast().closeCode()).isEqualTo(1001);
      }
      JsonNode line = tollgate.awaitAccessLogLine("/ws" + path);
      assertThat(line.path("outcome").asString()).isEqualTo("client_closed");
      assertThat(line.path("ws.close_code").asInt()).isEqualTo(1006);
    }
  }

  @Test
  void tellsTheClientThatTheBackendHasGone() throws IOException {
    for (boolean isReset : new boolean[] {true, false}) {
      String path =
          origin.path(
              new WebSocketOrigin()
                  .answer((connection, that) -> {
                    that.read(connection);
                    if (isReset) {
                      connection.reset();
                    }
                  }));
      try (RawClient client = opened("/ws" + path)) {
        client.send(Frame.text("go"));
        assertThat(client.readFrame().closeCode()).isEqualTo(1011);
        assertThat(client.isClosedByPeer()).isTrue();
      }
      JsonNode line = tollgate.awaitAccessLogLine("/ws" + path);
      assertThat(line.path("outcome").asString()).isEqualTo("upstream_reset");
      assertThat(line.path("ws.closed_by").asString()).isEqualTo("upstream");
    }
  }

  @Test
  void closesWhatIsIdleAndWhatIsOld() throws IOException {
    for (String kind : List.of("idle", "age")) {
      WebSocketOrigin talk = new WebSocketOrigin();
      origin.on("/" + kind + "/x", talk.answer(WebSocketOrigin.LISTEN));
      try (RawClient client = opened("/short/" + kind + "/x")) {
        assertThat(client.readFrame().closeCode()).as(kind).isEqualTo(1001);
        assertThat(client.isClosedByPeer()).isTrue();
      }
      assertThat(talk.framesToTheEnd().getLast().closeCode()).isEqualTo(1001);
      JsonNode line = tollgate.awaitAccessLogLine("/short/" + kind + "/x");
      assertThat(line.path("outcome").asString()).isEqualTo("ok");
      assertThat(line.path("ws.close_reason").asString())
          .isEqualTo(kind.equals("idle") ? "idle" : "maximum age");
    }
  }

  @Test
  void pingsAClientThatIsSilent() throws IOException {
    WebSocketOrigin talk = new WebSocketOrigin();
    origin.on("/ping/x", talk.answer(WebSocketOrigin.LISTEN));
    try (RawClient client = opened("/short/ping/x")) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.readFrame()).isEqualTo(plain(Frame.FIN | Frame.PING, ""));
        client.send(Frame.masked(Frame.FIN | Frame.PONG, new byte[0]));
      }
      client.send(Frame.text("still here"));
      Patience.await()
          .until(() -> talk.frames().stream().anyMatch(frame -> frame.text().equals("still here")));
    }
  }

  // ---- back-pressure

  @Test
  void boundsWhatAClientThatDoesNotReadCosts() throws IOException {
    AtomicLong sent = new AtomicLong();
    long length = 128L * MIB;
    String path =
        origin.path(
            new WebSocketOrigin()
                .answer((connection, that) -> {
                  connection.write(head(length));
                  byte[] piece = new byte[64 * 1024];
                  for (long i = 0; i < length; i += piece.length) {
                    connection.write(piece);
                    sent.addAndGet(piece.length);
                  }
                  that.read(connection);
                }));
    try (RawClient client = RawClient.withSmallWindow(tollgate.port())) {
      client.send(handshake("/large" + path));
      awaitStandstill(sent);
      assertThat(sent.get()).isLessThan(48L * MIB);
      assertThat(tollgate.metrics().sum("tollgate_direct_memory_bytes")).isLessThan(96.0 * MIB);
      assertThat(client.readHead().status()).isEqualTo(101);
      Frame frame = client.readFrame();
      assertThat(frame.payload()).hasSize((int) length);
    }
  }

  @Test
  void boundsWhatABackendThatDoesNotReadCosts() throws IOException, InterruptedException {
    CountDownLatch read = new CountDownLatch(1);
    WebSocketOrigin talk = new WebSocketOrigin();
    String path =
        origin.path(
            talk.answer((connection, that) -> {
              read.await();
              that.read(connection);
              connection.write(Frame.plain(Frame.FIN | Frame.TEXT, Bytes.of("got it")));
              that.read(connection);
            }));
    AtomicLong sent = new AtomicLong();
    byte[] message = Frame.masked(Frame.FIN | Frame.BINARY, Bytes.random(96 * MIB));
    try (RawClient client = opened("/large" + path)) {
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (int at = 0; at < message.length; at += 64 * 1024) {
                    int end = Math.min(message.length, at + 64 * 1024);
                    client.send(Arrays.copyOfRange(message, at, end));
                    sent.addAndGet(end - at);
                  }
                } catch (IOException _) {
                  // the counter tells
                }
              });
      awaitStandstill(sent);
      assertThat(sent.get()).isLessThan(48L * MIB);
      assertThat(tollgate.metrics().sum("tollgate_direct_memory_bytes")).isLessThan(96.0 * MIB);
      read.countDown();
      assertThat(client.readFrame().text()).isEqualTo("got it");
      sender.join();
      assertThat(Arrays.equals(talk.frames().getFirst().bytes(), message)).isTrue();
    }
  }

  // ---- parts

  static String handshake(String target, String... lines) {
    return "GET "
        + target
        + " HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
        + KEY
        + "\r\n"
        + (lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n")
        + "\r\n";
  }

  private static RawClient opened(String target) throws IOException {
    RawClient client = tollgate.client();
    client.send(handshake(target));
    assertThat(client.readHead().status()).isEqualTo(101);
    return client;
  }

  private static Frame plain(int first, String payload) {
    return new Frame(first, false, Bytes.of(payload));
  }

  private static byte[] head(long length) {
    return java.nio.ByteBuffer.allocate(10)
        .put((byte) (Frame.FIN | Frame.BINARY))
        .put((byte) 127)
        .putLong(length)
        .array();
  }

  private static byte[] deflated(byte[] message) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(message);
    byte[] out = new byte[message.length + 100];
    int count = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
    deflater.end();
    return Arrays.copyOf(out, count - 4);
  }

  private static byte[] join(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  /** Waits until something came and nothing more comes. */
  private static void awaitStandstill(AtomicLong count) {
    AtomicLong before = new AtomicLong(-1);
    Patience.await()
        .pollInterval(Duration.ofMillis(400))
        .until(() -> count.get() > 0 && before.getAndSet(count.get()) == count.get());
  }
}
