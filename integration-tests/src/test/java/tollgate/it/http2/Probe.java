package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tollgate.it.harness.Bytes;

/** One case at work: a connection, and what is expected of the server. One thread. */
final class Probe implements AutoCloseable {
  /** Served by the origin behind the server, with a short body. */
  static final String OK = "/ok";

  /** Served with {@link #LARGE_LENGTH} octets. */
  static final String LARGE = "/large";

  /** Gives its body back, and is served when that has come whole. */
  static final String ECHO = "/echo";

  /** Never served, and its body is never read. */
  static final String UNREAD = "/unread";

  static final int LARGE_LENGTH = 200_000;
  private static final String NEVER = "/never/";

  /** Paths of this process that no origin may see, and those of which none may see the end. */
  private static final Set<String> FORBIDDEN = ConcurrentHashMap.newKeySet();

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Set<String> UNFINISHED = ConcurrentHashMap.newKeySet();

  private final Endpoint endpoint;
  private final String label;
  private @Nullable Http2Client connection;
  private int lastStream = -1;

  /**
   * @param title of the case, part of the paths that are its own
   */
  Probe(Endpoint endpoint, String title) {
    this.endpoint = endpoint;
    this.label = title.replaceAll("[^a-zA-Z0-9]+", "-");
  }

  Endpoint endpoint() {
    return endpoint;
  }

  // ---- what is sent

  /** A connection with preface and SETTINGS exchanged. */
  Http2Client open(int... settings) throws IOException {
    Http2Client opened = connect();
    opened.shakeHands(settings);
    return opened;
  }

  /** One whose streams stay: no body may be answered. */
  Http2Client openWithoutWindows() throws IOException {
    return open(Frame.INITIAL_WINDOW_SIZE, 0);
  }

  /** A connection on which nothing was said. */
  Http2Client connect() throws IOException {
    Http2Client opened = Http2Client.connect(endpoint);
    connection = opened;
    return opened;
  }

  Http2Client client() {
    return java.util.Objects.requireNonNull(connection, "not open");
  }

  Probe send(Frame... frames) throws IOException {
    for (Frame frame : frames) {
      if (frame.is(Frame.HEADERS)) {
        lastStream = Math.max(lastStream, frame.stream() & 0x7fff_ffff);
      }
    }
    client().send(frames);
    return this;
  }

  /** The block of a GET, with more fields behind what it needs. */
  byte[] get(String path, String... namesAndValues) {
    return request("GET", path, namesAndValues);
  }

  byte[] post(String path, String... namesAndValues) {
    return request("POST", path, namesAndValues);
  }

  byte[] request(String method, String path, String... namesAndValues) {
    return Frame.joined(
        fields(
            ":method",
            method,
            ":scheme",
            endpoint.scheme(),
            ":path",
            endpoint.prefix() + path,
            ":authority",
            endpoint.authority()),
        fields(namesAndValues));
  }

  /** Literals, as they are given. */
  static byte[] fields(String... namesAndValues) {
    byte[][] all = new byte[namesAndValues.length / 2][];
    for (int i = 0; i < all.length; i++) {
      all[i] = Hpack.literal(namesAndValues[2 * i], namesAndValues[2 * i + 1]);
    }
    return Frame.joined(all);
  }

  /** A GET as a whole. */
  Probe ask(int stream, String path) throws IOException {
    return send(Frame.headers(stream, true, get(path)));
  }

  /** A POST whose body is still to come. */
  Probe begin(int stream, String path, String... namesAndValues) throws IOException {
    return send(Frame.headers(stream, false, post(path, namesAndValues)));
  }

  /** A path that no origin may ever be asked for. */
  String never() {
    String path = NEVER + COUNT.incrementAndGet() + "/" + label;
    FORBIDDEN.add(path);
    return path;
  }

  /** A path for which an origin may be asked, but never in full. */
  String neverWhole() {
    String path = NEVER + "whole/" + COUNT.incrementAndGet() + "/" + label;
    UNFINISHED.add(path);
    return path;
  }

  // ---- what is expected

