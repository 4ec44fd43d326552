package tollgate.transport.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.transport.http1.Wire.http;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.http.Method;
import tollgate.core.port.UpstreamFailure.Kind;

/**
 * What a backend must not get away with: BAD-INPUT A35 and A11. Such a connection is never pooled.
 */
class BadResponseTest {
  private static void assertRefused(String response) {
    for (int size : new int[] {response.length(), response.length() > 1000 ? 97 : 1}) {
      try (var backend = new TestBackend()) {
        FakeAttempt attempt = backend.get();
        backend.answerIn(size, response);
        assertThat(attempt.failureKind()).isEqualTo(Kind.PROTOCOL);
        assertThat(attempt.isComplete()).isFalse();
        assertThat(backend.isOpen()).isFalse();
        assertThat(backend.idle).isZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK|Content-Length: 5|Transfer-Encoding: chunked||0||",
        "HTTP/1.1 200 OK|Content-Length: 5|Content-Length: 6||hello",
        "HTTP/1.1 200 OK|Content-Length: 5|Content-Length: 5||hello",
        "HTTP/1.1 200 OK|Content-Length: 5, 5||hello",
        "HTTP/1.1 200 OK|Content-Length: +5||hello",
        "HTTP/1.1 200 OK|Content-Length:||hello",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked, gzip||0||",
        "HTTP/1.1 200 OK|Transfer-Encoding: gzip||0||",
        "HTTP/1.0 200 OK|Transfer-Encoding: chunked||0||",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "HTTP/1.1 200 OK|Content-Length: 0\n|",
        "HTTP/1.1 200 OK|X: a| b|Content-Length: 0||",
        "HTTP/1.1 200 OK|X : a|Content-Length: 0||",
        "HTTP/1.1 200 OK|nocolon|Content-Length: 0||",
        "HTTP/1.1 200 OK|X: a\u0000b|Content-Length: 0||",
        "HTTP/1.1 200 O\u0000K|Content-Length: 0||",
        "HTTP/1.1 200 O\rK|Content-Length: 0||",
        "HTTP/1.1 2000 OK|Content-Length: 0||",
        "HTTP/1.1 99 OK|Content-Length: 0||",
        "HTTP/1.1 099 OK|Content-Length: 0||",
        "HTTP/1.1 600 OK|Content-Length: 0||",
        "HTTP/1.1 20x OK|Content-Length: 0||",
        "HTTP/1.1  200 OK|Content-Length: 0||",
        "HTTP/1.1\t200 OK|Content-Length: 0||",
        "HTTP/1.1|Content-Length: 0||",
        "HTTP/1.1 200OK|Content-Length: 0||",
        "HTTP/2.0 200 OK|Content-Length: 0||",
        "HTTP/1.2 200 OK|Content-Length: 0||",
        "http/1.1 200 OK|Content-Length: 0||",
        "|HTTP/1.1 200 OK|Content-Length: 0||",
        "<html>HTTP/0.9</html>",
        "SSH-2.0-OpenSSH|",
        "HTTP/1.1 101 Switching Protocols|Upgrade: websocket|Connection: upgrade||",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||1\na|0||",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||1;|a|0||",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||0x1|a|0||",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||1|ab|0||",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||0| X: a||",
      })
  void refusesMalformedResponses(String response) {
    assertRefused(http(response));
  }

  @Test
  void refusesHeaderBombs() {
    assertRefused(http("HTTP/1.1 200 OK|X: " + "a".repeat(64 * 1024) + "||"));
    assertRefused(http("HTTP/1.1 200 OK|" + "X: a|".repeat(257) + "|"));
    assertRefused(http("HTTP/1.1 200 " + "a".repeat(64 * 1024) + "||"));
    assertRefused(http("HTTP/1.1 103 Early Hints||".repeat(33)));
  }

  @Test
  void refusesBytesBeforeAnyRequest() {
    try (var backend = new TestBackend()) {
      backend.answer(http("HTTP/1.1 200 OK|Content-Length: 0||"));
      assertThat(backend.isOpen()).isFalse();
      assertThat(backend.closed).isEqualTo(1);
    }
    try (var backend = new TestBackend()) {
      FakeAttempt attempt = new FakeAttempt();
      var stream = backend.start(attempt);
      backend.answer(http("HTTP/1.1 200 OK|Content-Length: 0||"));
      assertThat(attempt.failureKind()).isEqualTo(Kind.PROTOCOL);
      stream.sendHead(TestBackend.head(Method.GET), 0);
      assertThat(backend.received()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK|Content-Length: 2||ok",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|ok|0||",
        "HTTP/1.1 204 No Content||",
        "HTTP/1.1 304 Not Modified|Content-Length: 5||",
      })
  void neverPoolsAConnectionWithBytesTooMany(String response) {
    for (String extra : new String[] {"x", "|", "HTTP/1.1 200 OK|Content-Length: 3||bad"}) {
      try (var backend = new TestBackend()) {
        FakeAttempt attempt = backend.get();
        backend.answer(http(response) + http(extra));
        assertThat(attempt.isComplete()).isTrue();
        assertThat(attempt.failure).isNull();
        assertThat(backend.idle).isZero();
        assertThat(backend.isOpen()).isFalse();
      }
      try (var backend = new TestBackend()) {
        FakeAttempt attempt = backend.get();
        backend.answer(http(response));
        assertThat(attempt.isComplete()).isTrue();
        assertThat(backend.idle).isEqualTo(1);
        backend.answer(http(extra));
        assertThat(backend.isOpen()).isFalse();
        assertThat(backend.connection.isIdle()).isFalse();
      }
    }
  }

  @Test
  void ignoresBodyOfAnswerToHead() {
    try (var backend = new TestBackend()) {
      FakeAttempt attempt = backend.request(Method.HEAD);
      backend.answer(http("HTTP/1.1 200 OK|Content-Length: 5||hello"));
      assertThat(attempt.isComplete()).isTrue();
      assertThat(attempt.body).isEmpty();
      assertThat(attempt.head).isNotNull();
      assertThat(attempt.head.bodyLength()).isEqualTo(5);
      assertThat(backend.idle).isZero();
      assertThat(backend.isOpen()).isFalse();
    }
  }

  @Test
  void informationalHeadsAnswerNothing() { // A11
    try (var backend = new TestBackend()) {
      FakeAttempt first = backend.request(Method.HEAD);
      backend.answer(
          http(
              "HTTP/1.1 100 Continue||HTTP/1.1 103 Early Hints|Link: </a>|Content-Length: 9||"
                  + "HTTP/1.1 200 OK|Content-Length: 5||"));
      assertThat(first.informational).hasSize(2);
      assertThat(first.isComplete()).isTrue();
      assertThat(backend.idle).isEqualTo(1);
      FakeAttempt second = backend.get();
      backend.answer(http("HTTP/1.1 103 Early Hints||HTTP/1.1 200 OK|Content-Length: 2||ok"));
      assertThat(second.informational).hasSize(1);
      assertThat(second.body).hasToString("ok");
      assertThat(first.body).isEmpty();
    }
  }
}
