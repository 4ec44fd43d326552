package tollgate.transport.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.transport.http1.Wire.http;

import org.junit.jupiter.api.Test;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.http.ReceivedRequest;
import tollgate.transport.wire.FakeExchange;

/** What a well-behaved client gets. */
class ServerExchangeTest {
  @Test
  void decodesHead() {
    try (var server = TestServer.answering()) {
      server.send("GET /a/b?x=1&y HTTP/1.1\r\nHost: API.Example.com:8080\r\nX-A:  v \t\r\n\r\n");

      ReceivedRequest request = server.only().request;
      assertThat(request.method()).isSameAs(Method.GET);
      assertThat(request.protocol()).isEqualTo("HTTP/1.1");
      assertThat(request.scheme()).isEqualTo("http");
      assertThat(request.authority()).isEqualTo("api.example.com:8080");
      assertThat(request.path()).isEqualTo("/a/b");
      assertThat(request.query()).isEqualTo("x=1&y");
      assertThat(request.bodyLength()).isEqualTo(BodyLength.ABSENT);
      assertThat(request.fields().count()).isEqualTo(2);
      assertThat(request.fields().name(1)).isEqualTo("X-A");
      assertThat(request.fields().value(1)).isEqualTo("v");
      assertThat(request.fields().indexOf(FieldName.of("x-a"), 0)).isEqualTo(1);
      assertThat(request.fields().indexOf(FieldName.of("x-b"), 0)).isEqualTo(-1);
      assertThat(server.received())
          .isEqualTo("HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 2\r\n\r\nok");
      assertThat(server.isOpen()).isTrue();
    }
  }

  @Test
  void decodesHeadThatComesByteByByte() {
    try (var server = TestServer.answering()) {
      server.sendBytewise("\r\nGET /a HTTP/1.1\r\nHost: x\r\nX-A: v\r\n\r\n");

      assertThat(server.only().request.fields().value(1)).isEqualTo("v");
      assertThat(server.status()).isEqualTo(200);
    }
  }

  @Test
  void passesOnSizedBody() {
    try (var server = new TestServer(FakeExchange::read)) {
      server.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");

      assertThat(server.only().body).hasToString("hello");
      assertThat(server.only().isBodyComplete()).isTrue();
      server.only().answer(201, "");
      assertThat(server.received())
          .isEqualTo("HTTP/1.1 201 Created\r\nDate: D\r\nContent-Length: 0\r\n\r\n");
    }
  }

  @Test
  void passesOnChunkedBodyThatComesByteByByte() {
    try (var server = new TestServer(FakeExchange::read)) {
      server.sendBytewise(
          http(
              "POST /a HTTP/1.1|Host: x|Transfer-Encoding: chunked||"
                  + "5;a=b;c=\"d\\\"\"|hello|00A|, world!!!|0|X-T: v|Host: y||"));

      FakeExchange exchange = server.only();
      assertThat(exchange.request.bodyLength()).isEqualTo(BodyLength.UNKNOWN);
      assertThat(exchange.body).hasToString("hello, world!!!");
      assertThat(exchange.trailers).isNotNull();
      assertThat(exchange.trailers.lines()).singleElement().hasToString("Line[name=X-T, value=v]");
      exchange.answer(200, "");
    }
  }

  @Test
  void answersPipelinedRequestsInOrder() {
    try (var server = new TestServer()) {
      server.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");

      assertThat(server.exchanges).hasSize(1);
      server.last().answer(200, "one");
      assertThat(server.exchanges).hasSize(2);
      assertThat(server.last().request.path()).isEqualTo("/2");
      server.last().answer(200, "two");
      assertThat(server.received()).containsSubsequence("\r\n\r\none", "HTTP/1.1 200", "two");
    }
  }

  @Test
  void streamsChunkedResponse() {
    try (var server = new TestServer()) {
      server.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      server.only().chunked(200);
      server.only().send("hello");
      server.only().stream.flush();
      assertThat(server.received())
          .isEqualTo(
              "HTTP/1.1 200 OK\r\nDate: D\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
      server.only().send("x".repeat(3000));
      server.only().stream.flush();
      assertThat(server.received()).isEqualTo("bb8\r\n" + "x".repeat(3000) + "\r\n");
      server.only().send("y".repeat(4096));
      server.only().send("z");
      server.only().end();
      assertThat(server.received())
          .isEqualTo("1000\r\n" + "y".repeat(4096) + "\r\n1\r\nz\r\n0\r\n\r\n");
      assertThat(server.isOpen()).isTrue();
    }
  }
}
