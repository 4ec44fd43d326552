package tollgate.it.harness;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RecordingOrigin} answers to a WebSocket handshake, and what it does with the frames
 * that follow. Any thread may look at what came.
 */
public final class WebSocketOrigin {
  private final List<Frame> frames = new CopyOnWriteArrayList<>();
  private volatile boolean isEnded;

  /** What follows the handshake. */
  @FunctionalInterface
  public interface Talk {
    void with(OriginConnection connection, WebSocketOrigin origin)
        throws IOException, InterruptedException;
  }

  /** Gives every frame back unmasked, answers Close with Close and closes. */
  public static final Talk ECHO =
      (connection, origin) -> {
        for (Frame frame = origin.read(connection);
            frame != null;
            frame = origin.read(connection)) {
          if (frame.opcode() != Frame.PONG) {
            int first = frame.opcode() == Frame.PING ? Frame.FIN | Frame.PONG : frame.first();
            connection.write(Frame.plain(first, frame.payload()));
          }
          if (frame.opcode() == Frame.CLOSE) {
            connection.close();
            return;
          }
        }
      };

  /** Keeps what comes until it ends. */
  public static final Talk LISTEN =
      (connection, origin) -> {
        while (origin.read(connection) != null) {
          // kept
        }
      };

  /** A handshake, and then this. */
  public RecordingOrigin.Answer answer(Talk talk, String... headerLines) {
    return (request, connection) -> {
      connection.write(switching(request, headerLines));
      talk.with(connection, this);
      isEnded = true;
      connection.close();
    };
  }

  /** For a {@link LeanOrigin}: gives every frame back until a Close, which it answers. */
  public static void echo(LeanOrigin.Request request, Socket socket) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(Bytes.of(switching(request.header("Sec-WebSocket-Key"))));
    for (Frame frame = Frame.read(socket.getInputStream());
        frame != null;
        frame = Frame.read(socket.getInputStream())) {
      out.write(Frame.plain(frame.first(), frame.payload()));
      if (frame.opcode() == Frame.CLOSE) {
        break;
      }
    }
    socket.close();
  }

  /** A 101 that is right. */
  public static String switching(OriginRequest request, String... headerLines) {
    return switching(String.valueOf(request.header("Sec-WebSocket-Key")), headerLines);
  }

  private static String switching(String key, String... headerLines) {
    String lines = headerLines.length == 0 ? "" : String.join("\r\n", headerLines) + "\r\n";
    return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Accept: "
        + accept(key)
        + "\r\n"
        + lines
        + "\r\n";
  }

  /** RFC 6455 section 4.2.2. */
  public static String accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The next frame, which is kept; null at the end, a reset being an end too. */
  public @Nullable Frame read(OriginConnection connection) {
    try {
      Frame frame = connection.readFrame();
      if (frame != null) {
        frames.add(frame);
      } else {
        isEnded = true;
      }
      return frame;
    } catch (IOException _) {
      isEnded = true;
      return null;
    }
  }

  /** All that came, in order. */
  public List<Frame> frames() {
    return List.copyOf(frames);
  }

  /** Waits for the end of the gateway's output; the frames that came before it. */
  public List<Frame> framesToTheEnd() {
    Patience.await().until(() -> isEnded);
    return frames();
  }
}
