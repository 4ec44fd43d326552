package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Run;
import tollgate.it.harness.Tollgate;

/** Bodies many times larger than the heap, up and down at the same time, byte for byte. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class LargeBodiesIT {
  private static final int HEAP_MIB = 32;
  private static final int LONG_HEAP_MIB = 64;
  private static final byte[] BLOCK = Bytes.random(256 * 1024);

  @Test
  void streamsMoreThanTheHeapHolds() throws Exception {
    long blocks = Run.of("large bodies, in blocks of 256 KiB", 4 * 64, 4 * 1024).cases();
    AtomicLong stored = new AtomicLong();
    try (ServerSocket origin = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        Tollgate tollgate =
            Tollgate.setup()
                .javaOption("-Xmx" + (Run.isLong() ? LONG_HEAP_MIB : HEAP_MIB) + "m")
                .apis(upstream("u", origin.getLocalPort()) + api("a", "/a", "u"))
                .start()) {
      Thread.ofVirtual().start(() -> serve(origin, blocks, stored));
      try (Socket up = new Socket(InetAddress.getLoopbackAddress(), tollgate.port());
          Socket down = new Socket(InetAddress.getLoopbackAddress(), tollgate.port())) {
        Thread upload = Thread.ofPlatform().start(() -> send(up, blocks));
        down.getOutputStream().write(Bytes.of("GET /a/down HTTP/1.1\r\nHost: x\r\n\r\n"));
        skipHead(down.getInputStream());
        assertThat(checksum(down.getInputStream(), blocks)).isEqualTo(checksum(blocks));
        skipHead(up.getInputStream());
        upload.join();
      }
      assertThat(stored.get()).as("what the origin got").isEqualTo(checksum(blocks));
      assertThat(tollgate.metrics().sum("tollgate_direct_memory_bytes"))
          .isLessThan(HEAP_MIB * 1024.0 * 1024);
    }
  }

  private static void send(Socket socket, long blocks) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(
          Bytes.of(
              "PUT /a/up HTTP/1.1\r\nHost: x\r\nContent-Length: "
                  + blocks * BLOCK.length
                  + "\r\n\r\n"));
      writeBlocks(out, blocks);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void serve(ServerSocket origin, long blocks, AtomicLong stored) {
    while (!origin.isClosed()) {
      try {
        Socket socket = origin.accept();
        Thread.ofVirtual().start(() -> serve(socket, blocks, stored));
      } catch (IOException _) {
        // closed
      }
    }
  }

  private static void serve(Socket socket, long blocks, AtomicLong stored) {
    try (socket) {
      OutputStream out = socket.getOutputStream();
      if (skipHead(socket.getInputStream()).startsWith("PUT ")) {
        stored.set(checksum(socket.getInputStream(), blocks));
        out.write(Bytes.of("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"));
      } else {
        out.write(
            Bytes.of(
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: "
                    + blocks * BLOCK.length
                    + "\r\n\r\n"));
        writeBlocks(out, blocks);
      }
    } catch (IOException _) {
      // The test sees what did not come.
    }
  }

  private static void writeBlocks(OutputStream out, long blocks) throws IOException {
    for (long i = 0; i < blocks; i++) {
      out.write(BLOCK);
    }
  }

  /** A head byte by byte, so that nothing of the body is taken. */
  private static String skipHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException(head.toString());
      }
      head.append((char) b);
    }
    return head.toString();
  }

  private static long checksum(InputStream in, long blocks) throws IOException {
    CRC32 sum = new CRC32();
    byte[] buffer = new byte[BLOCK.length];
    for (long left = blocks * BLOCK.length; left > 0; ) {
      int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new EOFException(left + " bytes short");
      }
      sum.update(buffer, 0, count);
      left -= count;
    }
    return sum.getValue();
  }

  private static long checksum(long blocks) {
    CRC32 sum = new CRC32();
    for (long i = 0; i < blocks; i++) {
      sum.update(BLOCK);
    }
    return sum.getValue();
  }
}
