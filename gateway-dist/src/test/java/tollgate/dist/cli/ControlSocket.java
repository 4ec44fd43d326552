package tollgate.dist.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** A gateway's control socket that answers everything alike. Any thread. */
final class ControlSocket implements AutoCloseable {
  private final ServerSocketChannel server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final String answer;

  private ControlSocket(ServerSocketChannel server, String answer) {
    this.server = server;
    this.answer = answer;
  }

  static ControlSocket open(Path root, int status, String json) throws IOException {
    Path path = root.resolve(".state/control.sock");
    Files.createDirectories(Objects.requireNonNull(path.getParent()));
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    ControlSocket socket =
        new ControlSocket(
            server,
            "HTTP/1.1 %d Whatever\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(status, json.getBytes(UTF_8).length, json));
    Thread.ofVirtual().start(socket::serve);
    return socket;
  }

  /** Request lines so far. */
  List<String> requests() {
    return requests;
  }

  private void serve() {
    while (server.isOpen()) {
      try (SocketChannel channel = server.accept()) {
        ByteBuffer request = ByteBuffer.allocate(4096);
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0 && channel.read(request.clear()) >= 0) {
          text.append(UTF_8.decode(request.flip()));
        }
        requests.add(text.substring(0, text.indexOf("\r\n")));
        channel.write(ByteBuffer.wrap(answer.getBytes(UTF_8)));
      } catch (IOException _) {
        return; // closed
      }
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
