package tollgate.it.mutation;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import tollgate.it.harness.Bytes;
import tollgate.it.mutation.StrictReader.Message;
import tollgate.it.mutation.StrictReader.Violation;

/**
 * An origin that takes only what RFC 9112 lets a sender write, and tells the ledger of every
 * request, and of every byte out of place. {@code /early} is answered before its body is read. One
 * virtual thread per connection.
 */
final class StrictOrigin implements AutoCloseable {
  private final String name;
  private final Ledger ledger;
  private final Answer answer;
  private final ServerSocket server;

  /** What is written for a request. */
  @FunctionalInterface
  interface Answer {
    /**
     * @return whether the connection is kept
     */
    boolean to(String method, String path, String id, OutputStream out) throws IOException;
  }

  private StrictOrigin(String name, Ledger ledger, Answer answer) throws IOException {
    this.name = name;
    this.ledger = ledger;
    this.answer = answer;
    this.server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name(name).start(this::accept);
  }

  /** Answers 200, with the id that it saw. */
  static StrictOrigin start(String name, Ledger ledger) throws IOException {
    return start(name, ledger, StrictOrigin::seen);
  }

  static StrictOrigin start(String name, Ledger ledger, Answer answer) throws IOException {
    return new StrictOrigin(name, ledger, answer);
  }

  int port() {
    return server.getLocalPort();
  }

  static boolean seen(String method, String path, String id, OutputStream out) throws IOException {
    String body = "seen by an origin\n";
    out.write(
        Bytes.of(
            "HTTP/1.1 200 OK\r\nX-Seen: "
                + id
                + "\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + (method.equals("HEAD") ? "" : body)));
    return true;
  }

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
        // closed, or a peer that was gone before it was accepted
      }
    }
  }

  private void serve(Socket socket) {
    StrictReader reader = null;
    try (socket) {
      socket.setTcpNoDelay(true);
      reader = new StrictReader(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      boolean isKept = true;
      while (isKept && !reader.isOver()) {
        isKept = serve(reader, out);
      }
    } catch (Violation violation) {
      ledger.fail(
          name
              + " got what nobody may send: "
              + violation.getMessage()
              + ": "
              + (reader == null ? "" : reader.latest()));
    } catch (EOFException | SocketException _) {
      // the gateway gave the request up
    } catch (IOException e) {
      ledger.fail(name + ": " + e);
    }
  }

  private boolean serve(StrictReader reader, OutputStream out) throws IOException {
    Message message = reader.head();
    String[] words = message.start().split(" ", -1);
    if (words.length != 3
        || !StrictReader.isToken(words[0])
        || !words[1].startsWith("/")
        || !words[1].chars().allMatch(c -> c > ' ' && c < 0x7f)
        || !words[2].equals("HTTP/1.1")) {
      throw new Violation("request line");
    }
    String id = message.only("x-request-id");
    if (message.only("host") == null || id == null || message.only("upgrade") != null) {
      throw new Violation("fields");
    }
    String path = words[1].replaceFirst("\\?.*", "");
    ledger.seen(name, id, words[0], path);
    boolean isEarly = path.equals("/early");
    boolean isKept = isEarly && answer.to(words[0], path, id, out);
    reader.body(message);
    return isEarly ? isKept : answer.to(words[0], path, id, out);
  }
}
