package tollgate.transport.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.transport.http1.Wire.http;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.fault.Outcome;
import tollgate.core.http.FieldName;
import tollgate.transport.wire.FakeExchange;

/**
 * What a client must not get away with: BAD-INPUT A, by row. Every refusal is one recorded exchange
 * with one answer that closes the connection, whether the input comes at once or byte by byte.
 */
class BadRequestTest {
  /** In the heads below {@code \} and two hexadecimal digits are one byte, a bar is CRLF. */
  private static String unescape(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        out.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        out.append(text.charAt(i));
      }
    }
    return http(out.toString());
  }

  private static void assertRefused(String input, int status) {
    for (int size : new int[] {input.length(), input.length() > 1000 ? 97 : 1}) {
      try (var server = TestServer.answering()) {
        server.sendIn(size, input);
        assertThat(server.exchanges).hasSize(1);
        assertThat(server.only().malformed).isNotNull();
        String received = server.received();
        assertThat(received)
            .startsWith("HTTP/1.1 " + status + " ")
            .contains("\r\nConnection: close\r\n")
            .endsWith("\r\n\r\n");
        assertThat(server.isOpen()).isFalse();
        assertThat(server.only().body).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // A1, A4, A5, A12, A18
        "POST / HTTP/1.1|Host: x|Transfer-Encoding : chunked||0||",
        "POST / HTTP/1.1|Host: x|Transfer-Encoding\\09: chunked||0||",
        "POST / HTTP/1.1|Host: x| Transfer-Encoding: chunked|Content-Length: 0||",
        "GET / HTTP/1.1|Host: x|X\\01Y: a||",
        "GET / HTTP/1.1|Host: x|X\\00: a||",
        "GET / HTTP/1.1|Host: x|X\\80: a||",
        "GET / HTTP/1.1|Host: x|: a||",
        "GET / HTTP/1.1|Host: x|(a): a||",
        "GET / HTTP/1.1|Host: x|X: a\\00b||",
        "GET / HTTP/1.1|Host: x|X: a\\7fb||",
        "GET / HTTP/1.1|Host: x|X: a\\0db||",
        "GET / HTTP/1.1|Host: x|X: a\\0d\\0d\\0a|",
        "GET / HTTP/1.1|Host: x|X: a\\0b||",
        "\\00GET / HTTP/1.1|Host: x||",
        "\\0aGET / HTTP/1.1|Host: x||",
        "||GET / HTTP/1.1|Host: x||",
        "\\0d\\0dGET / HTTP/1.1|Host: x||",
        " GET / HTTP/1.1|Host: x||",
        "\\16\\03\\01\\02\\00",
        "GET / HTTP/1.1|Host: x|X: a| b||",
        "GET / HTTP/1.1|Host: x|X: a|\\09b||",
        // A2
        "GET / HTTP/1.1|Host: x|nocolon||",
        "GET / HTTP/1.1|nocolon|Host: x||",
        // A8 for heads
        "GET / HTTP/1.1\\0aHost: x||",
        "GET / HTTP/1.1\\0d#Host: x||",
        "GET / HTTP/1.1\\0d\\0d|Host: x||",
        "GET / HTTP/1.1|Host: x\\0a|",
        "GET / HTTP/1.1|Host: x|\\0a",
      })
  void refusesMalformedLines(String input) {
    assertRefused(unescape(input), 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // A3
        "Content-Length: 5|Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked|Content-Length: 5",
        "Content-Length: 5|content-length: 6",
        "Content-Length: 5|Content-Length: 5",
        "Content-Length: 5, 5",
        "Content-Length: 5,",
        // A13, A14, A22
        "Transfer-Encoding: chunked, xchunked",
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: ,chunked",
        "Transfer-Encoding: chunked,",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding: chunked;q=1",
        "Transfer-Encoding:",
        "Transfer-Encoding: chunked|Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked|Transfer-Encoding: identity",
        "Transfer-Encoding: chunked\\85",
        "Transfer-Encoding: \\a0chunked",
        "Transfer-Encoding: \\0bchunked",
        "Content-Length: 5\\ff",
        // A15
        "Transfer_Encoding: chunked",
        "transfer_encoding: chunked",
        "Content_Length: 5",
        "Host_: y",
        "_Host: y",
        "Conn_ection: close",
        "X_Forwarded_For: 10.0.0.1",
        "X-Forwarded_Proto: https",
        "x_jwt_assertion: e30.e30.",
        "X_User: admin",
        "Authorization_: Bearer t",
        "X_SSL_Client_Cert: c",
        "X_HTTP_Method_Override: DELETE",
        // A16
        "Content-Length: 010",
        "Content-Length: 00",
        "Content-Length: +1",
        "Content-Length: -1",
        "Content-Length: 0x10",
        "Content-Length: 1_0",
        "Content-Length: 1 0",
        "Content-Length: 1.0",
        "Content-Length: 1e3",
        "Content-Length:",
        "Content-Length: 9999999999999999999",
        "Content-Length: 12345678901234567890",
        "Content-Length: \\b2",
      })
  void refusesAmbiguousFraming(String lines) {
    assertRefused(unescape("POST / HTTP/1.1|Host: x|" + lines + "||hello"), 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = { // A10
        "Transfer-Encoding: chunked|Content-Length: 5",
        "Transfer-Encoding: chunked",
        "Connection: keep-alive|Transfer-Encoding: chunked",
      })
  void refusesTransferEncodingOfHttp10(String lines) {
    assertRefused(unescape("POST / HTTP/1.0|Host: x|" + lines + "||0||"), 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = { // A17
        "",
        "Host: a|Host: a|",
        "Host: a|host: b|",
        "Host:|",
        "Host:  |",
        "Host: a/b|",
        "Host: a?b|",
        "Host: u@a|",
        "Host: a, b|",
        "Host: a b|",
        "Host: a\\00|",
        "Host: a\\e9|",
        "Host: a:|",
        "Host: a:99999|",
        "Host: a:80:80|",
        "Host: [::1|",
        "Host: http://a|",
      })
  void refusesHost(String lines) {
    assertRefused(unescape("GET / HTTP/1.1|" + lines + "|"), 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = { // A19, A31
        "!",
        "*",
        "a",
        "/a#b",
        "/a?b#c",
        "/\\e9",
        "/\\c0\\af",
        "/a\\7f",
        "/a\\00b",
        "/a\\09b",
        "?a",
        "http://",
        "http:///a",
        "http://y/",
        "http://x:81/",
        "http://u@x/",
        "http://x#f",
        "ftp://x/",
        "//x/",
        "/a/..%2fb",
        "/%00",
        "/a/../b",
        "/a/;b",
        "/a\\5cb",
        "/%2e%2e/",
        "/%252e",
        "/%c0%af",
        "/%",
      })
  void refusesTarget(String target) {
    assertRefused(unescape("GET " + target + " HTTP/1.1|Host: x||"), 400);
  }

  @ParameterizedTest
  @CsvSource({ // A19, A20
    "'GET / HTTP/9.9', 505",
    "'GET / HTTP/2.0', 505",
    "'PRI * HTTP/2.0', 505",
    "'GET / HTTP/1.2', 505",
    "'GET / HTTP/0.9', 505",
    "'GET / HTTP/1.32', 400",
    "'GET / HTTP/1.', 400",
    "'GET / HTTP/11', 400",
    "'GET / HTTP/1,1', 400",
    "'GET / http/1.1', 400",
    "'GET / Http/1.1', 400",
    "'GET / HTTP/1.1 ', 400",
    "'GET /  HTTP/1.1', 400",
    "'GET  / HTTP/1.1', 400",
    "'GET /a b HTTP/1.1', 400",
    "'GET /', 400",
    "'GET', 400",
    "'GET / ', 400",
    "'GET\t/\tHTTP/1.1', 400",
    "'GE(T / HTTP/1.1', 400",
    "'HTTP/1.1 200 OK', 400",
  })
  void refusesRequestLine(String line, int status) {
    assertRefused(http(line + "|Host: x||"), status);
  }

  @Test
  void refusesConnect() { // A34
    assertRefused(http("CONNECT x:443 HTTP/1.1|Host: x:443||"), 501);
    assertRefused(http("CONNECT / HTTP/1.1|Host: x||"), 501);
    assertRefused(http("M".repeat(33) + " / HTTP/1.1|Host: x||"), 501);
  }

  @ParameterizedTest
  @ValueSource(
      strings = { // A25
        "y 100-continue",
        "100-continue, 100-continue",
        "100-continue|Expect: 100-continue",
        "100-continue;a=b",
        "200-ok",
        "",
        "100-continue\\a0",
      })
  void refusesOtherExpectations(String value) {
    assertRefused(
        unescape("POST / HTTP/1.1|Host: x|Content-Length: 5|Expect: " + value + "||hello"), 417);
  }

  @Test
  void refusesLargeHeads() { // A32
    String tooLong = "a".repeat(8 * 1024);
    assertRefused(http("GET /" + tooLong + " HTTP/1.1|Host: x||"), 414);
    // No end of line needed to see it.
    assertRefused("GET /" + tooLong, 414);
    assertRefused(http("GET / HTTP/1.1|Host: x|" + "A: b|".repeat(100) + "|"), 431);
    assertRefused(http("GET / HTTP/1.1|Host: x|Connection: a" + ",a".repeat(101) + "||"), 431);
    assertRefused(http("GET / HTTP/1.1|Host: x|A: " + "b".repeat(32 * 1024) + "||"), 431);
    assertRefused(http("GET / HTTP/1.1|Host: x|A: " + "b".repeat(32 * 1024)), 431);
  }

  @Test
  void takesHeadsAtTheLimits() {
    try (var server = TestServer.answering()) {
      String path = "a".repeat(8 * 1024 - http("GET / HTTP/1.1|").length());
      String lines = "Host: x|" + "A: b|".repeat(98);
      int left = 32 * 1024 - http(lines + "B: ||").length();
      server.send(http("GET /" + path + " HTTP/1.1|" + lines + "B: " + "b".repeat(left) + "||"));
      assertThat(server.status()).isEqualTo(200);
      assertThat(server.only().request.fields().count()).isEqualTo(100);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = { // A8, A9, A21
        "1\\0aa|0||",
        "1|a\\0a0||",
        "1|a|0\\0a\\0a",
        "1;|a|0||",
        "1;;a|a|0||",
        "1;a=|a|0||",
        "1; a=b|a|0||",
        "1;a =b|a|0||",
        "1;a=\"b|a|0||",
        "1;a=\"b\\0d\\0a\"|a|0||",
        "1;a=\"b\\0a\"|a|0||",
        "1;a=\"b\\5c\\0d\\0a\"|a|0||",
        "1;a=\"b\"c|a|0||",
        "1;a\\0dx|a|0||",
        "1 |a|0||",
        " 1|a|0||",
        "\\091|a|0||",
        "+1|a|0||",
        "-1|a|0||",
        "0x1|a|0||",
        "0_1|a|0||",
        "1_0|a|0||",
        "g|a|0||",
        "|a|0||",
        "8000000000000000|a|0||",
        "FFFFFFFFFFFFFFFF|a|0||",
        "10000000000000001|a|0||",
        "00000000000000001|a|0||",
        "1|ab|0||",
        "1|a0||",
        "1|a\\0dx0||",
        "1|a\\0d\\0d\\0a0||",
        "0|x||",
        "0|X: a\\0a|",
        "0| X: a||",
        "0|X : a||",
        "0|X: a\\00||",
      })
  void refusesMalformedChunks(String body) {
    String input = "POST / HTTP/1.1|Host: x|Transfer-Encoding: chunked||" + body;
    for (boolean isBytewise : new boolean[] {false, true}) {
      try (var server = new TestServer(FakeExchange::read)) {
        if (isBytewise) {
          server.sendBytewise(unescape(input));
        } else {
          server.send(unescape(input));
        }
        FakeExchange exchange = server.only();
        assertThat(exchange.bodyFailure).isNotNull();
        assertThat(exchange.bodyFailure.code().outcome()).isEqualTo(Outcome.INVALID_REQUEST);
        assertThat(exchange.isBodyComplete()).isFalse();
        assertThat(server.received())
            .startsWith("HTTP/1.1 400 ")
            .contains("\r\nConnection: close\r\n");
        assertThat(server.isOpen()).isFalse();
      }
    }
  }

  @Test
  void limitsChunkExtensions() { // A9: 256 bytes in all
    String head = "POST / HTTP/1.1|Host: x|Transfer-Encoding: chunked||";
    try (var server = new TestServer(FakeExchange::read)) {
      server.send(http(head + ("1;" + "e".repeat(127) + "|a|").repeat(2) + "0||"));
      assertThat(server.only().isBodyComplete()).isTrue();
      server.only().answer(200, "");
    }
    try (var server = new TestServer(FakeExchange::read)) {
      server.send(http(head + ("1;" + "e".repeat(127) + "|a|").repeat(2) + "0;e||"));
      assertThat(server.only().bodyFailure).isNotNull();
    }
  }

  @Test
  void limitsTrailers() {
    String head = "POST / HTTP/1.1|Host: x|Transfer-Encoding: chunked||0|";
    try (var server = new TestServer(FakeExchange::read)) {
      server.send(http(head + "A: b|".repeat(65) + "|"));
      assertThat(server.status()).isEqualTo(431);
    }
  }

  @Test
  void dropsForbiddenTrailers() { // A28
    try (var server = new TestServer(FakeExchange::read)) {
      server.send(
          http(
              "POST / HTTP/1.1|Host: x|Transfer-Encoding: chunked||0|Content-Length: 5|Host:"
                  + " y|Authorization: a|Transfer-Encoding: chunked|X-User: u|Transfer_Encoding:"
                  + " z||"));
      assertThat(server.only().trailers).isNotNull();
      assertThat(server.only().trailers.lines()).isEmpty();
      server.only().answer(200, "");
      assertThat(server.exchanges).hasSize(1);
    }
  }

  @Test
  void answersGoodRequestBeforeRefusingGarbageBehindIt() { // A27
    try (var server = new TestServer()) {
      server.send(http("GET /1 HTTP/1.1|Host: x||GARBAGE|||"));
      assertThat(server.exchanges).hasSize(1);
      server.only().answer(200, "fine");
      assertThat(server.exchanges).hasSize(2);
      assertThat(server.last().malformed).isNotNull();
      assertThat(server.received())
          .containsSubsequence("HTTP/1.1 200 OK", "fine", "HTTP/1.1 400 Bad Request");
      assertThat(server.isOpen()).isFalse();
    }
  }

  @Test
  void keepsOtherBlanksAsPartOfTheValue() { // A22
    try (var server = TestServer.answering()) {
      server.send(http("GET / HTTP/1.1|Host: x|X: \u0085a\u00a0\u00ff \t||"));
      assertThat(server.only().request.fields().value(1)).isEqualTo("\u0085a\u00a0\u00ff");
    }
  }

  @Test
  void toleratesHarmlessUnderscores() {
    try (var server = TestServer.answering()) {
      server.send(http("GET / HTTP/1.1|Host: x|my_header: a|api_key: k|__x: b||"));
      assertThat(server.status()).isEqualTo(200);
    }
  }

  @Test
  void takesOtherFormsOfTargets() {
    try (var server = TestServer.answering()) {
      server.send(http("GET HTTP://X:80/a?b HTTP/1.1|Host: x||"));
      assertThat(server.last().request.path()).isEqualTo("/a");
      assertThat(server.last().request.query()).isEqualTo("b");
      assertThat(server.last().request.authority()).isEqualTo("x");
      server.send(http("OPTIONS * HTTP/1.1|Host: x||"));
      assertThat(server.last().request.path()).isEqualTo("*");
      server.send(http("GET http://x?q HTTP/1.1|Host: x||"));
      assertThat(server.last().request.path()).isEqualTo("/");
      assertThat(server.last().request.query()).isEqualTo("q");
      server.send(http("GET /? HTTP/1.1|Host: x||"));
      assertThat(server.last().request.query()).isEmpty();
      server.send(http("FROB / HTTP/1.1|Host: [::1]:8080||"));
      assertThat(server.last().request.method().isRegistered()).isFalse();
      assertThat(server.isOpen()).isTrue();
    }
  }

  @Test
  void remembersWhatCouldBeRead() {
    try (var server = TestServer.answering()) {
      server.send(http("POST /a?b HTTP/1.1|Host: x|User-Agent: u|Content-Length: x||"));
      assertThat(server.only().request.method().name()).isEqualTo("POST");
      assertThat(server.only().request.path()).isEqualTo("/a");
      assertThat(server.only().request.fields().indexOf(FieldName.USER_AGENT, 0)).isEqualTo(1);
    }
    try (var server = TestServer.answering()) {
      server.send(http("DELETE /a/../b HTTP/1.1|Host: x||"));
      assertThat(server.only().request.method().name()).isEqualTo("DELETE");
      assertThat(server.only().request.path()).isEqualTo("/a/../b");
    }
    try (var server = TestServer.answering()) {
      server.send("\u0000");
      assertThat(server.only().request.method().name()).isEqualTo("-");
    }
  }
}
