package tollgate.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Bytes.MIB;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.it.harness.Problems;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.RecordingOrigin.Mark;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/** A23, A24, D1, D2, D6 and D7 as far as {@code structuralLimits} has to do with them. */
final class StructuralLimitsIT {
  private static final int HEAP_MIB = 48;
  private static RecordingOrigin origin;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    Brotli4jLoader.ensureAvailability();
    origin = RecordingOrigin.start();
    tollgate =
        Tollgate.setup()
            .javaOption("-Xmx" + HEAP_MIB + "m")
            .apis(
                upstream("u", origin.port())
                    + """
                    ---
                    kind: Policy
                    name: hardened
                    request:
                      - structuralLimits: {json: {depth: 20, members: 1000}, xml: {depth: 30, dtd: deny}}
                    response:
                      - structuralLimits: {}
                    ---
                    kind: Policy
                    name: held
                    request:
                      - structuralLimits: {hold: true, otherTypes: json, noType: json}
                    ---
                    kind: Policy
                    name: strict
                    request:
                      - structuralLimits: {otherTypes: refuse, noType: refuse}
                    """
                    + api("a", "/a", "u", "policies: [hardened]")
                    + api("h", "/h", "u", "policies: [held]")
                    + api("s", "/s", "u", "policies: [strict]"))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  private static Response post(String target, String fields, byte[] body) throws IOException {
    try (RawClient client = tollgate.client()) {
      return client
          .send(
              "POST "
                  + target
                  + " HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n"
                  + fields
                  + "\r\nContent-Length: "
                  + body.length
                  + "\r\n\r\n")
          .send(body)
          .read();
    }
  }

  private static Response json(String body) throws IOException {
    return post("/a/in", "Content-Type: application/json", body.getBytes(UTF_8));
  }

  private static Response xml(String body) throws IOException {
    return post("/a/in", "Content-Type: application/xml", body.getBytes(UTF_8));
  }

  /** The refusal's code; the origin has seen no request meanwhile. */
  private static String refused(Sending sending, int status) throws IOException {
    Mark before = origin.mark();
    Response response = sending.send();
    String code = Problems.assertProblem(response, status).path("code").asString();
    assertThat(origin.since(before)).isEmpty();
    return code;
  }

  private interface Sending {
    Response send() throws IOException;
  }

  @Test
  void d1JsonThatIsTooMuchIsRefused() throws IOException {
    String members = "\"m\":1,".repeat(10_000);
    assertThat(refused(() -> json("[".repeat(50_000)), 400)).isEqualTo("400");
    assertThat(refused(() -> json("{\"a\":".repeat(10_000)), 400)).isEqualTo("400");
    assertThat(refused(() -> json("{" + members + "\"n\":1}"), 400)).isEqualTo("400");
    assertThat(refused(() -> json("{\"a\":1,\"\\u0061\":2}"), 400)).isEqualTo("400");
    assertThat(refused(() -> json("[1e999999]"), 400)).isEqualTo("400");
    assertThat(refused(() -> json("[\"\\ud800\"]"), 400)).isEqualTo("400106");
    assertThat(refused(() -> json("\uFEFF[1]"), 400)).isEqualTo("400106");
    assertThat(refused(() -> json("[1]x"), 400)).isEqualTo("400106");
    assertThat(refused(() -> json("[1"), 400)).isEqualTo("400106");
  }

