package tollgate.it.harness;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The Unix socket by which a running gateway is controlled. Any thread. */
public final class ControlSocket {
  private final Path path;

  private ControlSocket(Path path) {
    this.path = path;
  }

  /** The one socket below a state folder. */
  public static ControlSocket in(Path stateFolder) throws IOException {
    try (Stream<Path> files = Files.walk(stateFolder)) {
      return new ControlSocket(
          files
              .filter(file -> !Files.isRegularFile(file) && !Files.isDirectory(file))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no socket below " + stateFolder)));
    }
  }

  public Path path() {
    return path;
  }

  /** Everything that is answered until the gateway closes. */
  public String ask(String request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(path));
      channel.write(ByteBuffer.wrap(Bytes.of(request)));
      StringBuilder answer = new StringBuilder();
      ByteBuffer buffer = ByteBuffer.allocate(8192);
      while (channel.read(buffer) >= 0) {
        answer.append(Bytes.text(java.util.Arrays.copyOf(buffer.array(), buffer.position())));
        buffer.clear();
      }
      return answer.toString();
    }
  }
}