  /** The request is answered, whatever happened before. */
  Answer expectServed(int stream) throws IOException {
    Answer answer = client().await(stream);
    assertThat(answer.status()).as("%s; %s", answer, client()).isEqualTo(200);
    assertThat(answer.isEnded()).as("%s; %s", answer, client()).isTrue();
    return answer;
  }

  Answer expectStatus(int stream, int status) throws IOException {
    Answer answer = client().await(stream);
    assertThat(answer.status()).as("%s; %s", answer, client()).isEqualTo(status);
    return answer;
  }

  /** Served with the body of {@link #ECHO}. */
  void expectEcho(int stream, String body) throws IOException {
    assertThat(expectServed(stream).text()).isEqualTo(body);
  }

  /** One more request is served on this connection. */
  void expectGoesOn() throws IOException {
    int stream = lastStream + 2 | 1;
    // What was held is let go, so that the answer may come.
    send(
        Frame.settings(Frame.INITIAL_WINDOW_SIZE, Http2Client.DEFAULT_WINDOW),
        Frame.headers(stream, true, get(OK)));
    expectServed(stream);
    assertThat(client().goAway()).as("%s", client()).isNull();
  }

  /** RFC 9113 section 5.4.1: GOAWAY with one of these codes, and the end. */
  void expectConnectionError(ErrorCode... codes) throws IOException {
    Http2Client client = client();
    client.awaitEnd();
    Frame goAway = client.goAway();
    if (goAway == null) {
      // What it said is lost where it closes with octets of ours unread.
      assertThat(client.isReset()).as("GOAWAY, or at least a reset: %s", client).isTrue();
      Conformance.countReset();
    } else {
      assertThat(goAway.stream()).as("%s", goAway).isZero();
      assertThat(goAway.code()).as("%s", client).isIn((Object[]) codes);
      assertThat(goAway.intAt(0)).as("last stream").isBetween(0, Math.max(0, lastStream));
    }
  }

  /** RFC 9113 section 5.4.2: RST_STREAM with one of these codes, and the connection goes on. */
  void expectStreamError(int stream, ErrorCode... codes) throws IOException {
    awaitReset(stream);
    ErrorCode reset = client().answer(stream).reset();
    assertThat(reset).as("%s; %s", client().answer(stream), client()).isIn((Object[]) codes);
    expectGoesOn();
  }

  /** Either of the two, with one of these codes. */
  void expectError(int stream, ErrorCode... codes) throws IOException {
    awaitReset(stream);
    if (client().answer(stream).reset() == null) {
      expectConnectionError(codes);
    } else {
      expectStreamError(stream, codes);
    }
  }

  /** RFC 9113 section 8.1.1. An answer before it may only refuse. */
  void expectMalformed(int stream) throws IOException {
    expectStreamError(stream, ErrorCode.PROTOCOL_ERROR);
    int status = client().answer(stream).status();
    assertThat(status == 0 || status / 100 == 4).as("%s", client().answer(stream)).isTrue();
  }

  /** Malformed, or refused as a request that cannot be served. */
  void expectRefused(int stream) throws IOException {
    Answer answer = client().await(stream);
    if (answer.reset() == null) {
      assertThat(answer.status()).as("%s; %s", answer, client()).isBetween(400, 501);
    } else {
      assertThat(answer.reset()).as("%s", answer).isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }
    expectGoesOn();
  }

  private void awaitReset(int stream) throws IOException {
    while (client().answer(stream).reset() == null) {
      if (client().goAway() != null || client().read() == null) {
        return;
      }
    }
  }

  /** Paths of requests that an origin had received, as it sees them. */
  static void expectUnseen(List<String> seen, List<String> seenWhole) {
    assertThat(seen).filteredOn(FORBIDDEN::contains).as("forwarded").isEmpty();
    assertThat(seenWhole).filteredOn(UNFINISHED::contains).as("forwarded as a whole").isEmpty();
  }

  static byte[] zeros(int length) {
    byte[] zeros = new byte[length];
    Arrays.fill(zeros, (byte) '0');
    return zeros;
  }

  static String text(byte[] bytes) {
    return Bytes.text(bytes);
  }

  @Override
  public void close() throws IOException {
    if (connection != null) {
      connection.close();
    }
  }
}
