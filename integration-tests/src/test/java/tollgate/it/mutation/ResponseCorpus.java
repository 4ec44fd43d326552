package tollgate.it.mutation;

import java.util.List;

/** What response mutation begins with, rows A11 and A35 of the catalogue included. Immutable. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
public final class ResponseCorpus {
  public static final List<String> RIGHT =
      List.of(
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\nX-A: b\r\n\r\nhello",
          "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n"
              + "5;a=b\r\nhello\r\nA\r\n0123456789\r\n0\r\nX-T: t\r\n\r\n",
          "HTTP/1.1 200 OK\r\n\r\nuntil the connection ends",
          "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
          "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello",
          "HTTP/1.1 204 No Content\r\n\r\n",
          "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 5\r\n\r\n",
          "HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/inside\r\nContent-Length: 0\r\n\r\n",
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
          "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
              + "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\nbytes",
          "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
          "HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",
          "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1, max=2\r\nContent-Length: 5\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\nContent-Length: 5\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
              + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
          "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n" + "0123456789".repeat(2000));

  public static final List<String> LINES =
      List.of(
          "Content-Length: 5",
          "Content-Length: 4",
          "Content-Length: 6",
          "Content-Length: 0",
          "Content-Length: 05",
          "Content-Length: +5",
          "Content-Length: 5, 5",
          "Content-Length: 99999999999999999999",
          "Content-Length : 5",
          "Transfer-Encoding: chunked",
          "Transfer-Encoding: identity",
          "Transfer-Encoding: gzip, chunked",
          "Transfer-Encoding : chunked",
          "Transfer-Encoding:\r\n chunked",
          "Transfer_Encoding: chunked",
          "Content-Encoding: gzip",
          "Connection: close",
          "Connection: keep-alive, Content-Length",
          "Connection: X-Request-Id",
          "Keep-Alive: timeout=0",
          "Keep-Alive: timeout=99999999999999",
          "Upgrade: websocket",
          "X-Request-Id: evil",
          "Date: now",
          "Trailer: Content-Length",
          "X: a\r\n b",
          "X\u0000: a",
          "no colon",
          ": no name");

  private ResponseCorpus() {}
}
