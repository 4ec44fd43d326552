package tollgate.it.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * An HTTP/1.1 origin that keeps every byte it receives and answers each path as a test says; any
 * other path gets its own body back, or "ok". One virtual thread per connection; any thread may
 * look at it.
 */
public final class RecordingOrigin implements AutoCloseable {
  private static final Answer ECHO =
      (request, connection) -> {
        byte[] body = request.readBody();
        boolean hasBody = body.length > 0;
        if (request.method().equals("HEAD")) {
          connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
        } else if (request.isChunked()) {
          connection
              .write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
              .write(Bytes.chunked(body, 8000));
        } else {
          connection.reply(
              "200 OK", "Content-Type: text/plain\r\n", hasBody ? body : Bytes.of("ok"));
        }
      };

  private final ServerSocket server;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<OriginConnection> connections = new CopyOnWriteArrayList<>();
  private final List<OriginRequest> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger unused = new AtomicInteger();

  /** What an origin does with one request whose head it has read. */
  @FunctionalInterface
  public interface Answer {
    /** May leave the body unread, write anything, and end the connection. */
    void to(OriginRequest request, OriginConnection connection)
        throws IOException, InterruptedException;
  }

  /** How much had been received at one moment. */
  public record Mark(int bytes, int requests) {}

  private RecordingOrigin(ServerSocket server) {
    this.server = server;
    Thread.ofVirtual().name("origin-accept").start(this::accept);
  }

  public static RecordingOrigin start() throws IOException {
    return new RecordingOrigin(new ServerSocket(0, 512, InetAddress.getLoopbackAddress()));
  }

  /** On a port that was free a moment ago. */
  public static RecordingOrigin startOn(int port) throws IOException {
    ServerSocket server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port), 512);
    return new RecordingOrigin(server);
  }

  public static RecordingOrigin startTls(SSLContext context) throws IOException {
    return new RecordingOrigin(
        context
            .getServerSocketFactory()
            .createServerSocket(0, 512, InetAddress.getLoopbackAddress()));
  }

  /** One that refuses clients without a certificate it trusts. */
  public static RecordingOrigin startMutualTls(SSLContext context) throws IOException {
    SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 512, InetAddress.getLoopbackAddress());
    server.setNeedClientAuth(true);
    return new RecordingOrigin(server);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Answers a path, as the origin sees it and without query, from now on. */
  public RecordingOrigin on(String path, Answer answer) {
    answers.put(path, answer);
    return this;
  }

  /** A path nobody has used, answered so. */
  public String path(Answer answer) {
    String path = "/scripted/" + unused.incrementAndGet();
    on(path, answer);
    return path;
  }

  public List<OriginConnection> connections() {
    return List.copyOf(connections);
  }

  /** All requests whose head came, in order. */
  public List<OriginRequest> requests() {
    return List.copyOf(requests);
  }

  public List<OriginRequest> requests(String path) {
    return requests.stream().filter(request -> request.path().equals(path)).toList();
  }

  /** The latest request. */
  public OriginRequest last() {
    return requests.getLast();
  }

  /** Waits for a request of that path. */
  public OriginRequest await(String path) {
    return await(request -> request.path().equals(path));
  }

  /** Waits for a request. */
  public OriginRequest await(Predicate<OriginRequest> wanted) {
    return Patience.await()
        .until(() -> requests.stream().filter(wanted).toList(), found -> !found.isEmpty())
        .getLast();
  }

  public Mark mark() {
    return new Mark(byteCount(), requests.size());
  }

  /** The requests that came after. */
  public List<OriginRequest> since(Mark mark) {
    return List.copyOf(requests).subList(mark.requests(), requests.size());
  }

  /** How many bytes came after. */
  public int bytesSince(Mark mark) {
    return byteCount() - mark.bytes();
  }

  /** Everything that was ever received, connection after connection. */
  public String received() {
    StringBuilder all = new StringBuilder();
    for (OriginConnection connection : connections) {
      all.append(Bytes.text(connection.received()));
    }
    return all.toString();
  }

  /** Ends all connections, and accepts new ones still. */
  public void closeConnections() throws IOException {
    for (OriginConnection connection : connections) {
      connection.close();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    closeConnections();
  }

  private int byteCount() {
    return connections.stream().mapToInt(OriginConnection::receivedCount).sum();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        OriginConnection connection = new OriginConnection(connections.size(), socket);
        connections.add(connection);
        Thread.ofVirtual().name("origin-" + connection.index()).start(() -> serve(connection));
      } catch (IOException _) {
        // closed, or a client that was gone before it was accepted
      }
    }
  }

  private void serve(OriginConnection connection) {
    try {
      while (!connection.socket().isClosed()) {
        String line = connection.reader().readLine();
        OriginRequest request =
            new OriginRequest(
                connection, connection.reader(), line, connection.reader().readLines());
        connection.countRequest();
        requests.add(request);
        answers.getOrDefault(request.path(), ECHO).to(request, connection);
        if (!connection.socket().isClosed()) {
          request.readBody();
        }
      }
    } catch (IOException _) {
      // the peer has gone
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      try {
        connection.close();
      } catch (IOException _) {
        // it is gone, which is what was wanted
      }
      connection.markEnded();
    }
  }
}
