package tollgate.it.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A bad network between the gateway and an origin: relays bytes, and does to those that the origin
 * sends what the present {@link NetworkFault} says. Two virtual threads per connection; any thread
 * may change the fault.
 */
public final class FaultProxy implements AutoCloseable {
  private static final int PIECE = 8192;

  private final ServerSocket server;
  private final int originPort;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile NetworkFault fault = NetworkFault.None.NONE;
  private final AtomicInteger accepted = new AtomicInteger();

  private FaultProxy(ServerSocket server, int originPort) {
    this.server = server;
    this.originPort = originPort;
    Thread.ofVirtual().name("fault-proxy").start(this::accept);
  }

  public static FaultProxy to(int originPort) throws IOException {
    return new FaultProxy(new ServerSocket(0, 128, InetAddress.getLoopbackAddress()), originPort);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** From now on, for connections that are there as well. */
  public void fault(NetworkFault next) {
    fault = next;
  }

  /** How many connections the gateway has opened. */
  public int accepted() {
    return accepted.get();
  }

  /** No fault, and no connection of before. */
  public void heal() throws IOException {
    fault = NetworkFault.None.NONE;
    for (Socket socket : sockets) {
      socket.close();
    }
    sockets.clear();
  }

  @Override
  public void close() throws IOException {
    server.close();
    heal();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        accepted.incrementAndGet();
        if (fault instanceof NetworkFault.Down) {
          reset(client);
          continue;
        }
        Socket origin = new Socket(InetAddress.getLoopbackAddress(), originPort);
        sockets.add(client);
        sockets.add(origin);
        Thread.ofVirtual().start(() -> forward(client, origin));
        Thread.ofVirtual().start(() -> back(origin, client));
      } catch (IOException _) {
        // closed, or either side was gone
      }
    }
  }

  private void forward(Socket client, Socket origin) {
    byte[] piece = new byte[PIECE];
    try {
      InputStream in = client.getInputStream();
      OutputStream out = origin.getOutputStream();
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        if (!(fault instanceof NetworkFault.Silence)) {
          out.write(piece, 0, read);
        }
      }
      origin.close();
    } catch (IOException _) {
      // either side is gone
    }
  }

  private void back(Socket origin, Socket client) {
    byte[] piece = new byte[PIECE];
    long passed = 0;
    try {
      client.setTcpNoDelay(true);
      InputStream in = origin.getInputStream();
      OutputStream out = client.getOutputStream();
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        passed = pass(piece, read, passed, out, client);
      }
      if (fault instanceof NetworkFault.SlowClose slow) {
        LockSupport.parkNanos(slow.delay().toNanos());
      }
      client.close();
    } catch (IOException _) {
      // either side is gone
    }
  }

  /** Gives how many bytes have passed so far. */
  private long pass(byte[] piece, int read, long passed, OutputStream out, Socket client)
      throws IOException {
    switch (fault) {
      case NetworkFault.None _, NetworkFault.Down _, NetworkFault.SlowClose _ ->
          out.write(piece, 0, read);
      case NetworkFault.Silence _ -> {}
      case NetworkFault.Latency latency -> {
        LockSupport.parkNanos(latency.delay().toNanos());
        out.write(piece, 0, read);
      }
      case NetworkFault.Bandwidth bandwidth -> {
        for (int at = 0; at < read; at += bandwidth.bytesPerMilli()) {
          out.write(piece, at, Math.min(bandwidth.bytesPerMilli(), read - at));
          LockSupport.parkNanos(1_000_000);
        }
      }
      case NetworkFault.Slicer slicer -> {
        for (int at = 0; at < read; at += slicer.bytes()) {
          out.write(piece, at, Math.min(slicer.bytes(), read - at));
          out.flush();
        }
      }
      case NetworkFault.Reset reset -> {
        int left = (int) Math.min(read, reset.afterBytes() - passed);
        out.write(piece, 0, left);
        if (left < read || passed + left >= reset.afterBytes()) {
          reset(client);
        }
      }
      case NetworkFault.LimitedData limited -> {
        int left = (int) Math.min(read, limited.bytes() - passed);
        out.write(piece, 0, left);
        if (left < read || passed + left >= limited.bytes()) {
          client.shutdownOutput();
          throw new IOException("limit");
        }
      }
    }
    return passed + read;
  }

  private static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }
}
