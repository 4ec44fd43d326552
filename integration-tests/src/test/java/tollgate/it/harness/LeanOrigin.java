package tollgate.it.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * An HTTP/1.1 origin for long runs: keeps nothing of what it is sent, and takes any number of
 * connections. One virtual thread per connection; any thread may close it.
 */
public final class LeanOrigin implements AutoCloseable {
  private static final int BACKLOG = 4096;

  private final ServerSocket server;
  private final Answer answer;

  /** One request. Immutable, as long as nobody writes to its body. */
  public static final class Request {
    private final String line;
    private final Headers headers;
    private final byte[] body;

    private Request(String line, Headers headers, byte[] body) {
      this.line = line;
      this.headers = headers;
      this.body = body;
    }

    public String method() {
      return line.substring(0, line.indexOf(' '));
    }

    /** Path and query. */
    public String target() {
      return line.split(" ", 3)[1];
    }

    /** Without the query. */
    public String path() {
      return line.split(" ", 3)[1].replaceFirst("\\?.*", "");
    }

    /** The values of a name in one text. */
    public String header(String name) {
      return String.join(", ", headers.all(name));
    }

    /** All of it. */
    public byte[] body() {
      return body;
    }
  }

  /** What is done with a request that has come whole. */
  @FunctionalInterface
  public interface Answer {
    /** Writes what it likes; ends the connection by closing or resetting the socket. */
    void to(Request request, Socket socket) throws IOException, InterruptedException;
  }

  private LeanOrigin(ServerSocket server, Answer answer) {
    this.server = server;
    this.answer = answer;
    Thread.ofVirtual().name("lean-origin").start(this::accept);
  }

  public static LeanOrigin start(Answer answer) throws IOException {
    return new LeanOrigin(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()), answer);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Writes 200 with a length, in one piece. */
  public static void ok(Socket socket, String fields, byte[] body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 128);
    out.writeBytes(
        Bytes.of("HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + body.length + "\r\n\r\n"));
    out.writeBytes(body);
    OutputStream target = socket.getOutputStream();
    target.write(out.toByteArray());
  }

  /** Accepts no more; connections go on until the gateway ends them. */
  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        // closed, or a client that was gone before it was accepted
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      WireReader in = WireReader.forgetful(socket.getInputStream());
      while (!socket.isClosed()) {
        answer.to(request(in), socket);
      }
    } catch (IOException _) {
      // the gateway has gone
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static Request request(WireReader in) throws IOException {
    String line = in.readLine();
    Headers headers = Headers.parse(in.readLines());
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (!headers.all("Transfer-Encoding").isEmpty()) {
      in.readChunkedInto(body);
    } else if (!headers.all("Content-Length").isEmpty()) {
      in.readInto(body, Long.parseLong(headers.all("Content-Length").getFirst()));
    }
    return new Request(line, headers, body.toByteArray());
  }
}
