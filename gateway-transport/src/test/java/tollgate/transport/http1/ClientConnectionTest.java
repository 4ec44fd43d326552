package tollgate.transport.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.transport.http1.Wire.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.http.RequestHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.UpstreamFailure.Kind;
import tollgate.core.port.UpstreamStream;

/** One request after the other to a backend: framing, pooling, back-pressure, failures. */
class ClientConnectionTest {
  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  @Test
  void sendsSizedBodyTogetherWithItsHead() {
    try (var backend = new TestBackend()) {
      UpstreamStream stream = backend.start(new FakeAttempt());
      stream.sendHead(TestBackend.head(Method.POST), 5);
      assertThat(backend.received()).isEmpty();
      stream.sendBody(bytes("hello"));
      stream.flush();
      assertThat(backend.channel.outboundMessages()).hasSize(1);
      assertThat(backend.received())
          .isEqualTo(http("POST /p HTTP/1.1|Host: backend:8080|Content-Length: 5||hello"));
      stream.sendEnd(Trailers.NONE);
    }
  }

  @Test
  void sendsHeadWhenFlushedBeforeItsBody() {
    try (var backend = new TestBackend()) {
      UpstreamStream stream = backend.start(new FakeAttempt());
      stream.sendHead(TestBackend.head(Method.POST), BodyLength.UNKNOWN);
      stream.flush();
      assertThat(backend.received())
          .isEqualTo(http("POST /p HTTP/1.1|Host: backend:8080|Transfer-Encoding: chunked||"));
      stream.sendBody(bytes("a"));
      stream.flush();
      assertThat(backend.received()).isEqualTo(http("1|a|"));
      stream.sendEnd(new Trailers(List.of(new Trailers.Line("X", "y"))));
      assertThat(backend.received()).isEqualTo(http("0|X: y||"));
    }
  }

  @Test
  void sendsNoByteOfARequestWhoseFirstBytesAreRefused() {
    try (var backend = new TestBackend()) {
      UpstreamStream stream = backend.start(new FakeAttempt());
      stream.sendHead(TestBackend.head(Method.POST), BodyLength.UNKNOWN);
      stream.abort();
      assertThat(backend.received()).isEmpty();
      assertThat(backend.isOpen()).isFalse();
    }
  }

  @Test
  void writesReceivedLinesAsTheyCameAndEditsBehindThem() {
    try (var server = new TestServer();
        var backend = new TestBackend()) {
      server.send(
          http(
              "GET /a?b HTTP/1.1|Host: x|x-One: 1|X-Two:2 |X-Three: \u00e9|Content-Length: 0|"
                  + "X-Four: 4|Keep-Alive: 9|X-Empty:|X-Five: 5||"));
      RequestHead head = RequestHead.over(server.only().request);
      head.authority("backend");
      head.fields().remove(FieldName.of("X-Four"));
      head.fields().add(FieldName.of("X-New"), "\u00fc");
      UpstreamStream stream = backend.start(new FakeAttempt());
      stream.sendHead(head, BodyLength.ABSENT);
      stream.sendEnd(Trailers.NONE);
      assertThat(backend.received())
          .isEqualTo(
              http(
                  "GET /a?b HTTP/1.1|Host: backend|x-One: 1|X-Two: 2|X-Three: \u00e9|"
                      + "X-Empty: |X-Five: 5|X-New: \u00fc||"));
      server.only().answer(200, "");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 200 OK|Content-Length: 0||, true",
    "HTTP/1.1 200 OK|Content-Length: 0|Connection: keep-alive||, true",
    "HTTP/1.1 200 OK|Content-Length: 0|Connection: close||, false",
    "HTTP/1.1 200 OK|Content-Length: 0|Connection: a|Connection: Close||, false",
    "HTTP/1.0 200 OK|Content-Length: 0||, false",
    "HTTP/1.0 200 OK|Content-Length: 0|Connection: Keep-Alive||, true",
    "HTTP/1.1 304 Not Modified|Content-Length: 10||, true",
    "HTTP/1.1 204 No Content|Connection: close||, false",
  })
  void keepsConnectionAsTheBackendWants(String response, boolean isKept) {
    try (var backend = new TestBackend()) {
      FakeAttempt attempt = backend.get();
      backend.answer(http(response));
      assertThat(attempt.isComplete()).isTrue();
      assertThat(backend.idle).isEqualTo(isKept ? 1 : 0);
      assertThat(backend.isOpen()).isEqualTo(isKept);
    }
  }

