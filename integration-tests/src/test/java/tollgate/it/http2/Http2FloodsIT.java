package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;
import static tollgate.it.http2.ErrorCode.COMPRESSION_ERROR;
import static tollgate.it.http2.ErrorCode.ENHANCE_YOUR_CALM;
import static tollgate.it.http2.ErrorCode.PROTOCOL_ERROR;
import static tollgate.it.http2.ErrorCode.REFUSED_STREAM;
import static tollgate.it.http2.ErrorCode.STREAM_CLOSED;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Load;
import tollgate.it.harness.Patience;
import tollgate.it.harness.Tollgate;
import tollgate.it.harness.Vitals;

/**
 * B1 to B9: what costs a client little and a server much. Each is ended or bounded, the origin is
 * never made to work on more than one connection may have under way, a client beside it is served,
 * and no memory stays.
 */
final class Http2FloodsIT {
  private static final String HOST = "api.example.com";
  private static final int MOST_STREAMS = 100;

  /** The gateway's own words: more than so many resets in half a minute are too many. */
  private static final int MOST_RESETS = 200;

  private static final int LARGE_LENGTH = 4 * Bytes.MIB;
  private static final int[] NO_SETTINGS = {};
  private static final String GATEWAY =
      """
      kind: Gateway
      name: it
      listeners:
        - {name: http, bind: "127.0.0.1:@http@", protocols: [http1, h2]}
      status: {bind: "127.0.0.1:@status@"}
      drain: {delay: 0s, timeout: 10s}
      reload: {watch: false}
      warmUp: 0s
      overload: {loopLag: 10s}
      """;

  private static HeldOrigin origin;
  private static Tollgate tollgate;
  private static Vitals vitals;
  private static long heapBefore;

  private Load honest;

  @BeforeAll
  static void start() throws IOException {
    origin = HeldOrigin.start(LARGE_LENGTH);
    tollgate = setup().start();
    vitals = Vitals.of(tollgate);
    ask(endpoint(), 500);
    heapBefore = vitals.liveHeapBytes();
  }

  private static Tollgate.Setup setup() {
    return Tollgate.setup()
        .gateway(GATEWAY)
        .apis(
            upstream("u", origin.port(), "health: {passive: off}")
                + upstream(
                    "held",
                    origin.port(),
                    "health: {passive: off}",
                    "pool: {maxConnections: 2000}",
                    "timeouts: {connect: 10s}")
                + api("a", "/a", "u")
                + api("h", "/h", "held"));
  }

  /** So that what it is measured against is warm. */
  private static void ask(Endpoint endpoint, int times) throws IOException {
    try (Http2Client client = Http2Client.open(endpoint)) {
      for (int stream = 1; stream < 2 * times; stream += 2) {
        client.send(get(stream, "/a/ok"), Frame.windowUpdate(0, 2));
        assertThat(client.await(stream).status()).isEqualTo(200);
      }
    }
  }

  @AfterAll
  static void stop() throws IOException {
    System.out.printf(
        "after the floods: %.1f MiB of live heap (%.1f before them), %.1f direct, %.1f resident%n",
        mib((double) vitals.liveHeapBytes()),
        mib((double) heapBefore),
        mib(direct(tollgate)),
        mib((double) vitals.residentBytes()));
    assertThat(vitals.liveHeapBytes() - heapBefore).isLessThan(16L * Bytes.MIB);
    assertThat(direct(tollgate)).isLessThan(32.0 * Bytes.MIB);
    assertThat(tollgate.metrics().sum("tollgate_requests_total", "outcome", "internal")).isZero();
    vitals.close();
    tollgate.close();
    origin.close();
  }

  @BeforeEach
  void callBesideIt() {
    origin.forget();
    honest = Load.start(1, Http2FloodsIT::caller);
  }

  @AfterEach
  void nobodyElseNoticed() throws InterruptedException {
    long calls = honest.calls() + 5;
    Patience.await().until(() -> honest.calls() >= calls || !honest.failures().isEmpty());
    assertThat(honest.stop().failures()).as("of the client beside it").isEmpty();
    assertThat(origin.most()).as("requests of one connection").isLessThanOrEqualTo(MOST_STREAMS);
    Patience.await().until(() -> origin.atOnce() == 0);
  }

  // ---- those that are ended

