package tollgate.it.mutation;

import java.util.List;

/**
 * What request mutation begins with: requests that are right, and the forms of the catalogue of bad
 * input (rows A1 to A34). {@code ~} stands for the context of an API, {@code %ID%} for what no
 * other case has. Immutable.
 */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
public final class RequestCorpus {
  /** Requests that are right; those with a body show where it ends. */
  public static final List<String> RIGHT =
      List.of(
          "GET ~/items/1 HTTP/1.1\r\nHost: x\r\n\r\n",
          "GET ~/items/1?q=a%20b&c HTTP/1.1\r\nHost: x.example:80\r\nAccept: */*\r\n\r\n",
          "HEAD ~/items HTTP/1.1\r\nHost: x\r\n\r\n",
          "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
          "GET http://x~/absolute HTTP/1.1\r\nHost: x\r\n\r\n",
          "GET ~ HTTP/1.0\r\n\r\n",
          "GET ~/old HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n",
          "POST ~/items HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
          "PUT ~/items/2 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
          "POST ~/c HTTP/1.1\r\nHost: x\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
          "POST ~/c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
              + "5;a=b;c=\"d;\\\"\"\r\nhello\r\nA\r\n0123456789\r\n0\r\nX-Trailer: t\r\n\r\n",
          "POST ~/wait HTTP/1.1\r\nHost: x\r\n"
              + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
          "POST ~/early HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\n"
              + "GET ~/smuggled HTTP/1.1\r\nX-Request-Id: s",
          "DELETE ~/items/3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
          "GET ~/fields HTTP/1.1\r\nHost: x\r\nCookie: a=b; c=d\r\nX-A:\r\nX-B: \tv\t \r\n"
              + "X-C: \u00e9\u0085\r\nConnection: X-A, keep-alive\r\nX-Request-Id: r-%ID%\r\n\r\n",
          "GET ~/forwarded HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.0.0.1, 10.0.0.2\r\n"
              + "Forwarded: for=\"[::1]:80\";proto=https\r\nX-Forwarded-Host: evil\r\n\r\n",
          "GET ~/upgrade HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n"
              + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
          "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n",
          "\r\nGET ~/behind-an-empty-line HTTP/1.1\r\nHost: x\r\n\r\n");

  /** Field lines that decide how long a body is, or look like it. */
  public static final List<String> FRAMING =
      List.of(
          "Transfer-Encoding: chunked",
          "Transfer-Encoding : chunked",
          "Transfer-Encoding\t: chunked",
          "Transfer-Encoding:chunked",
          " Transfer-Encoding: chunked",
          "\tTransfer-Encoding: chunked",
          "X: y\r\n Transfer-Encoding: chunked",
          "X: y\rTransfer-Encoding: chunked",
          "X: y\nTransfer-Encoding: chunked",
          "Transfer-Encoding:\r\n chunked",
          "Transfer-Encoding: chun\r\n ked",
          "Transfer-Encoding: chunked, xchunked",
          "Transfer-Encoding: chunked, gzip",
          "Transfer-Encoding: gzip, chunked",
          "Transfer-Encoding: identity",
          "Transfer-Encoding: xchunked",
          "Transfer-Encoding: ,chunked",
          "Transfer-Encoding: chunked,",
          "Transfer-Encoding: \"chunked\"",
          "Transfer-Encoding: chunked\u00a0",
          "Transfer-Encoding: \u000bchunked",
          "Transfer-Encoding: chunked;q=1",
          "Transfer-Encoding: CHUNKED",
          "Transfer_Encoding: chunked",
          "Transfer-Encoding\u0000: chunked",
          "Transfer\u0131-Encoding: chunked",
          "TE: trailers",
          "TE: chunked",
          "Trailer: Content-Length",
          "Content-Encoding: chunked",
          "Content-Length: 0",
          "Content-Length: 5",
          "Content-Length: 05",
          "Content-Length: 6",
          "Content-Length: +5",
          "Content-Length: -5",
          "Content-Length: 0x5",
          "Content-Length: 5, 5",
          "Content-Length: 5 5",
          "Content-Length: 1_0",
          "Content-Length:",
          "Content-Length: 5\u00a0",
          "Content-Length: 40",
          "Content-Length: 99999999999999999999",
          "Content-Length : 5",
          "Content_Length: 5",
          "content-length: 4",
          "Expect: 100-continue",
          "Expect: y 100-continue",
          "Connection: Content-Length",
          "Connection: Transfer-Encoding",
          "Connection: close",
          "Connection: keep-alive, X-Request-Id, Host",
          "Host: y",
          "Host: x",
          "Host: x, y",
          "Host: u@x",
          "Upgrade: websocket",
          "X-HTTP-Method-Override: DELETE",
          "X_Request_Id: evil-%ID%",
          "X-Request-Id: evil-%ID%");

  /** Sizes of chunks as no reader should take them, and some it may. */
  public static final List<String> CHUNK_SIZES =
      List.of(
          "0",
          "00",
          "5",
          "05",
          "0x5",
          "+5",
          "-5",
          " 5",
          "5 ",
          "5\t",
          "5;",
          "5;a",
          "5;a=b",
          "5; a=b",
          "5;a=\"",
          "5;a=\"\r\n\"",
          "0_2e",
          "5_",
          "fffffffffffffff",
          "7fffffffffffffff",
          "ffffffffffffffff",
          "10000000000000005",
          "100000005",
          "A",
          "a",
          "g",
          "",
          "5\n",
          "5\r",
          "5;" + "x".repeat(300),
          "0;a=\"\\\"\"");

  /** Bytes and texts that move the borders of lines, tokens and paths. */
  public static final List<String> INSERTIONS =
      List.of(
          "\r\n",
          "\n",
          "\r",
          "\u0000",
          " ",
          "\t",
          "\u000b",
          "\f",
          "\u007f",
          "\u0080",
          "\u0085",
          "\u00a0",
          "\u00ff",
          "\r\n ",
          "\r\n\t",
          "\r\n\r\n",
          "\n\n",
          "\r\r\n",
          "\r\n0\r\n\r\n",
          "0\r\n\r\n",
          ":",
          ";",
          ",",
          "/",
          "//",
          "\\",
          "#",
          "?",
          "%",
          "%00",
          "%0d%0a",
          "%2f",
          "%5c",
          "%2e%2e",
          "/../",
          "/./",
          "/..;/",
          ";jsessionid=1",
          "%c0%af",
          "%252e",
          "%u002f",
          "@",
          "[",
          "*",
          "\"",
          " HTTP/1.1\r\n",
          "HTTP/0.9",
          "HTTP/1.0",
          "HTTP/2.0",
          "http/1.1",
          "PRI * ",
          "CONNECT x:80 HTTP/1.1\r\n\r\n",
          "TRACE ",
          "_",
          "-",
          "\u00e9",
          "\u001b[2J",
          "${jndi:x}");

  /** A request that nobody may see as one when it stands inside another. */
  public static final String SMUGGLED =
      "GET ~/smuggled HTTP/1.1\r\nHost: x\r\nX-Request-Id: smuggled-%ID%\r\n\r\n";

  private RequestCorpus() {}
}
