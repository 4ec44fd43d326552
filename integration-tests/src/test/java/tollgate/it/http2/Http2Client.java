package tollgate.it.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection that sends frames as a test wrote them, and reads what comes. By itself it does
 * nothing but answer SETTINGS and PING, and fail where the server breaks a rule: frames that are
 * too long, more DATA than its windows allow, fields that are none. One thread.
 */
final class Http2Client implements AutoCloseable {
  static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
  static final int DEFAULT_WINDOW = 65_535;
  private static final int KEPT_FRAMES = 12;

  private final Endpoint endpoint;
  private final Socket socket;
  private final OutputStream out;
  private final DataInputStream in;
  private final HpackDecoder decoder = new HpackDecoder();
  private final Map<Integer, Answer> answers = new TreeMap<>();
  private final Map<Integer, Integer> serverSettings = new HashMap<>();
  private final Map<Integer, Long> grants = new HashMap<>();
  private final ArrayDeque<Frame> latest = new ArrayDeque<>();
  private final List<Frame> pings = new ArrayList<>();
  private int settingsAcks;
  private int settingsSent;
  private @Nullable Frame goAway;
  private boolean isEnded;
  private volatile boolean isReset;

  // What we allow the server.
  private int maxFrameSize = 16_384;
  private long connectionWindow = DEFAULT_WINDOW;
  private long largestInitialWindow = DEFAULT_WINDOW;
  private long fences;

  // What the server allows us.
  private Consumer<Frame> granted = _ -> {};
  private long connectionGrants;

  private Http2Client(Endpoint endpoint, Socket socket) throws IOException {
    this.endpoint = endpoint;
    this.socket = socket;
    this.out = socket.getOutputStream();
    this.in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
  }

  /** Nothing is sent yet. */
  static Http2Client connect(Endpoint endpoint) throws IOException {
    return new Http2Client(endpoint, endpoint.connect());
  }

  static Http2Client over(Endpoint endpoint, Socket socket) throws IOException {
    return new Http2Client(endpoint, socket);
  }

  /** With preface and SETTINGS exchanged. */
  static Http2Client open(Endpoint endpoint, int... settings) throws IOException {
    Http2Client client = connect(endpoint);
    client.shakeHands(settings);
    return client;
  }

  /** Sends the preface, and reads the server's SETTINGS and that it has seen ours. */
  void shakeHands(int... settings) throws IOException {
    Frame ours = Frame.settings(settings);
    write(Frame.joined(PREFACE, ours.bytes()));
    sent(ours);
    Frame first = read();
    assertThat(first).as("the server's preface").isNotNull();
    assertThat(first.is(Frame.SETTINGS) && !first.has(Frame.ACK))
        .as("the first frame is SETTINGS: %s", first)
        .isTrue();
    awaitSettingsAck();
  }

  /** Waits until every SETTINGS frame that was sent is acknowledged. */
  void awaitSettingsAck() throws IOException {
    while (settingsAcks < settingsSent) {
      assertThat(read()).as("SETTINGS are acknowledged: %s", this).isNotNull();
    }
  }

  /** In one piece. */
  void send(Frame... frames) throws IOException {
    write(Frame.bytes(frames));
    for (Frame frame : frames) {
      sent(frame);
    }
  }

  /** Other than all else here, any thread. */
  synchronized void write(byte[] bytes) throws IOException {
    try {
      out.write(bytes);
      out.flush();
    } catch (SocketException | SSLException e) {
      isReset = true; // what the server said before can still be read, perhaps
    }
  }

  /** Whether the server had closed when something was written. */
  boolean isCut() {
    return isReset;
  }

  /** A frame whose octets were written by {@link #write}. */
  void sentByHand(Frame frame) {
    sent(frame);
  }