  @ParameterizedTest
  @MethodSource("floods")
  void endsTheConnection(Flood flood) throws IOException {
    Flood.End end = flood.run(endpoint());
    System.out.printf(
        "%s: %s after at most %d pieces; at the origin %d, %d at once%n",
        flood, end.code(), end.sent(), origin.count(), origin.most());
    assertThat(end.isClosed()).as("closed by the gateway: %s", end).isTrue();
    if (end.code() != null) {
      assertThat(end.code()).as("%s", end).isIn((Object[]) flood.codes());
    }
    assertThat(end.code() != null || end.isReset()).as("%s", end).isTrue();
    assertThat(origin.count())
        .as("requests before it was enough")
        .isLessThanOrEqualTo(2 * MOST_RESETS + MOST_STREAMS);
  }

  static Stream<Flood> floods() {
    List<Flood> all = new ArrayList<>();
    for (boolean isRead : new boolean[] {true, false}) {
      all.addAll(resets(isRead));
      all.addAll(controls(isRead));
    }
    all.addAll(blocks());
    return all.stream();
  }

  /** B3, and B4: it is the server that resets the streams. */
  private static List<Flood> resets(boolean isRead) {
    return List.of(
        made("rapid reset", isRead, stream -> Frame.bytes(held(stream), Frame.reset(stream, 8))),
        made(
            "rapid reset of requests that are not whole",
            isRead,
            stream -> Frame.bytes(begun(stream), Frame.reset(stream, 8))),
        made(
            "reset of requests that are at the origin",
            isRead,
            stream -> {
              // What is taken back at once does not get to the origin at all.
              LockSupport.parkNanos(1_000_000);
              return Frame.bytes(
                  held(stream), stream > 160 ? Frame.reset(stream - 160, 8) : Frame.ping(1));
            }),
        made(
            "made reset: increment of 0",
            isRead,
            stream -> Frame.bytes(held(stream), Frame.windowUpdate(stream, 0))),
        made(
            "made reset: window overflow",
            isRead,
            stream ->
                Frame.bytes(
                    held(stream),
                    Frame.windowUpdate(stream, 0x7fff_ffff),
                    Frame.windowUpdate(stream, 0x7fff_ffff))),
        made(
            "made reset: DATA beyond content-length",
            isRead,
            stream ->
                Frame.bytes(
                    Frame.headers(stream, false, block("POST", "/h/held", "content-length", "1")),
                    Frame.data(stream, false, "two"))),
        made(
            "made reset: DATA behind the end",
            isRead,
            stream -> Frame.bytes(held(stream), Frame.data(stream, true, "x"))),
        made(
            "made reset: HEADERS behind the end",
            isRead,
            stream ->
                Frame.bytes(held(stream), Frame.headers(stream, true, Probe.fields("x", "y")))),
        made(
            "made reset: a second HEADERS frame without END_STREAM",
            isRead,
            stream ->
                Frame.bytes(begun(stream), Frame.headers(stream, false, Probe.fields("x", "y")))),
        made(
            "made reset: PRIORITY of four octets",
            isRead,
            stream -> Frame.bytes(held(stream), Frame.of(Frame.PRIORITY, 0, stream, new byte[4]))),
        made(
            "malformed requests",
            isRead,
            stream -> Frame.headers(stream, true, block("GET", "/h/held", "Upper", "x")).bytes()));
  }

  @FunctionalInterface
  private interface OnStream {
    byte[] bytes(int stream);
  }

  private static Flood made(String name, boolean isRead, OnStream piece) {
    return new Flood(
        named(name, isRead),
        NO_SETTINGS,
        new Frame[0],
        5000,
        index -> piece.bytes(2 * index + 1),
        isRead,
        ENHANCE_YOUR_CALM,
        STREAM_CLOSED,
        PROTOCOL_ERROR,
        ErrorCode.FRAME_SIZE_ERROR);
  }

  /** B8: frames that are right one by one. */
  private static List<Flood> controls(boolean isRead) {
    return List.of(
        control("PING", isRead, Frame.ping(1)),
        control(
            "acknowledgements of no PING", isRead, Frame.of(Frame.PING, Frame.ACK, 0, new byte[8])),
        control("SETTINGS", isRead, Frame.settings()),
        control(
            "SETTINGS with values",
            isRead,
            Frame.settings(Frame.INITIAL_WINDOW_SIZE, 1, Frame.INITIAL_WINDOW_SIZE, 65_535)),
        control("PRIORITY", isRead, Frame.priority(1, 0, false, 16)),
        control("PRIORITY on idle streams", isRead, Frame.priority(0x7fff_fff1, 3, true, 16)),
        control("WINDOW_UPDATE", isRead, Frame.windowUpdate(0, 1)),
        control("WINDOW_UPDATE of a stream", isRead, Frame.windowUpdate(1, 1)),
        control("empty DATA", isRead, Frame.data(1, false)),
        control("DATA of padding", isRead, Frame.paddedData(1, false, new byte[0], 0)),
        control("unknown frames", isRead, Frame.of(0xfa, 0, 0)),
        control("RST_STREAM of a closed stream", isRead, Frame.reset(1, 8)));
  }

