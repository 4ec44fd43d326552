package tollgate.it.http2;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.OriginRequest;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.RecordingOrigin.Mark;
import tollgate.it.harness.Response;
import tollgate.it.harness.Run;
import tollgate.it.harness.Tollgate;

/**
 * However a body is cut, into segments, chunks or frames, the answer is the same, and so are the
 * bytes that the origin gets.
 */
final class PayloadSplitsIT {
  private static final String FORM = "multipart/form-data; boundary=b";
  private static final List<Sample> SAMPLES = samples();
  private static final List<String> CONTEXTS =
      List.of("/limits", "/held", "/convert", "/json", "/xml");

  private static RecordingOrigin origin;
  private static Tollgate tollgate;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Sample(String type, byte[] body) {}

  /**
   * What came of one request.
   *
   * @param code empty where it was not refused
   * @param seen what the origin got; null where it saw no whole request
   */
  private record Outcome(int status, String code, @Nullable String seen) {}

  private enum Way {
    SEGMENTS,
    CHUNKS,
    CHUNKS_IN_SEGMENTS,
    FRAMES
  }

  @BeforeAll
  static void start() throws IOException {
    origin = RecordingOrigin.start();
    tollgate =
        Tollgate.setup()
            .gateway(
                """
                kind: Gateway
                name: it
                listeners:
                  - {name: http, bind: "127.0.0.1:@http@"}
                status: {bind: "127.0.0.1:@status@"}
                drain: {delay: 0s, timeout: 10s}
                warmUp: 0s
                """)
            .file("s/role.json", "{\"properties\": {\"role\": {\"enum\": [\"user\"]}}}")
            .file(
                "s/a.xsd",
                "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='a'/>"
                    + "</xs:schema>")
            .apis(
                upstream("u", origin.port())
                    + """
                    ---
                    kind: Policy
                    name: limits
                    request: [structuralLimits: {json: {depth: 8, stringLength: 1000}}]
                    ---
                    kind: Policy
                    name: held
                    request: [structuralLimits: {json: {depth: 8}, hold: true}]
                    """
                    + api("limits", "/limits", "u", "policies: [limits]")
                    + api("held", "/held", "u", "policies: [held]")
                    + api("convert", "/convert", "u", "messages: {convert: {request: xml}}")
                    + api("built", "/built", "u", "messages: {convert: {response: accept}}")
                    + api("json", "/json", "u", schema("jsonSchema: s/role.json"))
                    + api("xml", "/xml", "u", schema("xsd: s/a.xsd")))
            .start();
  }

  private static String schema(String rules) {
    return "validate: {request: {" + rules + "}}";
  }

  @AfterAll
  static void stop() throws IOException {
    if (tollgate != null) {
      tollgate.close();
    }
    if (origin != null) {
      origin.close();
    }
  }

  private static List<Sample> samples() {
    List<Sample> samples = new ArrayList<>();
    for (String json :
        new String[] {
          "{\"role\":\"user\",\"\u00e4\\u00e4\\ud83d\\ude00\u20ac\":[-1.50e+07,true,null,[{}]]}",
          "{\"role\":\"admin\"}",
          "{\"r\\u006fle\":\"adm\\u0069n\"}",
          "{\"a\":1,\"\\u0061\":2}",
          "[\"\\ud83d\"]",
          "[1,]",
          "[1]x",
          "[\"\u00e4\"",
          "[[[[[[[[[[[1]]]]]]]]]]]",
          "[" + "\"a string of some length \u20ac\",1.25,".repeat(400) + "{}]",
          "[" + "\"a string of some length \u20ac\",1.25,".repeat(400) + "{},]",
        }) {
      samples.add(new Sample("application/json", json.getBytes(UTF_8)));
    }
    for (String xml :
        new String[] {
          "<?xml version='1.0' encoding='UTF-8'?><a xmlns:p=\"u\" p:b='&lt;&#x20AC;'>\u20ac"
              + "<![CDATA[]]>]]&gt;<!-- - --><p:c/></a>",
          "<b/>",
          "<a><b></a>",
          "<a b='1' b='2'/>",
          "<!DOCTYPE a><a/>",
          "<a>]]></a>",
          "<a>&x;</a>",
          "<a>" + "<b c='d'>some text &amp; \u20ac</b>\r\n".repeat(300) + "</a>",
        }) {
      samples.add(new Sample("application/xml", xml.getBytes(UTF_8)));
    }
    for (String rest : new String[] {"\r\n--b--\r\n", "\r\n--b-\r\n", "\r\n--b--x"}) {
      samples.add(
          new Sample(
              FORM,
              ("--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\u00e4.bin\"\r\n\r\n"
                      + "\r\n--\r\n-b\r\n--c"
                      + rest)
                  .getBytes(UTF_8)));
    }
    return samples;
  }

  @Test
  void anySplitGivesTheSame() throws IOException {
    Map<String, Outcome> whole = new HashMap<>();
    for (int sample = 0; sample < SAMPLES.size(); sample++) {
      for (String context : CONTEXTS) {
        Outcome outcome = asked(context, SAMPLES.get(sample), Way.SEGMENTS, List.of());
        whole.put(context + sample, outcome);
      }
    }
    assertThat(whole.values()).anyMatch(outcome -> outcome.status() == 200);
    assertThat(whole.values().stream().map(Outcome::code).distinct())
        .contains("", "400", "400106", "400110");

    Run run = Run.of("PayloadSplitsIT", 1_500, 100_000);
    for (long index = run.next(); index >= 0; index = run.next()) {
      SplittableRandom random = run.random(index);
      int number = random.nextInt(SAMPLES.size());
      Sample sample = SAMPLES.get(number);
      String context = CONTEXTS.get(random.nextInt(CONTEXTS.size()));
      Way way = Way.values()[random.nextInt(Way.values().length)];
      List<Integer> cuts = cuts(random, sample.body().length);
      assertThat(asked(context, sample, way, cuts))
          .as("%s %s %s at %s, %s", context, sample.type(), way, cuts, run.repeat(index))
          .isEqualTo(whole.get(context + number));
    }
  }

