package tollgate.dist.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import tollgate.dist.run.ExitCode;

/**
 * Asks a running gateway over its control socket: HTTP/1.1, one request a connection. Blocks; any
 * thread.
 */
final class ControlClient {
  private final Path socket;

  /**
   * What the gateway said.
   *
   * @param status of HTTP
   * @param json the body
   */
  record Answer(int status, String json) {}

  private ControlClient(Path socket) {
    this.socket = socket;
  }

  /** For the gateway that runs on a root folder. */
  static ControlClient ofBlocking(Path root) {
    return new ControlClient(StatePaths.controlSocketBlocking(root));
  }

  /**
   * Sends a request without a body and waits for the whole answer.
   *
   * @throws CommandFailedException saying why there is none
   */
  Answer askBlocking(String method, String path) {
    if (!Files.exists(socket)) {
      throw failed("no gateway runs on this configuration: there is no control socket " + socket);
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(shortest(socket)));
      String request =
          method
              + " "
              + path
              + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(ISO_8859_1));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      return parse(readAllBlocking(channel));
    } catch (ConnectException e) {
      throw failed(
          "no gateway runs on this configuration: nobody answers on "
              + socket
              + " ("
              + e.getMessage()
              + ")");
    } catch (IOException e) {
      throw failed("no answer on " + socket + ": " + e.getMessage());
    }
  }

  /**
   * The system bounds the length of such paths (108 bytes), so the shorter of two spellings is
   * taken.
   */
  private static Path shortest(Path socket) {
    Path absolute = socket.toAbsolutePath().normalize();
    Path relative = Path.of("").toAbsolutePath().relativize(absolute);
    return relative.toString().length() < absolute.toString().length() ? relative : absolute;
  }

  private static byte[] readAllBlocking(SocketChannel channel) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(8192);
    while (channel.read(buffer.clear()) >= 0) {
      all.write(buffer.array(), 0, buffer.position());
    }
    return all.toByteArray();
  }

  private Answer parse(byte[] response) {
    String text = new String(response, ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0 || !text.matches("(?s)HTTP/1\\.1 \\d{3}.*")) {
      throw failed("no HTTP answer on " + socket);
    }
    int start = end + 4;
    return new Answer(
        Integer.parseInt(text.substring(9, 12)),
        new String(response, start, response.length - start, UTF_8));
  }

  private static CommandFailedException failed(String message) {
    return new CommandFailedException(ExitCode.FAILED, message);
  }
}
