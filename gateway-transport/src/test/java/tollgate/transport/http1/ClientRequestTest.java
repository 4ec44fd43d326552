package tollgate.transport.http1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tollgate.core.http.BodyLength;

/** What a well-behaved backend gets and gives. */
class ClientRequestTest {
  @Test
  void sendsRequestAndReadsSizedResponse() {
    try (var backend = new TestBackend()) {
      FakeAttempt attempt = backend.get();
      assertThat(backend.received()).isEqualTo("GET /p HTTP/1.1\r\nHost: backend:8080\r\n\r\n");

      backend.answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello");
      assertThat(attempt.head).isNotNull();
      assertThat(attempt.head.status()).isEqualTo(200);
      assertThat(attempt.head.bodyLength()).isEqualTo(5);
      assertThat(attempt.body).hasToString("hello");
      assertThat(attempt.isComplete()).isTrue();
      assertThat(backend.idle).isEqualTo(1);
      assertThat(backend.isOpen()).isTrue();
    }
  }

  @Test
  void readsChunkedResponseThatComesByteByByte() {
    try (var backend = new TestBackend()) {
      FakeAttempt attempt = backend.get();
      backend.answerBytewise(
          "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
      assertThat(attempt.head).isNotNull();
      assertThat(attempt.head.bodyLength()).isEqualTo(BodyLength.UNKNOWN);
      assertThat(attempt.body).hasToString("abcde");
      assertThat(attempt.isComplete()).isTrue();
      assertThat(backend.idle).isEqualTo(1);
    }
  }

  @Test
  void carriesOneRequestAfterTheOther() {
    try (var backend = new TestBackend()) {
      for (int i = 1; i <= 3; i++) {
        FakeAttempt attempt = backend.get();
        assertThat(backend.stream().isReused()).isEqualTo(i > 1);
        backend.answer("HTTP/1.1 204 No Content\r\n\r\n");
        assertThat(attempt.isComplete()).isTrue();
        assertThat(backend.idle).isEqualTo(i);
      }
    }
  }
}