  /** Beside one request that is under way. */
  private static Flood control(String name, boolean isRead, Frame frame) {
    return new Flood(
        named("flood of " + name, isRead),
        NO_SETTINGS,
        new Frame[] {begun(1)},
        200_000,
        _ -> frame.bytes(),
        isRead,
        ENHANCE_YOUR_CALM,
        STREAM_CLOSED);
  }

  private static String named(String name, boolean isRead) {
    return isRead ? name : name + ", and nothing is read";
  }

  /** B5 and B9: blocks without end, and small ones that grow. */
  private static List<Flood> blocks() {
    byte[] head = block("GET", "/h/held");
    Frame[] open = {Frame.openHeaders(1, true, head)};
    byte[] filler = Probe.fields("x-filler", "v".repeat(1000));
    byte[] kept = Hpack.literal(Hpack.Kind.INCREMENTAL, false, "x-kept", "v".repeat(4000));
    byte[] reference = Hpack.indexed(Hpack.NEWEST);
    byte[][] references = new byte[16_000][];
    java.util.Arrays.fill(references, reference);
    byte[] bomb = Frame.joined(references);
    byte[] updates = new byte[16_000];
    for (int i = 0; i < updates.length; i++) {
      updates[i] = 0x20;
    }
    ErrorCode[] codes = {ENHANCE_YOUR_CALM, PROTOCOL_ERROR, COMPRESSION_ERROR};
    return List.of(
        new Flood(
            "CONTINUATION without octets",
            NO_SETTINGS,
            open,
            100_000,
            _ -> Frame.continuation(1, false).bytes(),
            true,
            codes),
        new Flood(
            "CONTINUATION of one field",
            NO_SETTINGS,
            open,
            100_000,
            _ -> Frame.continuation(1, false, filler).bytes(),
            true,
            codes),
        new Flood(
            "CONTINUATION of an octet of an index",
            NO_SETTINGS,
            new Frame[] {Frame.openHeaders(1, true, new byte[] {(byte) 0xff})},
            100_000,
            _ -> Frame.continuation(1, false, (byte) 0x80).bytes(),
            true,
            codes),
        new Flood(
            "trailers without end",
            NO_SETTINGS,
            new Frame[] {begun(1), Frame.openHeaders(1, true, new byte[0])},
            100_000,
            _ -> Frame.continuation(1, false, filler).bytes(),
            true,
            codes),
        new Flood(
            "a block of size updates",
            NO_SETTINGS,
            new Frame[0],
            5000,
            index -> Frame.headers(2 * index + 1, true, Frame.joined(updates, head)).bytes(),
            true,
            codes),
        new Flood(
            "a block of references to a long entry",
            NO_SETTINGS,
            new Frame[0],
            3000,
            index ->
                Frame.headers(2 * index + 1, true, Frame.joined(head, index == 0 ? kept : bomb))
                    .bytes(),
            true,
            codes));
  }

  // ---- those that are bounded

  @Test
  void refusesStreamsBeyondTheAnnouncedNumber() throws IOException {
    try (Http2Client client = Http2Client.open(endpoint())) {
      assertThat(client.serverSetting(Frame.MAX_CONCURRENT_STREAMS, -1)).isEqualTo(MOST_STREAMS);
      int beyond = MOST_STREAMS + 50;
      for (int i = 0; i < beyond; i++) {
        client.send(held(2 * i + 1));
      }
      for (int i = MOST_STREAMS; i < beyond; i++) {
        assertThat(client.await(2 * i + 1).reset()).as("%s", client).isEqualTo(REFUSED_STREAM);
      }
      Patience.await().until(() -> origin.atOnce() == MOST_STREAMS);
      assertThat(origin.most()).isEqualTo(MOST_STREAMS);
    }
  }

  @Test
  void answersWhateverHeaderListAClientAdvises() throws IOException {
    try (Http2Client client = Http2Client.open(endpoint(), Frame.MAX_HEADER_LIST_SIZE, 1)) {
      for (int stream = 1; stream < 200; stream += 2) {
        client.send(get(stream, "/a/ok"));
        assertThat(client.await(stream).status()).isEqualTo(200);
      }
    }
  }