  @Test
  void readsBodyThatEndsWithTheConnection() {
    try (var backend = new TestBackend()) {
      FakeAttempt attempt = backend.get();
      backend.answer(http("HTTP/1.1 200 OK||some "));
      backend.answer("more");
      assertThat(attempt.isComplete()).isFalse();
      assertThat(attempt.head).isNotNull();
      assertThat(attempt.head.bodyLength()).isEqualTo(BodyLength.UNKNOWN);
      backend.hangUp();
      assertThat(attempt.body).hasToString("some more");
      assertThat(attempt.isComplete()).isTrue();
      assertThat(attempt.failure).isNull();
    }
  }

  @Test
  void deliversWhatWasHeldBackWhenTheConnectionEnds() {
    for (String head :
        List.of(
            "HTTP/1.1 200 OK||ab",
            "HTTP/1.1 200 OK|Content-Length: 2||ab",
            "HTTP/1.1 200 OK|Transfer-Encoding: chunked||1|a|1|b|0||")) {
      try (var backend = new TestBackend()) {
        FakeAttempt attempt = backend.get();
        backend.stream().readBody(false);
        backend.answer(http(head));
        assertThat(attempt.head).isNotNull();
        assertThat(attempt.body).isEmpty();
        backend.hangUp();
        assertThat(attempt.isComplete()).isFalse();
        assertThat(attempt.failure).isNull();
        backend.stream().readBody(true);
        assertThat(attempt.body).hasToString("ab");
        assertThat(attempt.isComplete()).isTrue();
      }
    }
  }

  @Test
  void neverComesBackToThePoolPaused() {
    try (var backend = new TestBackend()) {
      FakeAttempt attempt = backend.get();
      attempt.onBody = () -> backend.stream().readBody(false);
      backend.answer(http("HTTP/1.1 200 OK|Content-Length: 4||ab"));
      backend.answer("c");
      assertThat(backend.channel.config().isAutoRead()).isFalse();
      assertThat(attempt.body).hasToString("ab");
      backend.stream().readBody(true);
      assertThat(backend.channel.config().isAutoRead()).isTrue();
      backend.answer("d");
      // The last byte was held back, and comes with the read that ends the response.
      assertThat(attempt.body).hasToString("abc");
      assertThat(backend.channel.config().isAutoRead()).isFalse();
      backend.stream().readBody(true);
      assertThat(attempt.isComplete()).isTrue();
      assertThat(backend.idle).isEqualTo(1);
      assertThat(backend.channel.config().isAutoRead()).isTrue();
      FakeAttempt next = backend.get();
      backend.answer(http("HTTP/1.1 200 OK|Content-Length: 2||ok"));
      assertThat(next.body).hasToString("ok");
    }
  }

  @Test
  void neverPoolsWhenTheAnswerCameBeforeTheRequestWasSent() { // E3
    try (var backend = new TestBackend()) {
      FakeAttempt attempt = new FakeAttempt();
      UpstreamStream stream = backend.start(attempt);
      stream.sendHead(TestBackend.head(Method.POST), 100);
      stream.sendBody(bytes("part"));
      stream.flush();
      backend.answer(http("HTTP/1.1 413 Content Too Large|Content-Length: 0||"));
      assertThat(attempt.isComplete()).isTrue();
      assertThat(backend.idle).isZero();
      assertThat(backend.isOpen()).isFalse();
      stream.sendBody(bytes("late"));
      stream.sendEnd(Trailers.NONE);
      stream.abort();
    }
  }

