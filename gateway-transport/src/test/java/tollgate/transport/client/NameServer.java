package tollgate.transport.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server on a real socket that says what it is told to (RFC 1035, A records only). */
final class NameServer implements AutoCloseable {
  private static final int TYPE_A = 1;
  private static final int NO_ERROR = 0;
  private static final int SERVER_FAILURE = 2;
  private static final int NO_SUCH_NAME = 3;

  private final DatagramSocket socket;
  private final Map<String, List<String>> addresses = new ConcurrentHashMap<>();

  /** Questions for addresses of version 4. */
  final AtomicInteger questions = new AtomicInteger();

  volatile int ttlSeconds = 300;
  volatile boolean isSilent;
  volatile boolean isBroken;

  private NameServer(DatagramSocket socket) {
    this.socket = socket;
  }

  static NameServer start() throws IOException {
    var server =
        new NameServer(
            new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    Thread.ofPlatform().daemon().start(server::serve);
    return server;
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  void say(String name, String... known) {
    addresses.put(name, List.of(known));
  }

  @Override
  public void close() {
    socket.close();
  }

  private void serve() {
    byte[] buffer = new byte[1500];
    while (!socket.isClosed()) {
      var question = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(question);
        byte[] answer = answer(buffer);
        if (!isSilent) {
          socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
        }
      } catch (IOException _) {
        // closed
      }
    }
  }

  private byte[] answer(byte[] received) throws IOException {
    ByteBuffer question = ByteBuffer.wrap(received);
    short id = question.getShort(0);
    question.position(12);
    var name = new StringBuilder();
    for (int length = question.get(); length > 0; length = question.get()) {
      byte[] label = new byte[length];
      question.get(label);
      name.append(name.isEmpty() ? "" : ".").append(new String(label, US_ASCII));
    }
    int type = question.getShort();
    int end = question.position() + 2;
    List<String> known = addresses.get(name.toString());
    List<String> told = known == null || isBroken || type != TYPE_A ? List.of() : known;
    if (type == TYPE_A) {
      questions.incrementAndGet();
    }
    int code = isBroken ? SERVER_FAILURE : known == null ? NO_SUCH_NAME : NO_ERROR;
    ByteBuffer answer = ByteBuffer.allocate(512);
    answer.putShort(id).putShort((short) (0x8580 | code));
    answer.putShort((short) 1).putShort((short) told.size()).putInt(0);
    answer.put(received, 12, end - 12);
    for (String address : told) {
      answer.putShort((short) 0xc00c).putShort((short) TYPE_A).putShort((short) 1);
      answer
          .putInt(ttlSeconds)
          .putShort((short) 4)
          .put(InetAddress.getByName(address).getAddress());
    }
    byte[] bytes = new byte[answer.position()];
    answer.flip().get(bytes);
    return bytes;
  }
}
