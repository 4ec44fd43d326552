package tollgate.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.transport.http2.TestBackend.bytes;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.http.RequestHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.UpstreamFailure.Kind;
import tollgate.core.port.UpstreamStream;
import tollgate.core.testkit.ListedFields;

/** Many requests on one connection to a backend: heads, bodies, windows, ends of all kinds. */
class ClientConnectionTest {
  private static final String GET =
      "[:method: GET, :scheme: https, :authority: backend:8080, :path: /p?q=1";

  // ---- the connection

  @Test
  void saysItsPrefaceAndIsReadyWhenTheBackendHasSaidItsSettings() {
    try (var backend = new TestBackend(10)) {
      assertThat(backend.received())
          .containsExactly("SETTINGS 2=0 6=65536", "WINDOW_UPDATE 0 " + (10 * 256 * 1024 - 65535));
      assertThat(backend.connection.hasRoom()).isFalse();
      backend.settings(Frame.SETTING_MAX_CONCURRENT_STREAMS, 3);
      assertThat(backend.ready).isEqualTo(1);
      assertThat(backend.connection.limit()).isEqualTo(3);
      assertThat(backend.received()).containsExactly("SETTINGS ack");
    }
  }

  @Test
  void endsWhereTheBackendSpeaksAnotherProtocol() {
    try (var backend = new TestBackend()) {
      backend.raw("HTTP/1.1 400 Bad Request\r\n\r\n");
      assertThat(backend.closed).containsExactly("the first frame is not SETTINGS");
      assertThat(backend.channel.isOpen()).isFalse();
    }
  }

  @Test
  void keepsToTheLowerOfBothLimits() {
    try (var backend = TestBackend.ready(Frame.SETTING_MAX_CONCURRENT_STREAMS, 2)) {
      backend.get();
      assertThat(backend.connection.hasRoom()).isTrue();
      backend.get();
      assertThat(backend.connection.hasRoom()).isFalse();
      backend.headers(1, true, ":status", "200");
      assertThat(backend.freed).isEqualTo(1);
      assertThat(backend.connection.load()).isEqualTo(1);
      backend.settings(Frame.SETTING_MAX_CONCURRENT_STREAMS, 1000);
      assertThat(backend.freed).isEqualTo(2);
      assertThat(backend.connection.limit()).isEqualTo(100);
    }
  }

  @Test
  void countsARequestBeforeItsHead() {
    try (var backend = TestBackend.ready(Frame.SETTING_MAX_CONCURRENT_STREAMS, 1)) {
      UpstreamStream stream = backend.connection.start(new FakeAttempt(), TestBackend.TIMEOUTS);
      assertThat(backend.connection.hasRoom()).isFalse();
      stream.abort();
      assertThat(backend.freed).isEqualTo(1);
      assertThat(backend.received()).isEmpty();
    }
  }

  @Test
  void answersPings() {
    try (var backend = TestBackend.ready()) {
      backend.frame(Frame.PING, 0, 0, Unpooled.buffer().writeLong(7));
      assertThat(backend.received()).containsExactly("PING ack 7");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Frame.PUSH_PROMISE, Frame.CONTINUATION, Frame.HEADERS, Frame.DATA})
  void endsAtFramesThatMayNotCome(int type) {
    try (var backend = TestBackend.ready()) {
      FakeAttempt attempt = backend.get();
      backend.frame(type, Frame.END_HEADERS, 2, Unpooled.buffer().writeInt(0x88888888));
      assertThat(backend.closed).hasSize(1);
      assertThat(attempt.failureKind()).isEqualTo(Kind.RESET);
      assertThat(backend.received().getLast()).isEqualTo("GOAWAY 0 PROTOCOL_ERROR");
    }
  }

  @Test
  void endsAtAFlood() {
    try (var backend = TestBackend.ready()) {
      FakeAttempt attempt = backend.get();
      for (int i = 0; i < 2000 && backend.closed.isEmpty(); i++) {
        backend.frame(Frame.PING, 0, 0, Unpooled.buffer().writeLong(i));
      }
      assertThat(attempt.failureKind()).isEqualTo(Kind.RESET);
      assertThat(backend.received().getLast()).isEqualTo("GOAWAY 0 ENHANCE_YOUR_CALM");
    }
  }