  @Test
  void abortClosesAndSaysNothing() {
    try (var backend = new TestBackend()) {
      FakeAttempt attempt = backend.get();
      backend.answer(http("HTTP/1.1 200 OK|Content-Length: 4||ab"));
      backend.stream().abort();
      assertThat(backend.isOpen()).isFalse();
      assertThat(backend.closed).isEqualTo(1);
      backend.loop.runTasks();
      assertThat(attempt.failure).isNull();
      assertThat(attempt.isComplete()).isFalse();
    }
  }

  @Test
  void abortOfAnEndedStreamDoesNotTouchTheNext() {
    try (var backend = new TestBackend()) {
      backend.get();
      UpstreamStream first = backend.stream();
      backend.answer(http("HTTP/1.1 200 OK|Content-Length: 0||"));
      FakeAttempt second = backend.get();
      first.abort();
      first.readBody(false);
      first.sendEnd(Trailers.NONE);
      backend.answer(http("HTTP/1.1 200 OK|Content-Length: 0||"));
      assertThat(second.isComplete()).isTrue();
      assertThat(backend.idle).isEqualTo(2);
    }
  }

  @Test
  void tellsADeadReusedConnectionFromAReset() {
    try (var backend = new TestBackend()) {
      FakeAttempt attempt = backend.get();
      backend.hangUp();
      assertThat(attempt.failureKind()).isEqualTo(Kind.RESET);
    }
    try (var backend = new TestBackend()) {
      backend.get();
      backend.answer(http("HTTP/1.1 200 OK|Content-Length: 0||"));
      FakeAttempt attempt = backend.get();
      backend.hangUp();
      assertThat(attempt.failureKind()).isEqualTo(Kind.DEAD_ON_REUSE);
    }
    try (var backend = new TestBackend()) {
      backend.get();
      backend.answer(http("HTTP/1.1 200 OK|Content-Length: 0||"));
      FakeAttempt attempt = backend.get();
      backend.answer("H");
      backend.hangUp();
      assertThat(attempt.failureKind()).isEqualTo(Kind.RESET);
    }
  }

  @Test
  void tellsADeadConnectionOutsideTheCallThatFoundIt() {
    try (var backend = new TestBackend()) {
      backend.get();
      backend.answer(http("HTTP/1.1 200 OK|Content-Length: 0||"));
      FakeAttempt attempt = new FakeAttempt();
      UpstreamStream stream = backend.start(attempt);
      var _ = backend.channel.close();
      assertThat(backend.connection.isIdle()).isFalse();
      backend.loop.runTasks();
      assertThat(attempt.failureKind()).isEqualTo(Kind.DEAD_ON_REUSE);
      stream.sendHead(TestBackend.head(Method.GET), BodyLength.ABSENT);
      stream.sendEnd(Trailers.NONE);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK|Content-Length: 4||ab",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|ab|",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|ab|0|",
        "HTTP/1.1 200 OK|Content-Le",
        "HTTP/1.1 100 Continue||",
      })
  void failsWhenTheConnectionEndsBeforeTheResponse(String response) {
    try (var backend = new TestBackend()) {
      FakeAttempt attempt = backend.get();
      backend.answer(http(response));
      backend.hangUp();
      assertThat(attempt.failureKind()).isEqualTo(Kind.RESET);
      assertThat(attempt.isComplete()).isFalse();
    }
  }

  @Test
  void timesOutWithoutResponse() {
    try (var backend = new TestBackend()) {
      FakeAttempt attempt = backend.get();
      backend.loop.advance(Duration.ofSeconds(29));
      assertThat(attempt.failure).isNull();
      backend.loop.advance(Duration.ofSeconds(2));
      assertThat(attempt.failureKind()).isEqualTo(Kind.RESPONSE_TIMEOUT);
      assertThat(backend.isOpen()).isFalse();
    }
  }

  @Test
  void doesNotBlameTheBackendWhileTheClientIsSending() {
    try (var backend = new TestBackend()) {
      FakeAttempt attempt = new FakeAttempt();
      UpstreamStream stream = backend.start(attempt);
      stream.sendHead(TestBackend.head(Method.POST), 2);
      backend.loop.advance(Duration.ofSeconds(70));
      assertThat(attempt.failure).isNull();
      stream.sendBody(bytes("ab"));
      stream.sendEnd(Trailers.NONE);
      backend.loop.advance(Duration.ofSeconds(29));
      assertThat(attempt.failure).isNull();
      backend.loop.advance(Duration.ofSeconds(2));
      assertThat(attempt.failureKind()).isEqualTo(Kind.RESPONSE_TIMEOUT);
    }
  }