  @Test
  void resetsRequestsWithNamelessFields() throws IOException {
    try (Http2Client client = Http2Client.open(endpoint())) {
      for (int stream = 1; stream < 20; stream += 2) {
        byte[] nameless = Probe.fields("", "", "", "value", "", "x".repeat(1000));
        client.send(Frame.headers(stream, true, Frame.joined(block("GET", "/h/held"), nameless)));
        assertThat(client.await(stream).reset()).isEqualTo(PROTOCOL_ERROR);
      }
      assertThat(origin.count()).isZero();
    }
  }

  /** CVE-2019-9511: many large answers, and hardly any window to send them in. */
  @Test
  void holdsLittleOfAnswersThatNobodyTakes() throws IOException {
    List<Http2Client> clients = new ArrayList<>();
    // What leak detection notes of each buffer is more than the buffer.
    try (Tollgate plain = setup().javaOption("-Dio.netty.leakDetection.level=disabled").start();
        Vitals plainVitals = Vitals.of(plain)) {
      Endpoint endpoint = new Endpoint(plain.port(), null, HOST, "");
      ask(endpoint, 500);
      long heap = plainVitals.liveHeapBytes();
      double direct = direct(plain);
      int connections = 8;
      for (int i = 0; i < connections; i++) {
        Http2Client client = Http2Client.open(endpoint, Frame.INITIAL_WINDOW_SIZE, 1);
        clients.add(client);
        for (int n = 0; n < MOST_STREAMS; n++) {
          client.send(get(2 * n + 1, "/h/large"));
        }
      }
      for (Http2Client client : clients) {
        for (int n = 0; n < MOST_STREAMS; n++) {
          assertThat(client.awaitBody(2 * n + 1, 1).bodyLength()).isEqualTo(1);
        }
      }
      double heapEach = (double) (plainVitals.liveHeapBytes() - heap) / connections;
      double directEach = (direct(plain) - direct) / connections;
      System.out.printf(
          "%d answers of %d MiB held on a connection: %.0f KiB of heap, %.0f direct%n",
          MOST_STREAMS, LARGE_LENGTH / Bytes.MIB, heapEach / 1024, directEach / 1024);
      for (Http2Client client : clients) {
        client.close();
      }
      assertThat(heapEach + directEach).as("of one connection").isLessThan(1.0 * Bytes.MIB);
    }
  }

  /** CVE-2019-9511, the other half: an octet at a time. */
  @Test
  void servesOrEndsAClientThatTakesAnOctetAtATime() throws IOException {
    try (Http2Client client = Http2Client.open(endpoint(), Frame.INITIAL_WINDOW_SIZE, 1)) {
      client.send(get(1, "/a/large"));
      for (int i = 1; i <= 3000 && client.goAway() == null; i++) {
        client.awaitBody(1, i);
        client.send(Frame.windowUpdate(1, 1));
      }
      if (client.goAway() != null) {
        assertThat(client.goAway().code()).isEqualTo(ENHANCE_YOUR_CALM);
      }
    }
  }

  /** B1. */
  @Test
  void forwardsNothingWhoseLengthIsWrongFromTheBeginning() throws IOException {
    try (Http2Client client = Http2Client.open(endpoint())) {
      client.send(Frame.headers(1, true, block("POST", "/h/held", "content-length", "5")));
      assertThat(client.await(1).reset()).isEqualTo(PROTOCOL_ERROR);
      assertThat(origin.count()).isZero();
    }
  }

  // ---- what they are made of

  private static Endpoint endpoint() {
    return new Endpoint(tollgate.port(), null, HOST, "");
  }

  private static byte[] block(String method, String path, String... more) {
    return Frame.joined(
        Probe.fields(":method", method, ":scheme", "http", ":path", path, ":authority", HOST),
        Probe.fields(more));
  }

  private static Frame get(int stream, String path) {
    return Frame.headers(stream, true, block("GET", path));
  }

  private static Frame held(int stream) {
    return get(stream, "/h/held");
  }

  /** Its body is still to come. */
  private static Frame begun(int stream) {
    return Frame.headers(stream, false, block("POST", "/h/held"));
  }

  private static Load.Caller caller() throws IOException {
    Http2Client client = Http2Client.open(endpoint());
    int[] stream = {-1};
    return Load.Caller.of(
        client::close,
        () -> {
          stream[0] += 2;
          client.send(get(stream[0], "/a/ok"), Frame.windowUpdate(0, 2));
          Answer answer = client.await(stream[0]);
          assertThat(answer.status()).as("%s; %s", answer, client).isEqualTo(200);
          client.forget(stream[0]);
        });
  }

  private static double direct(Tollgate of) throws IOException {
    return of.metrics().sum("tollgate_direct_memory_bytes");
  }

  private static double mib(double bytes) {
    return bytes / Bytes.MIB;
  }
}