  // ---- requests

  @Test
  void sendsARequestWithoutBody() {
    try (var backend = TestBackend.ready()) {
      FakeAttempt attempt = backend.get();
      assertThat(backend.received()).containsExactly("HEADERS 1 end " + GET + "]");
      backend.headers(1, false, ":status", "200", "x", "y");
      backend.data(1, false, "he");
      backend.data(1, true, "llo");
      assertThat(attempt.head).isNotNull();
      assertThat(attempt.head.status()).isEqualTo(200);
      assertThat(attempt.head.bodyLength()).isEqualTo(BodyLength.UNKNOWN);
      assertThat(attempt.head.fields().first(FieldName.of("X"))).isEqualTo("y");
      assertThat(attempt.body).hasToString("hello");
      assertThat(attempt.isComplete()).isTrue();
      assertThat(attempt.readCompletes).isPositive();
      assertThat(backend.connection.load()).isZero();
    }
  }

  @Test
  void sendsFieldsButThoseOfOneConnection() {
    try (var backend = TestBackend.ready()) {
      RequestHead head =
          TestBackend.head(Method.GET, ListedFields.of("Host", "a", "Upgrade", "h2c"));
      head.fields().add(FieldName.CONNECTION, "close");
      head.fields().add(FieldName.CONTENT_LENGTH, "7");
      head.fields().add(FieldName.TRANSFER_ENCODING, "chunked");
      head.fields().add(FieldName.of("X-Upper"), "Y");
      UpstreamStream stream = backend.connection.start(new FakeAttempt(), TestBackend.TIMEOUTS);
      stream.sendHead(head, BodyLength.ABSENT);
      stream.sendEnd(Trailers.NONE);
      assertThat(backend.received()).containsExactly("HEADERS 1 end " + GET + ", x-upper: Y]");
    }
  }

  @Test
  void passesOnThatTrailersAreTaken() {
    try (var backend = TestBackend.ready()) {
      RequestHead head = TestBackend.head(Method.GET, ListedFields.of("te", "trailers"));
      head.fields().remove(FieldName.TE);
      UpstreamStream stream = backend.connection.start(new FakeAttempt(), TestBackend.TIMEOUTS);
      stream.sendHead(head, BodyLength.ABSENT);
      stream.sendEnd(Trailers.NONE);
      assertThat(backend.received()).containsExactly("HEADERS 1 end " + GET + ", te: trailers]");
    }
  }

  @Test
  void sendsBodyAndTrailers() {
    try (var backend = TestBackend.ready()) {
      UpstreamStream stream = backend.send(new FakeAttempt(), Method.POST, BodyLength.UNKNOWN);
      stream.sendBody(bytes("hello"));
      stream.sendEnd(new Trailers(List.of(new Trailers.Line("X-Sum", "1"))));
      assertThat(backend.received())
          .containsExactly(
              "HEADERS 1 " + GET.replace("GET", "POST") + "]",
              "DATA 1 hello",
              "HEADERS 1 end [x-sum: 1]");
    }
  }

  @Test
  void sendsADeclaredBody() {
    try (var backend = TestBackend.ready()) {
      UpstreamStream stream = backend.send(new FakeAttempt(), Method.POST, 5);
      stream.sendBody(bytes("hello"));
      stream.sendEnd(Trailers.NONE);
      assertThat(backend.received())
          .containsExactly(
              "HEADERS 1 " + GET.replace("GET", "POST") + ", content-length: 5]",
              "DATA 1 end hello");
    }
  }

  @Test
  void resetsARequestWhoseBodyIsNotAsDeclared() {
    try (var backend = TestBackend.ready()) {
      FakeAttempt longer = new FakeAttempt();
      backend.send(longer, Method.POST, 2).sendBody(bytes("hello"));
      FakeAttempt shorter = new FakeAttempt();
      backend.send(shorter, Method.POST, 2).sendEnd(Trailers.NONE);
      assertThat(backend.received()).contains("RST_STREAM 1 CANCEL", "RST_STREAM 3 CANCEL");
      assertThat(longer.failureKind()).isEqualTo(Kind.RESET);
      assertThat(shorter.failureKind()).isEqualTo(Kind.RESET);
      assertThat(backend.connection.hasRoom()).isTrue();
    }
  }

