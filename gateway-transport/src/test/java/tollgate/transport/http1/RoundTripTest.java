package tollgate.transport.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tollgate.core.http.Fields;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.http.RequestHead;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.UpstreamStream;
import tollgate.transport.http1.RandomMessages.Message;
import tollgate.transport.wire.FakeExchange;

/** Whatever is valid is understood, however it is chopped, and goes out as it came in. */
class RoundTripTest {
  private static final int ROUNDS = 60;

  @Test
  void decodesPipelinedRequestsHoweverTheyAreChopped() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      RandomMessages messages = new RandomMessages(seed);
      List<Message> sent = new ArrayList<>();
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 4; i++) {
        Message message = messages.request(i);
        sent.add(message);
        text.append(message.text());
      }
      try (var server = new TestServer(FakeExchange::read)) {
        for (String piece : messages.chop(text.toString())) {
          server.send(piece);
          answerWhatIsComplete(server);
        }
        assertThat(server.exchanges).as("seed %d", seed).hasSameSizeAs(sent);
        for (int i = 0; i < sent.size(); i++) {
          assertSame(server.exchanges.get(i), sent.get(i), seed);
        }
      }
    }
  }

  private static void answerWhatIsComplete(TestServer server) {
    while (!server.exchanges.isEmpty()
        && !server.last().isEnded
        && (server.last().isBodyComplete() || server.last().request.bodyLength() == 0)) {
      server.last().answer(200, "");
    }
  }

  private static void assertSame(FakeExchange exchange, Message message, long seed) {
    ReceivedRequest request = exchange.request;
    String query = request.query() == null ? "" : "?" + request.query();
    assertThat(request.method() + " " + request.path() + query)
        .as("seed %d", seed)
        .isEqualTo(message.start());
    assertThat(lines(request.fields())).as("seed %d", seed).isEqualTo(message.lines());
    assertThat(exchange.body.toString()).as("seed %d", seed).isEqualTo(message.body());
    assertThat(exchange.malformed).isNull();
  }

  @Test
  void decodesResponsesHoweverTheyAreChopped() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      RandomMessages messages = new RandomMessages(seed);
      try (var backend = new TestBackend()) {
        for (int i = 1; i <= 3; i++) {
          Message message = messages.response();
          FakeAttempt attempt = backend.get();
          messages.chop(message.text()).forEach(backend::answer);
          ResponseHead head = attempt.head;
          assertThat(head).as("seed %d", seed).isNotNull();
          assertThat("HTTP/1.1 " + head.status()).isEqualTo(message.start());
          assertThat(lines(head.fields().received())).isEqualTo(message.lines());
          assertThat(attempt.body.toString()).isEqualTo(message.body());
          assertThat(attempt.isComplete()).isTrue();
          assertThat(backend.idle).isEqualTo(i);
        }
      }
    }
  }

  @Test
  void whatIsPassedOnDecodesToTheSame() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      RandomMessages messages = new RandomMessages(seed);
      Message message = messages.request(1);
      try (var front = new TestServer(FakeExchange::read);
          var backend = new TestBackend();
          var origin = new TestServer(FakeExchange::read)) {
        front.send(message.text());
        FakeExchange came = front.only();
        UpstreamStream stream = backend.start(new FakeAttempt());
        stream.sendHead(RequestHead.over(came.request), came.request.bodyLength());
        for (String piece : messages.chop(came.body.toString())) {
          stream.sendBody(Unpooled.copiedBuffer(piece, ISO_8859_1));
          if (piece.length() % 3 == 0) {
            stream.flush();
          }
        }
        stream.sendEnd(Trailers.NONE);
        String wire = backend.received();
        origin.send(wire);
        FakeExchange went = origin.only();
        assertThat(went.malformed).as("seed %d: %s", seed, wire).isNull();
        assertThat(went.body.toString()).as("seed %d", seed).isEqualTo(message.body());
        assertThat(went.request.path()).isEqualTo(came.request.path());
        assertThat(went.request.query()).isEqualTo(came.request.query());
        assertThat(went.request.authority()).isEqualTo(came.request.authority());
        assertThat(went.request.bodyLength()).isEqualTo(came.request.bodyLength());
        List<String> expected = new ArrayList<>(message.lines());
        expected.set(expected.size() - 1, message.isChunked() ? "chunked" : expected.getLast());
        assertThat(lines(went.request.fields())).as("seed %d", seed).isEqualTo(expected);
        assertThat(Fields.over(went.request.fields()).addedCount()).isZero();
        came.answer(200, "");
        went.answer(200, "");
      }
    }
  }

  private static List<String> lines(ReceivedFields fields) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < fields.count(); i++) {
      lines.add(fields.name(i));
      lines.add(fields.value(i));
    }
    return lines;
  }
}