  private static List<Integer> cuts(SplittableRandom random, int length) {
    int most = random.nextInt(4) == 0 ? 40 : 4;
    return random.ints(1 + random.nextInt(most), 1, length).sorted().distinct().boxed().toList();
  }

  private static List<byte[]> pieces(byte[] body, List<Integer> cuts) {
    List<byte[]> pieces = new ArrayList<>();
    int from = 0;
    for (int cut : cuts) {
      pieces.add(Arrays.copyOfRange(body, from, cut));
      from = cut;
    }
    pieces.add(Arrays.copyOfRange(body, from, body.length));
    return pieces;
  }

  private static Outcome asked(String context, Sample sample, Way way, List<Integer> cuts)
      throws IOException {
    Mark mark = origin.mark();
    List<byte[]> pieces = pieces(sample.body(), cuts);
    if (way == Way.FRAMES) {
      return overHttp2(context, sample, pieces, mark);
    }
    String head =
        "POST "
            + context
            + "/in HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\nContent-Type: "
            + sample.type()
            + "\r\n";
    try (RawClient client = tollgate.client()) {
      if (way == Way.SEGMENTS) {
        client.send(head + "Content-Length: " + sample.body().length + "\r\n\r\n");
        send(client, pieces);
      } else {
        client.send(head + "Transfer-Encoding: chunked\r\n\r\n");
        List<byte[]> chunks = new ArrayList<>();
        for (byte[] piece : pieces) {
          String size = Integer.toHexString(piece.length) + "\r\n";
          if (way == Way.CHUNKS) {
            chunks.add(Frame.joined(Bytes.of(size), piece, Bytes.of("\r\n")));
          } else { // cut within the coding as well
            chunks.addAll(List.of(Bytes.of(size), piece, Bytes.of("\r"), Bytes.of("\n")));
          }
        }
        chunks.add(Bytes.of("0\r\n\r\n"));
        send(client, chunks);
      }
      Response response = client.read();
      return outcome(response.status(), response.text(), mark);
    }
  }

  private static void send(RawClient client, List<byte[]> pieces) {
    try {
      for (byte[] piece : pieces) {
        client.send(piece);
      }
    } catch (IOException _) {
      // refused before it was all there
    }
  }

  private static Outcome overHttp2(String context, Sample sample, List<byte[]> pieces, Mark mark)
      throws IOException {
    Endpoint endpoint = new Endpoint(tollgate.port(), null, "x", context);
    try (Http2Client client = Http2Client.open(endpoint)) {
      Probe probe = new Probe(endpoint, "split");
      byte[] head = probe.post("/in", "content-type", sample.type(), "accept", "application/json");
      client.send(Frame.headers(1, false, head));
      for (int i = 0; i < pieces.size(); i++) {
        client.send(Frame.data(1, i == pieces.size() - 1, pieces.get(i)));
      }
      Answer answer = client.await(1);
      return outcome(answer.status(), answer.text(), mark);
    }
  }

  private static Outcome outcome(int status, String text, Mark mark) throws IOException {
    int at = status == 200 ? -1 : text.indexOf("\"code\":\"");
    String code = at < 0 ? "" : text.substring(at + 8, text.indexOf('"', at + 8));
    List<OriginRequest> requests = origin.since(mark);
    if (status != 200) {
      assertThat(requests).as("refused with %s", code).isEmpty();
      return new Outcome(status, code, null);
    }
    assertThat(requests).hasSize(1);
    return new Outcome(status, code, Bytes.text(requests.getFirst().body()));
  }

  /** The message is built, and nobody changes it. */
  @Test
  void aFileInAMessageThatIsBuiltKeepsItsDigest() throws Exception {
    byte[] file = Bytes.random(3 * Bytes.MIB);
    byte[] before =
        Bytes.of("--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n");
    byte[] body = Frame.joined(before, file, Bytes.of("\r\n--b--\r\n"));
    for (int pieceLength : new int[] {1_000, 8_191, 70_000, 4 * Bytes.MIB}) {
      String path =
          origin.path((_, connection) ->
              connection
                  .write(
                      "HTTP/1.1 200 OK\r\nContent-Type: "
                          + FORM
                          + "\r\nTransfer-Encoding: chunked\r\n\r\n")
                  .write(Bytes.chunked(body, pieceLength)));
      Response response = tollgate.get("/built" + path);
      assertThat(response.status()).as(response.text()).isEqualTo(200);
      byte[] got = Arrays.copyOfRange(response.body(), before.length, before.length + file.length);
      assertThat(sha256(got)).isEqualTo(sha256(file));
      assertThat(response.body()).hasSameSizeAs(body);
    }
    // It is read: what is no such form goes nowhere.
    String path =
        origin.path((_, connection) ->
            connection.reply(
                "200 OK", "Content-Type: " + FORM + "\r\n", Arrays.copyOf(body, body.length - 8)));
    assertThat(tollgate.get("/built" + path).status()).isEqualTo(502);
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
