package tollgate.it.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A client connection that sends bytes exactly as a test wrote them. One thread sends and one
 * reads.
 */
public final class RawClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Socket socket;
  private final OutputStream out;
  private final WireReader in;

  private RawClient(Socket socket, WireReader in) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    this.out = socket.getOutputStream();
    this.in = in;
  }

  public static RawClient to(int port) throws IOException {
    return over(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** With a receive buffer so small that what is not read soon fills it. */
  public static RawClient withSmallWindow(int port) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(16 * 1024);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return over(socket);
  }

  /** Over a socket that is connected already, a TLS one perhaps. */
  public static RawClient over(Socket socket) throws IOException {
    return new RawClient(socket, new WireReader(socket.getInputStream()));
  }

  /** One that keeps nothing of what it read, so that it can go on for long. */
  public static RawClient forgetful(int port) throws IOException {
    return forgetful(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** One that keeps nothing of what it read, over a socket that is connected already. */
  public static RawClient forgetful(Socket socket) throws IOException {
    return new RawClient(socket, WireReader.forgetful(socket.getInputStream()));
  }

  /** One request on a connection of its own. */
  public static Response once(int port, String request) throws IOException {
    return once(port, Bytes.of(request));
  }

  /** One request on a connection of its own. */
  public static Response once(int port, byte[] request) throws IOException {
    try (RawClient client = to(port)) {
      client.send(request);
      return client.read(Bytes.text(request).startsWith("HEAD "));
    }
  }

  /** A GET on a connection of its own. */
  public static Response get(int port, String target, String... headerLines) throws IOException {
    String lines = headerLines.length == 0 ? "" : String.join("\r\n", headerLines) + "\r\n";
    return once(port, "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + lines + "\r\n");
  }

  public RawClient send(String latin1) throws IOException {
    return send(latin1.getBytes(ISO_8859_1));
  }

  public RawClient send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  public Response read() throws IOException {
    return read(false);
  }

  /** The answer to a HEAD: no body, whatever its fields say. */
  public Response readHeadOnly() throws IOException {
    return read(true);
  }

  /** The next head alone, 1xx too; its body is left to be read. */
  public Response readHead() throws IOException {
    return new Response(
        in.readLine(), Headers.parse(in.readLines()), "", Headers.NONE, List.of(), true);
  }

  /** The next WebSocket frame; fails at the end. */
  public Frame readFrame() throws IOException {
    Frame frame = Frame.read(in.stream());
    if (frame == null) {
      throw new EOFException("where a frame was due");
    }
    return frame;
  }

  /** Reads and counts body bytes as they come. */
  public byte[] readBytes(int length) throws IOException {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    in.readInto(target, length);
    return target.toByteArray();
  }

  /**
   * SHA-256 in hexadecimal of the next bytes, which are not kept.
   *
   * @param pauseNanos behind each piece, so that they are taken slowly
   */
  public String digestOf(long length, long pauseNanos) throws IOException {
    return LargeBody.digestOf(in.stream(), length, pauseNanos);
  }

  /**
   * Everything up to the end of the connection, a reset being an end too; fails if it stays open.
   */
  public String readToClose() throws IOException {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    try {
      in.readToEndInto(rest);
    } catch (SocketTimeoutException e) {
      throw new IOException("still open after " + PATIENCE + "; came: " + Bytes.text(in.seen()), e);
    } catch (SocketException _) {
      // a reset ends it as well
    }
    return Bytes.text(in.seen());
  }

  /** Whether the peer closes or resets; waits for it. False if it sends something instead. */
  public boolean isClosedByPeer() throws IOException {
    try {
      return in.readByte() < 0;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (SocketException _) {
      return true;
    }
  }

  /** Whether nothing comes and the connection stays open for so long. */
  public boolean isSilentFor(Duration time) throws IOException {
    socket.setSoTimeout((int) time.toMillis());
    try {
      in.readByte();
      return false;
    } catch (SocketTimeoutException _) {
      return true;
    } finally {
      socket.setSoTimeout((int) PATIENCE.toMillis());
    }
  }

  /** How many bytes came. */
  public int receivedCount() {
    return in.seenCount();
  }

  /** All bytes that came. */
  public String seen() {
    return Bytes.text(in.seen());
  }

  public Socket socket() {
    return socket;
  }

  /** Sends FIN and stays able to read. */
  public RawClient endOutput() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Ends the connection with RST. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  Response read(boolean isHead) throws IOException {
    List<Response> informational = new ArrayList<>();
    Response head = readHead();
    while (head.status() >= 100 && head.status() <= 199 && head.status() != 101) {
      informational.add(head);
      head = readHead();
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    Headers trailers = Headers.NONE;
    boolean isComplete = true;
    try {
      trailers = readBody(head, isHead, body);
    } catch (EOFException | SocketException _) {
      isComplete = false;
    }
    return new Response(
        head.statusLine(),
        head.headers(),
        body.toString(ISO_8859_1),
        trailers,
        List.copyOf(informational),
        isComplete);
  }

  private Headers readBody(Response head, boolean isHead, ByteArrayOutputStream body)
      throws IOException {
    int status = head.status();
    if (isHead || status == 204 || status == 304 || status < 200) {
      return Headers.NONE;
    }
    String length = head.header("Content-Length");
    String coding = head.header("Transfer-Encoding");
    if (coding != null) {
      if (length != null || !coding.equals("chunked")) {
        throw new IOException("framing of an answer: " + head);
      }
      return in.readChunkedInto(body);
    }
    if (length != null) {
      in.readInto(body, Long.parseLong(length));
    } else {
      in.readToEndInto(body);
    }
    return Headers.NONE;
  }
}
