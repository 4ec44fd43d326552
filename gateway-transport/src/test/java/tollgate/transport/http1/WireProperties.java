package tollgate.transport.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.fault.Fault;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.http.ResponseHead;
import tollgate.transport.wire.FakeExchange;

/**
 * What holds for any bytes from a peer: nothing is thrown, no buffer is left, and what is
 * understood does not depend on how the network cut them. Any thread.
 */
final class WireProperties {
  /** Longer texts cost too much byte by byte. */
  private static final int BYTEWISE = 800;

  private WireProperties() {}

  /** Bytes of a client. */
  static void requests(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    String whole = requests(text, Math.max(1, text.length()));
    if (text.length() <= BYTEWISE) {
      assertThat(requests(text, 1)).as("byte by byte").isEqualTo(whole);
    }
    int size = 2 + Math.floorMod(text.hashCode(), 61);
    assertThat(requests(text, size)).as("%d bytes at a time", size).isEqualTo(whole);
  }

  /** Bytes of a backend, which closes behind them. */
  static void responses(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    String whole = responses(text, Math.max(1, text.length()));
    if (text.length() <= BYTEWISE) {
      assertThat(responses(text, 1)).as("byte by byte").isEqualTo(whole);
    }
    int size = 2 + Math.floorMod(text.hashCode(), 61);
    assertThat(responses(text, size)).as("%d bytes at a time", size).isEqualTo(whole);
  }

  private static String requests(String text, int size) {
    try (var server = new TestServer(FakeExchange::read)) {
      for (int at = 0; at < text.length() && server.isOpen(); at += size) {
        server.send(text.substring(at, Math.min(text.length(), at + size)));
        answerWhatIsComplete(server);
      }
      StringBuilder told = new StringBuilder();
      server.exchanges.forEach(exchange -> tell(exchange, told));
      return told.toString();
    }
  }

  private static void answerWhatIsComplete(TestServer server) {
    while (!server.exchanges.isEmpty()
        && !server.last().isEnded
        && (server.last().isBodyComplete() || server.last().request.bodyLength() == 0)) {
      server.last().answer(200, "");
    }
  }

  private static void tell(FakeExchange exchange, StringBuilder told) {
    ReceivedRequest request = exchange.request;
    told.append(request.method()).append(' ').append(request.authority()).append(request.path());
    told.append('?').append(request.query()).append(' ').append(request.bodyLength()).append('\n');
    tell(request.fields(), told);
    told.append(codeOf(exchange.malformed)).append(codeOf(exchange.bodyFailure));
    told.append(exchange.body).append('\n').append(exchange.trailers).append('\n');
  }

  private static String responses(String text, int size) {
    try (var backend = new TestBackend()) {
      FakeAttempt attempt = backend.get();
      backend.answerIn(size, text).hangUp();
      StringBuilder told = new StringBuilder();
      attempt.informational.forEach(head -> tell(head, told));
      ResponseHead head = attempt.head;
      if (head != null) {
        tell(head, told);
      }
      assertThat(attempt.isComplete() || attempt.failure != null).as("it has ended").isTrue();
      return told.append(attempt.body)
          .append('\n')
          .append(attempt.trailers)
          .append(attempt.failureKind())
          .toString();
    }
  }

  private static void tell(ResponseHead head, StringBuilder told) {
    told.append(head.status()).append(' ').append(head.bodyLength()).append('\n');
    tell(head.fields().received(), told);
  }

  private static void tell(ReceivedFields fields, StringBuilder told) {
    for (int i = 0; i < fields.count(); i++) {
      told.append(fields.name(i)).append(':').append(fields.value(i)).append('\n');
    }
  }

  private static List<Object> codeOf(@Nullable Fault fault) {
    return fault == null ? List.of() : List.of(fault.code(), fault.detail());
  }
}