  @Test
  void d1NamesThatCollideAreNoMoreThanNames() throws IOException {
    StringBuilder body = new StringBuilder("{");
    for (int i = 0; i < 900; i++) { // all of one String.hashCode()
      StringBuilder name = new StringBuilder();
      for (int bit = 0; bit < 10; bit++) {
        name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      body.append('"').append(name).append("\":1,");
    }
    assertThat(json(body + "\"x\":1}").status()).isEqualTo(200);
    assertThat(origin.last().body()).isEqualTo((body + "\"x\":1}").getBytes(UTF_8));
  }

  @Test
  void d1OtherEncodingsAreNotRead() throws IOException {
    for (Charset charset : new Charset[] {UTF_16LE, UTF_16BE, Charset.forName("UTF-32LE")}) {
      byte[] body = "{\"a\":1}".getBytes(charset);
      assertThat(refused(() -> post("/a/in", "Content-Type: application/json", body), 415))
          .isEqualTo("415102");
    }
    assertThat(
            refused(
                () ->
                    post(
                        "/a/in",
                        "Content-Type: application/json; charset=utf-7",
                        "[1]".getBytes(UTF_8)),
                415))
        .isEqualTo("415102");
  }

  @Test
  void d2NothingIsFetchedForADocumentType() throws IOException {
    try (ServerSocket trap = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + trap.getLocalPort() + "/x";
      String[] bodies = {
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><a>&x;</a>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"" + url + "\">]><a>&x;</a>",
        "<!DOCTYPE a [<!ENTITY % x SYSTEM \"" + url + "\"> %x;]><a/>",
        "<!DOCTYPE a SYSTEM \"" + url + "\"><a/>",
        "<?xml version='1.0'?><!DOCTYPE s:Envelope><s:Envelope xmlns:s='urn:s'/>",
        "<!DOCTYPE a [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><a>&b;</a>",
        "<!DOCTYPE a [<!ENTITY a '" + "x".repeat(50_000) + "'>]><a>" + "&a;".repeat(500) + "</a>",
      };
      for (String body : bodies) {
        assertThat(refused(() -> xml(body), 400)).isEqualTo("400");
      }
      trap.setSoTimeout(50);
      boolean isTouched = true;
      try {
        trap.accept().close();
      } catch (SocketTimeoutException e) {
        isTouched = false;
      }
      assertThat(isTouched).isFalse();
    }
  }

  @Test
  void d2XmlThatIsTooMuchIsRefused() throws IOException {
    StringBuilder attributes = new StringBuilder();
    StringBuilder namespaces = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      attributes.append(" a").append(i).append("='1'");
      namespaces.append(" xmlns:n").append(i).append("='u'");
    }
    assertThat(refused(() -> xml("<a" + attributes + "/>"), 400)).isEqualTo("400");
    assertThat(refused(() -> xml("<a" + namespaces + "/>"), 400)).isEqualTo("400");
    assertThat(refused(() -> xml("<a>".repeat(1_000)), 400)).isEqualTo("400");
    assertThat(refused(() -> xml("<a>&undeclared;</a>"), 400)).isEqualTo("400106");
    byte[] cdata = ("<a><![CDATA[" + "x".repeat(2 * MIB) + "]]></a>").getBytes(UTF_8);
    Response response = post("/a/in", "Content-Type: text/xml", cdata);
    assertThat(response.status()).isEqualTo(400);
  }

  @Test
  void d2OtherEncodingsAreNotRead() throws IOException {
    String[] names = {"UTF-7", "IBM037", "UTF-16"};
    for (String name : names) {
      assertThat(refused(() -> xml("<?xml version=\"1.0\" encoding=\"" + name + "\"?><a/>"), 415))
          .isEqualTo("415102");
    }
    byte[] ebcdic = "<?xml version='1.0'?><a/>".getBytes(Charset.forName("IBM037"));
    assertThat(refused(() -> post("/a/in", "Content-Type: application/xml", ebcdic), 415))
        .isEqualTo("415102");
  }

  @ParameterizedTest
  @ValueSource(strings = {"chunked", "snappy", "compress", "gzip, gzip, gzip", "br;q=1"})
  void a23OtherCodingsAreNotRead(String coding) throws IOException {
    String fields = "Content-Type: application/json\r\nContent-Encoding: " + coding;
    assertThat(refused(() -> post("/a/in", fields, "[1]".getBytes(UTF_8)), 415))
        .isEqualTo("415101");
  }

  /** What writes a coding. */
  private interface Coding {
    OutputStream over(OutputStream out) throws IOException;
  }