  @Test
  void timesOutInASilentBodyButNotWhilePaused() {
    try (var backend = new TestBackend()) {
      FakeAttempt attempt = backend.get();
      backend.answer(http("HTTP/1.1 200 OK|Content-Length: 4||a"));
      backend.loop.advance(Duration.ofSeconds(50));
      backend.answer("b");
      backend.stream().readBody(false);
      backend.loop.advance(Duration.ofSeconds(130));
      assertThat(attempt.failure).isNull();
      backend.stream().readBody(true);
      backend.loop.advance(Duration.ofSeconds(61));
      assertThat(attempt.failureKind()).isEqualTo(Kind.IDLE_TIMEOUT);
    }
  }

  @Test
  void timesOutNothingOnceIdle() {
    try (var backend = new TestBackend()) {
      backend.get();
      backend.answer(http("HTTP/1.1 200 OK|Content-Length: 0||"));
      backend.loop.advance(Duration.ofMinutes(2));
      assertThat(backend.isOpen()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'timeout=5', 4000",
    "'timeout=5, max=100', 4000",
    "'max=3, Timeout=60', 59000",
    "'timeout=1', 500",
    "'timeout=0', 0",
  })
  void heedsHowLongTheBackendKeepsAnIdleConnection(String value, long millis) {
    try (var backend = new TestBackend()) {
      backend.get();
      backend.answer(http("HTTP/1.1 200 OK|Content-Length: 0|Keep-Alive: " + value + "||"));
      assertThat(backend.connection.idleLimitNanos())
          .isEqualTo(TimeUnit.MILLISECONDS.toNanos(millis));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "max=5", "timeout=x", "timeout=", "timeout=99999999999999999999", "a"})
  void ignoresOtherKeepAliveHints(String value) {
    try (var backend = new TestBackend()) {
      backend.get();
      backend.answer(http("HTTP/1.1 200 OK|Content-Length: 0|Keep-Alive: " + value + "||"));
      assertThat(backend.connection.idleLimitNanos()).isEqualTo(Long.MAX_VALUE);
    }
  }

  @Test
  void closesWhenTheRequestIsNotAsLongAsDeclared() {
    for (String body : List.of("four!", "two")) {
      try (var backend = new TestBackend()) {
        FakeAttempt attempt = new FakeAttempt();
        UpstreamStream stream = backend.start(attempt);
        stream.sendHead(TestBackend.head(Method.POST), 4);
        stream.sendBody(bytes(body));
        stream.sendEnd(Trailers.NONE);
        backend.loop.runTasks();
        assertThat(attempt.failureKind()).isEqualTo(Kind.RESET);
        assertThat(backend.isOpen()).isFalse();
      }
    }
  }

  @Test
  void tellsWhenTheBackendCanTakeMore() {
    try (var backend = new TestBackend()) {
      backend
          .channel
          .config()
          .setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(100, 5000));
      FakeAttempt attempt = new FakeAttempt();
      UpstreamStream stream = backend.start(attempt);
      stream.sendHead(TestBackend.head(Method.POST), 10_000);
      stream.sendBody(bytes("x".repeat(10_000)));
      assertThat(stream.isWritable()).isFalse();
      stream.flush();
      assertThat(stream.isWritable()).isTrue();
      assertThat(attempt.writable).isEqualTo(1);
      stream.sendEnd(Trailers.NONE);
    }
  }

  @Test
  void tellsTheEndOfEachBurst() {
    try (var backend = new TestBackend()) {
      FakeAttempt attempt = backend.get();
      backend.answer(http("HTTP/1.1 200 OK|Content-Length: 3||a"));
      assertThat(attempt.readCompletes).isEqualTo(1);
      backend.answer("b");
      assertThat(attempt.readCompletes).isEqualTo(2);
    }
  }
}