  /** What our frames allow the server. */
  private void sent(Frame frame) {
    if (frame.is(Frame.SETTINGS) && !frame.has(Frame.ACK)) {
      settingsSent++;
      for (int at = 0; at + 6 <= frame.payload().length; at += 6) {
        int value = frame.intAt(at + 2);
        switch (frame.intAt(at) >>> 16) {
          case Frame.INITIAL_WINDOW_SIZE ->
              largestInitialWindow = Math.max(largestInitialWindow, value);
          case Frame.MAX_FRAME_SIZE -> maxFrameSize = Math.max(maxFrameSize, value);
          case Frame.HEADER_TABLE_SIZE -> decoder.allow(value < 0 ? Integer.MAX_VALUE : value);
          default -> {} // allows nothing
        }
      }
    } else if (frame.is(Frame.WINDOW_UPDATE) && frame.payload().length == 4) {
      long increment = frame.intAt(0) & 0x7fff_ffff;
      if (frame.stream() == 0) {
        connectionWindow += increment;
      } else {
        grants.merge(frame.stream(), increment, Long::sum);
      }
    }
  }

  /**
   * The next frame, with the block of a HEADERS frame in one piece.
   *
   * @return null where the connection has ended
   */
  @Nullable Frame read() throws IOException {
    Frame frame = readOne();
    if (frame == null) {
      return null;
    }
    if (frame.is(Frame.HEADERS) && !frame.has(Frame.END_HEADERS)) {
      frame = withRestOfBlock(frame);
    }
    received(frame);
    return frame;
  }