  @Test
  void sendsNoMoreThanTheWindowsLetThrough() {
    try (var backend = TestBackend.ready(Frame.SETTING_INITIAL_WINDOW_SIZE, 3)) {
      FakeAttempt attempt = new FakeAttempt();
      UpstreamStream stream = backend.send(attempt, Method.POST, BodyLength.UNKNOWN);
      assertThat(stream.isWritable()).isTrue();
      stream.sendBody(bytes("hello"));
      assertThat(stream.isWritable()).isFalse();
      stream.sendEnd(Trailers.NONE);
      assertThat(backend.received()).contains("DATA 1 hel").hasSize(2);
      FakeAttempt other = backend.get();
      assertThat(backend.received()).hasSize(1);
      backend.windowUpdate(1, 10);
      assertThat(backend.received()).containsExactly("DATA 1 end lo");
      backend.headers(3, true, ":status", "204");
      assertThat(other.isComplete()).isTrue();
    }
  }

  @Test
  void tellsWhenThereIsRoomAgain() {
    try (var backend = TestBackend.ready(Frame.SETTING_INITIAL_WINDOW_SIZE, 3)) {
      FakeAttempt attempt = new FakeAttempt();
      UpstreamStream stream = backend.send(attempt, Method.POST, BodyLength.UNKNOWN);
      stream.sendBody(bytes("hello"));
      assertThat(stream.isWritable()).isFalse();
      backend.windowUpdate(1, 2);
      assertThat(attempt.writable).isZero();
      backend.windowUpdate(1, 2);
      assertThat(attempt.writable).isEqualTo(1);
      assertThat(stream.isWritable()).isTrue();
    }
  }

  // ---- responses

  @Test
  void readsInformationalHeadsAndTrailers() {
    try (var backend = TestBackend.ready()) {
      FakeAttempt attempt = backend.get();
      backend.headers(1, false, ":status", "103", "link", "a");
      backend.headers(1, false, ":status", "200");
      backend.data(1, false, "x");
      backend.headers(1, true, "grpc-status", "0");
      assertThat(attempt.informational).containsExactly(103);
      assertThat(attempt.trailers).isNotNull();
      assertThat(attempt.trailers.lines()).containsExactly(new Trailers.Line("grpc-status", "0"));
    }
  }

