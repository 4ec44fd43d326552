package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.GrpcNode;
import tollgate.it.harness.LeanOrigin;
import tollgate.it.harness.Tollgate;
import tollgate.it.harness.Vitals;

/** E6: what no gRPC library sends, frame by frame, before a server of another make. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class GrpcBadInputIT {
  private static final String OK = "0";
  private static final String DEADLINE_EXCEEDED = "4";
  private static final String RESOURCE_EXHAUSTED = "8";
  private static final String INTERNAL = "13";
  private static final int WITHOUT_STATUS_LENGTH = 5;

  private static GrpcNode backend;
  private static LeanOrigin careless;
  private static Tollgate tollgate;
  private static Vitals vitals;

  @BeforeAll
  static void start() throws IOException {
    backend = GrpcNode.serve(null);
    // An answer in gRPC that never says how the call ended.
    careless =
        LeanOrigin.start((_, socket) ->
            socket
                .getOutputStream()
                .write(
                    Bytes.of(
                        "HTTP/1.1 200 OK\r\nContent-Type: application/grpc\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n"
                            + "5\r\n\0\0\0\0\0\r\n0\r\n\r\n")));
    tollgate =
        Tollgate.setup()
            .apis(
                upstream("u", backend.port(), "protocol: h2")
                    + upstream("careless", careless.port())
                    + api("careless", "/careless", "careless")
                    + api("a", "/", "u")
                    + """
                    operations:
                      - {id: hang, grpc: demo.Echo/Hang, timeout: 1s}
                      - {id: echo, grpc: demo.Echo}
                    """)
            .start();
    vitals = Vitals.of(tollgate);
  }

  @AfterAll
  static void stop() throws IOException {
    if (tollgate != null) {
      assertThat(tollgate.metrics().sum("tollgate_requests_total", "outcome", "internal")).isZero();
      vitals.close();
      tollgate.close();
    }
    if (careless != null) {
      careless.close();
    }
    if (backend != null) {
      backend.close();
    }
  }

  private static Http2Client client() throws IOException {
    return Http2Client.open(new Endpoint(tollgate.port(), null, "api.example.com", ""));
  }

  private static Frame call(int stream, String path, String... more) {
    byte[] block =
        Probe.fields(
            ":method", "POST",
            ":scheme", "http",
            ":path", path,
            ":authority", "api.example.com",
            "content-type", "application/grpc",
            "te", "trailers");
    return Frame.headers(stream, false, Frame.joined(block, Probe.fields(more)));
  }

  private static byte[] message(int flag, int length, byte[] content) {
    return Frame.joined(ByteBuffer.allocate(5).put((byte) flag).putInt(length).array(), content);
  }

  /** How the call ended, in the head or behind it. */
  private static String status(Answer answer) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    String inHead = answer.headers().first("grpc-status");
    return String.valueOf(inHead == null ? answer.trailers().first("grpc-status") : inHead);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 4 * Bytes.MIB + 1})
  void aMessageThatSaysItIsHugeIsRefusedByWhatItSays(int length)
      throws IOException, InterruptedException {
    long heap = vitals.liveHeapBytes();
    try (Http2Client client = client()) {
      client.send(
          call(1, "/demo.Echo/Collect"),
          Frame.data(1, false, message(0, length, Bytes.of("some of it"))));
      assertThat(status(client.await(1))).isEqualTo(RESOURCE_EXHAUSTED);
      client.send(call(3, "/demo.Echo/Unary"), Frame.data(3, true, message(0, 1, new byte[1])));
      assertThat(status(client.await(3))).isEqualTo(OK);
    }
    assertThat(vitals.liveHeapBytes() - heap).isLessThan(Bytes.MIB);
  }

  /** The gateway does not undo what one message is compressed by; the server judges it. */
  @Test
  void aCompressionBombCostsTheGatewayNothing() throws IOException, InterruptedException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bomb)) {
      byte[] zeros = new byte[Bytes.MIB];
      for (int i = 0; i < 8; i++) {
        gzip.write(zeros);
      }
    }
    long heap = vitals.liveHeapBytes();
    try (Http2Client client = client()) {
      client.send(
          call(1, "/demo.Echo/Unary", "grpc-encoding", "gzip"),
          Frame.data(1, true, message(1, bomb.size(), bomb.toByteArray())));
      assertThat(status(client.await(1))).isIn(RESOURCE_EXHAUSTED, INTERNAL);
    }
    assertThat(vitals.liveHeapBytes() - heap).isLessThan(Bytes.MIB);
  }

  @ParameterizedTest
  @CsvSource({
    "999999999S, 13", // nine digits
    "1, 13",
    "S, 13",
    "-1S, 13",
    "1.5S, 13",
    "1s, 13",
    "'1S, 2S', 13",
    "99999999H, 0", // longer than a clock of nanoseconds holds
    "00000001H, 0",
    "0n, 4",
  })
  void timeouts(String timeout, String expected) throws IOException {
    try (Http2Client client = client()) {
      client.send(
          call(1, "/demo.Echo/Unary", "grpc-timeout", timeout),
          Frame.data(1, true, message(0, 1, new byte[1])));
      assertThat(status(client.await(1))).isEqualTo(expected);
    }
  }

  @Test
  void anAnswerWithoutAStatusIsGivenOne() throws IOException {
    try (Http2Client client = client()) {
      client.send(call(1, "/careless/x"), Frame.data(1, true, message(0, 1, new byte[1])));
      Answer answer = client.await(1);
      assertThat(answer.bodyLength()).isEqualTo(WITHOUT_STATUS_LENGTH);
      assertThat(answer.trailers().first("grpc-status")).isEqualTo(INTERNAL);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 0x80, 0xff})
  void anUnknownFlagIsNoMessage(int flag) throws IOException {
    try (Http2Client client = client()) {
      client.send(
          call(1, "/demo.Echo/Collect"), Frame.data(1, false, message(flag, 1, new byte[1])));
      assertThat(status(client.await(1))).isEqualTo(INTERNAL);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 5, 7})
  void anEndInTheMiddleOfAMessage(int length) throws IOException {
    byte[] whole = message(0, 3, new byte[3]);
    try (Http2Client client = client()) {
      client.send(
          call(1, "/demo.Echo/Collect"),
          Frame.data(1, false, whole),
          Frame.data(1, true, java.util.Arrays.copyOf(whole, length)));
      assertThat(status(client.await(1))).isEqualTo(INTERNAL);
    }
  }

  /** The caller never ends what it sends, and the server says nothing. */
  @Test
  void aCallLeftHalfOpenEndsByItsDeadline() throws IOException {
    try (Http2Client client = client()) {
      client.send(call(1, "/demo.Echo/Hang"), Frame.data(1, false, message(0, 1, new byte[1])));
      client.send(call(3, "/demo.Echo/Collect", "grpc-timeout", "300m"));
      assertThat(status(client.await(3))).isEqualTo(DEADLINE_EXCEEDED);
      assertThat(status(client.await(1))).isEqualTo(DEADLINE_EXCEEDED);
      client.fence();
    }
  }
}