  private static byte[] coded(Coding coding, byte[] piece, int times) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = coding.over(bytes)) {
      for (int i = 0; i < times; i++) {
        out.write(piece);
      }
    }
    return bytes.toByteArray();
  }

  private static Map<String, Coding> codings() {
    Map<String, Coding> codings = new LinkedHashMap<>();
    codings.put("gzip", GZIPOutputStream::new);
    codings.put("br", BrotliOutputStream::new);
    codings.put("zstd", ZstdOutputStream::new);
    return codings;
  }

  @Test
  void a24BombsEndAtTheRatio() throws IOException {
    byte[] blanks = new byte[MIB];
    Arrays.fill(blanks, (byte) ' ');
    for (Map.Entry<String, Coding> coding : codings().entrySet()) {
      byte[] bomb = coded(coding.getValue(), blanks, 512);
      String fields = "Content-Type: application/json\r\nContent-Encoding: " + coding.getKey();
      assertThat(refused(() -> post("/a/in", fields, bomb), 413)).isEqualTo("413103");
      byte[] twice = coded(GZIPOutputStream::new, bomb, 1);
      assertThat(refused(() -> post("/a/in", fields + ", gzip", twice), 413)).isEqualTo("413103");

      origin.on("/bomb", (_, connection) -> connection.reply("200 OK", fields + "\r\n", bomb));
      assertThat(Problems.assertProblem(tollgate.get("/a/bomb"), 502).path("code").asString())
          .isEqualTo("101511");
    }
    byte[] giant = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) 0x88, 1, 0, 0}; // 128 MiB
    String fields = "Content-Type: application/json\r\nContent-Encoding: zstd";
    assertThat(refused(() -> post("/a/in", fields, giant), 400)).isEqualTo("400106");
    assertThat(tollgate.metrics().sum("tollgate_direct_memory_bytes"))
        .isLessThan(HEAP_MIB * (double) MIB);
  }

  @Test
  void d6ACodedBodyIsJudgedAsThePlainOneAndPassesAsItCame() throws IOException {
    for (Map.Entry<String, Coding> coding : codings().entrySet()) {
      String fields = "Content-Type: application/json\r\nContent-Encoding: " + coding.getKey();
      byte[] good = coded(coding.getValue(), "[1,2,3]".getBytes(UTF_8), 1);
      assertThat(post("/a/in", fields, good).status()).isEqualTo(200);
      assertThat(origin.last().body()).isEqualTo(good);
      byte[] bad = coded(coding.getValue(), "[".repeat(30).getBytes(UTF_8), 1);
      assertThat(refused(() -> post("/a/in", fields, bad), 400)).isEqualTo("400");
    }
  }

  @Test
  void d6AWrongTypeIsWhatThePolicySays() throws IOException {
    byte[] deep = "[".repeat(100).getBytes(UTF_8);
    assertThat(post("/a/in", "Content-Type: text/plain", deep).status()).isEqualTo(200);
    assertThat(refused(() -> post("/h/in", "Content-Type: text/plain", deep), 400))
        .isEqualTo("400");
    assertThat(refused(() -> post("/h/in", "X-A: b", deep), 400)).isEqualTo("400");
    assertThat(refused(() -> post("/s/in", "Content-Type: text/plain", deep), 415))
        .isEqualTo("415100");
    assertThat(refused(() -> post("/s/in", "X-A: b", deep), 415)).isEqualTo("415100");
    assertThat(
            refused(() -> post("/a/in", "Content-Type: application/json, text/plain", deep), 415))
        .isEqualTo("415100");
  }

  @Test
  void d6AGetWithABodyIsLikeOthers() throws IOException {
    Mark before = origin.mark();
    Response response =
        RawClient.once(
            tollgate.port(),
            "GET /a/in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: 2\r\n\r\n[,");
    Problems.assertProblem(response, 400);
    assertThat(origin.since(before)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"8, 0", "16, 0", "32, 0", "63, 0", "64, 1", "128, 1", "1024, 1"})
  void d7NoPaddingLetsABadEndThrough(int kibibytes, int begun) throws IOException {
    byte[] body = ("[\"" + "x".repeat(kibibytes * 1024) + "\",]").getBytes(UTF_8);
    Mark before = origin.mark();
    Response response = post("/a/in", "Content-Type: application/json", body);
    assertThat(Problems.assertProblem(response, 400).path("code").asString()).isEqualTo("400106");
    // From 64 KiB on a backend may have heard of it; it has no whole request.
    assertThat(origin.bytesSince(before)).isLessThan(begun == 0 ? 1 : body.length + 1000);
    assertThat(origin.since(before))
        .allSatisfy(request -> assertThat(request.body().length).isLessThan(body.length));

    Response held = post("/h/held", "Content-Type: application/json", body);
    assertThat(Problems.assertProblem(held, 400).path("code").asString()).isEqualTo("400106");
    assertThat(origin.requests("/held")).isEmpty();
  }

  @Test
  void aWholeBodyThatIsGoodPassesByteForByte() throws IOException {
    StringBuilder text = new StringBuilder("[\"begin\"");
    for (int i = 0; text.length() < 400 * 1024; i++) {
      text.append(",[\"a text that is the one with the number ")
          .append(i)
          .append(" \u00e4\u20ac\",")
          .append(i)
          .append(".50]");
    }
    byte[] body = text.append("]").toString().getBytes(UTF_8);
    for (String target : new String[] {"/a/in", "/h/in"}) {
      assertThat(post(target, "Content-Type: application/json", body).status()).isEqualTo(200);
      assertThat(origin.last().body()).isEqualTo(body);
    }
    byte[] latin = "<?xml version='1.0' encoding='ISO-8859-1'?><a>\u00e4</a>".getBytes(ISO_8859_1);
    assertThat(post("/a/in", "Content-Type: text/xml", latin).status()).isEqualTo(200);
    assertThat(origin.last().body()).isEqualTo(latin);
  }

  @Test
  void aBadAnswerIsTheBackendsFault() throws IOException {
    origin.on(
        "/bad",
        (_, connection) ->
            connection.reply(
                "200 OK", "Content-Type: application/json\r\n", "[1,]".getBytes(UTF_8)));
    assertThat(Problems.assertProblem(tollgate.get("/a/bad"), 502).path("code").asString())
        .isEqualTo("101511");
    origin.on(
        "/good",
        (_, connection) ->
            connection.reply(
                "200 OK", "Content-Type: application/json\r\n", "[1]".getBytes(UTF_8)));
    assertThat(tollgate.get("/a/good").text()).isEqualTo("[1]");
  }
}