  @Test
  void readsHeadsWithoutBody() {
    try (var backend = TestBackend.ready()) {
      FakeAttempt head = new FakeAttempt();
      var _ = backend.send(head, Method.HEAD, BodyLength.ABSENT);
      FakeAttempt unchanged = backend.get();
      FakeAttempt empty = backend.get();
      backend.headers(1, true, ":status", "200", "content-length", "7");
      backend.headers(3, true, ":status", "304", "content-length", "7");
      backend.headers(5, false, ":status", "200", "content-length", "0");
      backend.data(5, true, "");
      assertThat(head.head).isNotNull();
      assertThat(head.head.bodyLength()).isEqualTo(7);
      assertThat(head.isComplete()).isTrue();
      assertThat(unchanged.isComplete()).isTrue();
      assertThat(empty.isComplete()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x=y",
        ":status=20",
        ":status=2000",
        ":status=abc",
        ":status=099",
        ":status=101",
        ":status=700",
        ":status=",
        ":path=/",
        ":status=200 :status=200",
        ":status=200 x=y :status=200",
        ":status=200 :path=/",
        ":status=200 connection=close",
        ":status=200 transfer-encoding=chunked",
        ":status=200 keep-alive=timeout",
        ":status=200 content-length=1 content-length=1",
        ":status=200 content-length=-1",
        ":status=200 content-length=abc",
        ":status=200 a=\u0000",
      })
  void refusesMalformedHeads(String head) {
    try (var backend = TestBackend.ready()) {
      FakeAttempt attempt = backend.get();
      FakeAttempt other = backend.get();
      var _ = backend.received();
      backend.headers(1, false, head.split("[ =]", -1));
      assertThat(attempt.failureKind()).isEqualTo(Kind.PROTOCOL);
      assertThat(attempt.head).isNull();
      assertThat(backend.received()).containsExactly("RST_STREAM 1 PROTOCOL_ERROR");
      backend.data(1, true, "ignored");
      backend.headers(3, true, ":status", "200");
      assertThat(other.isComplete()).isTrue();
      assertThat(backend.closed).isEmpty();
    }
  }

  @Test
  void refusesBodiesThatAreNotAsDeclared() {
    try (var backend = TestBackend.ready()) {
      FakeAttempt longer = backend.get();
      FakeAttempt shorter = backend.get();
      FakeAttempt none = backend.get();
      FakeAttempt headless = backend.get();
      FakeAttempt bodiless = backend.get();
      backend.headers(1, false, ":status", "200", "content-length", "2");
      backend.data(1, false, "abc");
      backend.headers(3, false, ":status", "200", "content-length", "2");
      backend.data(3, true, "a");
      backend.headers(5, true, ":status", "200", "content-length", "2");
      backend.data(7, true, "a");
      backend.headers(9, false, ":status", "204");
      backend.data(9, true, "a");
      for (FakeAttempt attempt : List.of(longer, shorter, none, headless, bodiless)) {
        assertThat(attempt.failureKind()).isEqualTo(Kind.PROTOCOL);
      }
      assertThat(backend.closed).isEmpty();
    }
  }

  @Test
  void refusesTooManyInformationalHeadsAndASecondHead() {
    try (var backend = TestBackend.ready()) {
      FakeAttempt endless = backend.get();
      for (int i = 0; i < 33; i++) {
        backend.headers(1, false, ":status", "103");
      }
      FakeAttempt second = backend.get();
      backend.headers(3, false, ":status", "200");
      backend.headers(3, false, ":status", "200");
      FakeAttempt last = backend.get();
      backend.headers(5, true, ":status", "103");
      assertThat(endless.failureKind()).isEqualTo(Kind.PROTOCOL);
      assertThat(second.failureKind()).isEqualTo(Kind.PROTOCOL);
      assertThat(last.failureKind()).isEqualTo(Kind.PROTOCOL);
    }
  }

  @Test
  void pausesOneStreamOnly() {
    try (var backend = TestBackend.ready()) {
      FakeAttempt paused = new FakeAttempt();
      UpstreamStream stream = backend.send(paused, Method.GET, BodyLength.ABSENT);
      FakeAttempt other = backend.get();
      stream.readBody(false);
      backend.headers(1, false, ":status", "200");
      for (int i = 0; i < 4; i++) {
        backend.data(1, i == 3, "x".repeat(16_000));
      }
      backend.headers(3, false, ":status", "200");
      backend.data(3, true, "y");
      assertThat(other.isComplete()).isTrue();
      assertThat(paused.body).isEmpty();
      assertThat(backend.received()).noneMatch(frame -> frame.startsWith("WINDOW_UPDATE"));
      stream.readBody(true);
      assertThat(paused.body).hasSize(64_000);
      assertThat(paused.isComplete()).isTrue();
    }
  }

  @Test
  void opensTheWindowByWhatWasTaken() {
    try (var backend = TestBackend.ready()) {
      FakeAttempt attempt = new FakeAttempt();
      UpstreamStream stream = backend.send(attempt, Method.GET, BodyLength.ABSENT);
      var _ = backend.received();
      stream.readBody(false);
      backend.headers(1, false, ":status", "200");
      backend.data(1, false, "x".repeat(16_000));
      backend.data(1, false, "x".repeat(16_000));
      backend.data(1, false, "x".repeat(16_000));
      assertThat(backend.received()).isEmpty();
      stream.readBody(true);
      assertThat(backend.received()).singleElement().asString().startsWith("WINDOW_UPDATE 1 ");
      stream.abort();
    }
  }

  @Test
  void endsAStreamThatIsSentMoreThanItsWindow() {
    try (var backend = TestBackend.ready()) {
      FakeAttempt attempt = new FakeAttempt();
      UpstreamStream stream = backend.send(attempt, Method.GET, BodyLength.ABSENT);
      stream.readBody(false);
      backend.headers(1, false, ":status", "200");
      for (int i = 0; i < 5; i++) {
        backend.data(1, false, "x".repeat(16_000));
      }
      assertThat(attempt.failureKind()).isEqualTo(Kind.PROTOCOL);
      assertThat(backend.received()).contains("RST_STREAM 1 FLOW_CONTROL_ERROR");
    }
  }

  @Test
  void stopsSendingWhenTheAnswerIsWhole() {
    try (var backend = TestBackend.ready()) {
      FakeAttempt attempt = new FakeAttempt();
      UpstreamStream stream = backend.send(attempt, Method.POST, BodyLength.UNKNOWN);
      stream.flush();
      var _ = backend.received();
      backend.headers(1, true, ":status", "413");
      assertThat(attempt.isComplete()).isTrue();
      assertThat(backend.received()).containsExactly("RST_STREAM 1 CANCEL");
      stream.sendBody(bytes("late"));
      stream.sendEnd(Trailers.NONE);
      assertThat(backend.received()).isEmpty();
      assertThat(backend.connection.load()).isZero();
    }
  }

  /** RFC 9113 section 8.1: responses are not discarded for that. */
  @Test
  void keepsAnAnswerThatIsWholeWhenTheRestOfTheRequestIsNotWanted() {
    try (var backend = TestBackend.ready()) {
      FakeAttempt attempt = new FakeAttempt();
      UpstreamStream stream = backend.send(attempt, Method.POST, BodyLength.UNKNOWN);
      stream.readBody(false);
      backend.headers(1, false, ":status", "200");
      backend.data(1, true, "whole");
      backend.reset(1, ErrorCode.NO_ERROR);
      stream.sendBody(bytes("dropped"));
      stream.readBody(true);
      assertThat(attempt.body).hasToString("whole");
      assertThat(attempt.isComplete()).isTrue();
    }
  }

  // ---- ends

  @Test
  void abortResetsTheStreamAndTheConnectionLivesOn() {
    try (var backend = TestBackend.ready()) {
      UpstreamStream stream = backend.send(new FakeAttempt(), Method.GET, BodyLength.ABSENT);
      backend.headers(1, false, ":status", "200");
      var _ = backend.received();
      stream.abort();
      assertThat(backend.received()).containsExactly("RST_STREAM 1 CANCEL");
      backend.data(1, false, "late");
      assertThat(backend.received()).isEmpty();
      assertThat(backend.connection.hasRoom()).isTrue();
      assertThat(backend.freed).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {"REFUSED_STREAM", "INTERNAL_ERROR", "CANCEL", "NO_ERROR"})
  void tellsWhatAResetMeans(ErrorCode code) {
    try (var backend = TestBackend.ready()) {
      FakeAttempt attempt = backend.get();
      backend.reset(1, code);
      assertThat(attempt.failureKind())
          .isEqualTo(code == ErrorCode.REFUSED_STREAM ? Kind.DEAD_ON_REUSE : Kind.RESET);
      assertThat(backend.connection.hasRoom()).isTrue();
    }
  }

  @Test
  void finishesWhatABackendThatGoesAwayHasTaken() {
    try (var backend = TestBackend.ready()) {
      FakeAttempt taken = backend.get();
      FakeAttempt refused = backend.get();
      UpstreamStream reserved = backend.connection.start(new FakeAttempt(), TestBackend.TIMEOUTS);
      backend.goAway(1, ErrorCode.NO_ERROR);
      assertThat(refused.failureKind()).isEqualTo(Kind.DEAD_ON_REUSE);
      assertThat(taken.failure).isNull();
      assertThat(backend.draining).isEqualTo(1);
      assertThat(backend.connection.hasRoom()).isFalse();
      reserved.abort();
      assertThat(backend.closed).isEmpty();
      backend.headers(1, true, ":status", "200");
      assertThat(taken.isComplete()).isTrue();
      assertThat(backend.closed).hasSize(1);
      assertThat(backend.channel.isOpen()).isFalse();
      assertThat(backend.freed).isZero();
    }
  }

  @Test
  void aRequestThatHadAPlaceOnlyIsToldThatNothingWasDone() {
    try (var backend = TestBackend.ready()) {
      FakeAttempt attempt = new FakeAttempt();
      UpstreamStream stream = backend.connection.start(attempt, TestBackend.TIMEOUTS);
      backend.goAway(0, ErrorCode.NO_ERROR);
      stream.sendHead(TestBackend.head(Method.GET), BodyLength.ABSENT);
      assertThat(attempt.failure).isNull();
      backend.loop.runTasks();
      assertThat(attempt.failureKind()).isEqualTo(Kind.DEAD_ON_REUSE);
    }
  }

  @Test
  void tellsWhatTheBackendsEndMeans() {
    try (var backend = TestBackend.ready()) {
      FakeAttempt first = backend.get();
      FakeAttempt second = backend.get();
      FakeAttempt answering = backend.get();
      backend.headers(5, false, ":status", "200");
      backend.hangUp();
      assertThat(first.failureKind()).isEqualTo(Kind.RESET);
      assertThat(second.failureKind()).isEqualTo(Kind.DEAD_ON_REUSE);
      assertThat(answering.failureKind()).isEqualTo(Kind.RESET);
      assertThat(backend.closed).containsExactly("closed by the peer");
    }
  }

  @Test
  void drainsWithoutCuttingAnything() {
    try (var backend = TestBackend.ready()) {
      FakeAttempt attempt = backend.get();
      backend.connection.drain();
      assertThat(backend.connection.hasRoom()).isFalse();
      backend.headers(1, true, ":status", "200");
      assertThat(attempt.isComplete()).isTrue();
      assertThat(backend.received().getLast()).isEqualTo("GOAWAY 0 NO_ERROR");
      assertThat(backend.channel.isOpen()).isFalse();
    }
  }

  // ---- time

  @Test
  void waitsForAnAnswerNoLongerThanAllowed() {
    try (var backend = TestBackend.ready()) {
      FakeAttempt slow = backend.get();
      backend.loop.advance(Duration.ofSeconds(20));
      FakeAttempt other = backend.get();
      backend.headers(3, false, ":status", "200");
      backend.loop.advance(Duration.ofSeconds(11));
      assertThat(slow.failureKind()).isEqualTo(Kind.RESPONSE_TIMEOUT);
      assertThat(backend.received()).contains("RST_STREAM 1 CANCEL");
      assertThat(backend.draining).as("something came meanwhile").isZero();
      backend.data(3, true, "");
      assertThat(other.isComplete()).isTrue();
    }
  }

  @Test
  void takesNothingMoreToABackendThatHasGoneSilent() {
    try (var backend = TestBackend.ready()) {
      FakeAttempt attempt = backend.get();
      backend.loop.advance(Duration.ofSeconds(31));
      assertThat(attempt.failureKind()).isEqualTo(Kind.RESPONSE_TIMEOUT);
      assertThat(backend.draining).isEqualTo(1);
      assertThat(backend.closed).hasSize(1);
    }
  }

  @Test
  void endsASilenceInTheBodyOnlyIfItIsAwaited() {
    try (var backend = TestBackend.ready()) {
      FakeAttempt attempt = new FakeAttempt();
      UpstreamStream stream = backend.send(attempt, Method.GET, BodyLength.ABSENT);
      backend.headers(1, false, ":status", "200");
      stream.readBody(false);
      backend.loop.advance(Duration.ofSeconds(61));
      assertThat(attempt.failure).isNull();
      stream.readBody(true);
      backend.loop.advance(Duration.ofSeconds(61));
      assertThat(attempt.failureKind()).isEqualTo(Kind.IDLE_TIMEOUT);
    }
  }

  @Test
  void waitsForARequestsBodyWithoutALimitOfItsOwn() {
    try (var backend = TestBackend.ready()) {
      FakeAttempt attempt = new FakeAttempt();
      UpstreamStream stream = backend.send(attempt, Method.POST, BodyLength.UNKNOWN);
      backend.loop.advance(Duration.ofSeconds(100));
      assertThat(attempt.failure).isNull();
      stream.sendEnd(Trailers.NONE);
      backend.loop.advance(Duration.ofSeconds(31));
      assertThat(attempt.failureKind()).isEqualTo(Kind.RESPONSE_TIMEOUT);
    }
  }
}
