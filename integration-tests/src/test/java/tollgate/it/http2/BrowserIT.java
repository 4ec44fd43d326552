package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Browser;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Certificates;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Tollgate;
import tollgate.it.harness.WebSocketOrigin;
import tools.jackson.databind.JsonNode;

/**
 * A page in a browser, served through the gateway. Each test is a script of the page. Skipped where
 * Chromium and its driver are not installed.
 */
final class BrowserIT {
  private static final String HOST = "api.example.com";
  private static final String PAGE = "<!doctype html><title>tried</title><p>served";
  private static final String GATEWAY =
      """
      kind: Gateway
      name: it
      listeners:
        - name: https
          bind: "127.0.0.1:@https@"
          protocols: [http1, h2]
          tls: {certificates: [{cert: certs/tls.crt, key: certs/tls.key}]}
      status: {bind: "127.0.0.1:@status@"}
      drain: {delay: 0s, timeout: 10s}
      warmUp: 0s
      overload: {loopLag: 10s}
      """;

  private static RecordingOrigin origin;
  private static @Nullable Browser startedBrowser;
  private static @Nullable Tollgate startedTollgate;

  @BeforeAll
  static void start() throws IOException {
    Browser browser = Browser.start();
    startedBrowser = browser;
    Certificates certificate = Certificates.make("dns:" + HOST);
    origin = RecordingOrigin.start();
    origin.on(
        "/page",
        (_, connection) ->
            connection.reply("200 OK", "Content-Type: text/html\r\n", Bytes.of(PAGE)));
    TwoEvents.on(origin);
    origin.on("/socket", new WebSocketOrigin().answer(WebSocketOrigin.ECHO));
    Tollgate tollgate =
        Tollgate.setup()
            .gateway(GATEWAY)
            .file("certs/tls.crt", certificate.certificatePem())
            .file("certs/tls.key", certificate.keyPem())
            .apis(
                upstream("u", origin.port(), "timeouts: {connect: 10s}")
                    + api("a", "/a", "u")
                    + api(
                        "ws",
                        "/ws",
                        "u",
                        "operations: [{id: all, match: 'GET /{path*}', stream: websocket}]"))
            .start();
    startedTollgate = tollgate;
    browser.open("https://" + HOST + ":" + tollgate.port("https") + "/a/page");
  }

  @AfterAll
  static void stop() throws IOException {
    if (startedBrowser != null) {
      startedBrowser.close();
    }
    if (startedTollgate != null) {
      startedTollgate.close();
      origin.close();
    }
  }

  @Test
  void isServedAPageByHttp2() throws IOException {
    JsonNode seen =
        run(
            """
            return {
              title: document.title,
              protocol: performance.getEntriesByType('navigation')[0].nextHopProtocol,
            };
            """);
    assertThat(seen.path("title").asString()).isEqualTo("tried");
    assertThat(seen.path("protocol").asString()).isEqualTo("h2");
  }

  @Test
  void fetchesMuchAtOnceByHttp2() throws IOException {
    JsonNode seen =
        run(
            """
            const texts = await Promise.all(Array.from({length: 100}, async (_, i) => {
              const answer = await fetch('/a/echo?' + i, {method: 'POST', body: 'number ' + i});
              return answer.text();
            }));
            const large = 'x'.repeat(2_000_000);
            const back = await (await fetch('/a/echo', {method: 'POST', body: large})).text();
            const entries = performance.getEntriesByType('resource');
            return {
              wrong: texts.filter((text, i) => text !== 'number ' + i).length,
              isSame: back === large,
              protocols: [...new Set(entries.map((entry) => entry.nextHopProtocol))].join(),
            };
            """);
    assertThat(seen.path("wrong").asInt(-1)).isZero();
    assertThat(seen.path("isSame").asBoolean(false)).isTrue();
    assertThat(seen.path("protocols").asString()).isEqualTo("h2");
  }

  @Test
  void isSentEventsOneByOne() throws IOException {
    JsonNode seen =
        run(
            """
            const events = [];
            await new Promise((resolve, reject) => {
              const source = new EventSource('/a/events');
              source.onerror = () => reject(new Error('after ' + events));
              source.onmessage = (event) => {
                events.push(event.data);
                if (events.length === 1) {
                  fetch('/a/next'); // only now the origin goes on
                } else {
                  source.close();
                  resolve();
                }
              };
            });
            return {events: events.join()};
            """);
    assertThat(seen.path("events").asString()).isEqualTo("one,two");
  }

  @Test
  void echoesOverAWebSocket() throws IOException {
    JsonNode seen =
        run(
            """
            const socket = new WebSocket('wss://' + location.host + '/ws/socket');
            socket.binaryType = 'arraybuffer';
            const texts = [];
            const closed = await new Promise((resolve, reject) => {
              socket.onerror = () => reject(new Error('after ' + texts));
              socket.onclose = resolve;
              socket.onopen = () => {
                socket.send('hello');
                socket.send('\u00fc\ud83d\ude00');
                socket.send(new Uint8Array(100_000).fill(7));
              };
              socket.onmessage = (message) => {
                if (typeof message.data === 'string') {
                  texts.push(message.data);
                } else {
                  texts.push(new Uint8Array(message.data).filter((octet) => octet === 7).length);
                  socket.close(3001, 'done');
                }
              };
            });
            return {texts: texts.join('|'), code: closed.code};
            """);
    assertThat(seen.path("texts").asString()).isEqualTo("hello|\u00fc\ud83d\ude00|100000");
    assertThat(seen.path("code").asInt()).isEqualTo(3001);
  }

  @Test
  void isRefusedLikeAnybody() throws IOException {
    JsonNode seen =
        run(
            """
            const answer = await fetch('/of-no-api');
            return {status: answer.status, body: (await answer.json()).status};
            """);
    assertThat(seen.path("status").asInt()).isEqualTo(404);
    assertThat(seen.path("body").asInt()).isEqualTo(404);
  }

  private static JsonNode run(String script) throws IOException {
    JsonNode seen = java.util.Objects.requireNonNull(startedBrowser).run(script);
    assertThat(seen.path("error").asString("")).as("in the page").isEmpty();
    return seen;
  }
}