  private Frame withRestOfBlock(Frame first) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(first.content());
    while (true) {
      Frame next = readOne();
      assertThat(next).as("the rest of a block").isNotNull();
      assertThat(next.is(Frame.CONTINUATION) && next.stream() == first.stream())
          .as("a block in one piece: %s", next)
          .isTrue();
      block.writeBytes(next.payload());
      if (next.has(Frame.END_HEADERS)) {
        int flags = Frame.END_HEADERS | (first.flags() & Frame.END_STREAM);
        return Frame.of(Frame.HEADERS, flags, first.stream(), block.toByteArray());
      }
    }
  }

  private @Nullable Frame readOne() throws IOException {
    if (isEnded) {
      return null;
    }
    try {
      int lengthAndType = in.readInt();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      int length = lengthAndType >>> 8;
      assertThat(length).as("length of a frame; %s", this).isLessThanOrEqualTo(maxFrameSize);
      byte[] payload = new byte[length];
      in.readFully(payload);
      Frame frame = Frame.of(lengthAndType & 0xff, flags, stream, payload);
      latest.addLast(frame);
      if (latest.size() > KEPT_FRAMES) {
        latest.removeFirst();
      }
      return frame;
    } catch (SocketTimeoutException e) {
      throw new IOException("the server says no more; " + this, e);
    } catch (EOFException _) {
      isEnded = true;
      return null;
    } catch (SocketException | SSLException _) {
      isEnded = true;
      isReset = true;
      return null;
    }
  }

  private void received(Frame frame) throws IOException {
    switch (frame.type()) {
      case Frame.SETTINGS -> receivedSettings(frame);
      case Frame.PING -> {
        if (frame.has(Frame.ACK)) {
          pings.add(frame);
        } else {
          send(Frame.of(Frame.PING, Frame.ACK, 0, frame.payload()));
        }
      }
      case Frame.HEADERS ->
          answer(frame.stream())
              .fields(decoder.decode(frame.content()), frame.has(Frame.END_STREAM));
      case Frame.DATA -> receivedData(frame);
      case Frame.RST_STREAM -> {
        assertThat(frame.payload()).hasSize(4);
        answer(frame.stream()).reset(frame.code());
      }
      case Frame.GOAWAY -> goAway = frame;
      case Frame.WINDOW_UPDATE -> {
        assertThat(frame.payload()).hasSize(4);
        granted.accept(frame);
        connectionGrants += frame.stream() == 0 ? frame.intAt(0) : 0;
      }
      case Frame.PUSH_PROMISE -> throw new AssertionError("nobody asked for " + frame);
      case Frame.CONTINUATION -> throw new AssertionError("there is no block: " + frame);
      default -> {} // changes nothing here
    }
  }

  private void receivedSettings(Frame frame) throws IOException {
    assertThat(frame.stream()).isZero();
    if (frame.has(Frame.ACK)) {
      assertThat(frame.payload()).isEmpty();
      settingsAcks++;
      assertThat(settingsAcks).as("acknowledgements").isLessThanOrEqualTo(settingsSent);
      return;
    }
    assertThat(frame.payload().length % 6).isZero();
    for (int at = 0; at < frame.payload().length; at += 6) {
      serverSettings.put(frame.intAt(at) >>> 16, frame.intAt(at + 2));
    }
    send(Frame.settingsAck());
  }

  private void receivedData(Frame frame) {
    Answer answer = answer(frame.stream());
    connectionWindow -= frame.payload().length;
    long grant = grants.merge(frame.stream(), (long) -frame.payload().length, Long::sum);
    assertThat(connectionWindow).as("the connection's window: %s", this).isNotNegative();
    assertThat(grant + largestInitialWindow).as("the window of: %s", answer).isNotNegative();
    answer.data(frame.content(), frame.has(Frame.END_STREAM));
  }

  /** Reads until the answer is whole, the stream reset, or the connection at its end. */
  Answer await(int stream) throws IOException {
    while (!answer(stream).isOver() && read() != null) {
      // whatever comes
    }
    return answer(stream);
  }

  /** Reads until an answer has begun. */
  Answer awaitHead(int stream) throws IOException {
    while (answer(stream).status() == 0 && !answer(stream).isOver() && read() != null) {
      // whatever comes
    }
    return answer(stream);
  }

  /** Reads until so much of a body has come, and no more. */
  Answer awaitBody(int stream, int length) throws IOException {
    while (answer(stream).bodyLength() < length && !answer(stream).isOver() && read() != null) {
      // whatever comes
    }
    return answer(stream);
  }

  /** Everything that was sent is seen to have been read, and what it brought about has come. */
  void fence() throws IOException {
    long opaque = 0x7465_7374_0000_0000L + ++fences;
    Frame ping = Frame.ping(opaque);
    send(ping);
    while (pings.stream().noneMatch(ack -> Arrays.equals(ack.payload(), ping.payload()))) {
      assertThat(read()).as("the connection goes on: %s", this).isNotNull();
    }
  }

  /** Reads to the end of the connection. */
  void awaitEnd() throws IOException {
    while (read() != null) {
      // whatever comes
    }
  }

  /** Keeps no more of what came on a stream that is over. */
  void forget(int stream) {
    answers.remove(stream);
    grants.remove(stream);
  }

  /** Reads to the end of the connection, and takes notice of nothing but GOAWAY. */
  void drain() throws IOException {
    for (Frame frame = readOne(); frame != null; frame = readOne()) {
      if (frame.is(Frame.GOAWAY)) {
        goAway = frame;
      }
    }
  }

  Answer answer(int stream) {
    return answers.computeIfAbsent(stream, Answer::new);
  }

  /** The server's value, or what it is without one. */
  int serverSetting(int identifier, int otherwise) {
    return serverSettings.getOrDefault(identifier, otherwise);
  }

  Map<Integer, Integer> serverSettings() {
    return serverSettings;
  }

  /** PING frames that answer ours. */
  List<Frame> pings() {
    return pings;
  }

  /** Is told of each from now on. */
  void onWindowUpdate(Consumer<Frame> listener) {
    granted = listener;
  }

  /** By how much the server raised the connection's window so far. */
  long connectionGrants() {
    return connectionGrants;
  }

  int settingsAcks() {
    return settingsAcks;
  }

  @Nullable Frame goAway() {
    return goAway;
  }

  HpackDecoder decoder() {
    return decoder;
  }

  /** Whether it ended with less ceremony than a FIN. */
  boolean isReset() {
    return isReset;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    try {
      socket.close();
    } catch (SocketException | SSLException _) {
      // it was over
    }
  }

  /** What came at last, for people. */
  @Override
  public String toString() {
    return "last came " + latest + (isEnded ? ", and the end" + (isReset ? " by reset" : "") : "");
  }
}
