package tollgate.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.it.PayloadRows.Row;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.OriginRequest;
import tollgate.it.harness.Problems;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.SystemCalls;
import tollgate.it.harness.Tollgate;

/**
 * A23, A24, D1, D2, D4, D6 and D7 against each step that looks into bodies: what is refused no
 * origin hears of, what passes a check passes byte for byte, nothing is opened and nothing fetched.
 */
final class PayloadRowsIT {
  /** From here on an origin hears of a body that is looked at as it passes, unless it is held. */
  private static final int HEARD_BYTES = 64 * 1024;

  private static final String TRAP = "http://127.0.0.1:1/trap";

  private static RecordingOrigin origin;
  private static Tollgate tollgate;
  private static int sent;

  @BeforeAll
  static void start() throws IOException {
    Brotli4jLoader.ensureAvailability();
    origin = RecordingOrigin.start();
    tollgate =
        Tollgate.setup()
            .javaOption("-Xmx128m")
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
                    request: [structuralLimits: {}]
                    response: [structuralLimits: {}]
                    ---
                    kind: Policy
                    name: held
                    request: [structuralLimits: {hold: true}]
                    """
                    + api("limits", "/limits", "u", "policies: [limits]")
                    + api("held", "/held", "u", "policies: [held]")
                    + api(
                        "convert",
                        "/convert",
                        "u",
                        "messages: {convert: {request: xml, response: json}}")
                    + api("json", "/json", "u", schema("jsonSchema: s/role.json"))
                    + api("xml", "/xml", "u", schema("xsd: s/a.xsd")))
            .start();
  }

  private static String schema(String rules) {
    return "validate: {maxBody: 4MiB, request: {" + rules + "}}";
  }

  @AfterAll
  static void stop() throws IOException {
    if (tollgate != null) {
      assertThat(tollgate.metrics().sum("tollgate_requests_total", "outcome", "internal")).isZero();
      tollgate.close();
    }
    if (origin != null) {
      origin.close();
    }
  }

  static List<Row> rows() {
    return PayloadRows.all("/nowhere/trap", TRAP);
  }

  private static Response send(String method, String target, String fields, byte[] body)
      throws IOException {
    try (RawClient client = tollgate.client()) {
      client.send(
          method
              + " "
              + target
              + " HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n"
              + fields
              + "Content-Length: "
              + body.length
              + "\r\n\r\n");
      try {
        client.send(body);
      } catch (IOException _) {
        // answered before it was all there
      }
      return client.read();
    }
  }

  private static void assertOutcome(String method, String target, Row row, String expected)
      throws IOException {
    // What an origin hears of one request it may hear when the next has been sent.
    String mark = "request=" + sent++;
    Response response = send(method, target + "?" + mark, row.fields(), row.body());
    List<OriginRequest> heardOf =
        origin.requests().stream().filter(heard -> heard.target().endsWith(mark)).toList();
    if (expected.equals("pass")) {
      assertThat(response.status()).as("%s: %s", target, response.text()).isEqualTo(200);
      assertThat(heardOf).hasSize(1);
      if (!target.startsWith("/convert")) {
        assertThat(heardOf.getFirst().body()).as("the bytes that came").isEqualTo(row.body());
      }
      return;
    }
    int status = Integer.parseInt(expected.substring(0, 3));
    assertThat(Problems.assertProblem(response, status).path("code").asString())
        .as("%s: %s", target, response.text())
        .isEqualTo(expected);
    if (target.startsWith("/limits") && row.body().length >= HEARD_BYTES) {
      assertThat(heardOf) // it may have heard of it, but not to its end
          .allSatisfy(heard -> assertThat(heard.body().length).isLessThan(row.body().length));
    } else {
      assertThat(heardOf).as("heard by the origin").isEmpty();
    }
  }

  private static String schemaFor(Row row) {
    return row.fields().toLowerCase(java.util.Locale.ROOT).contains("xml") ? "/xml/in" : "/json/in";
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isRefusedOrPassesWhole(Row row) throws IOException {
    for (String method : new String[] {"POST", "GET"}) { // a body of GET is a body
      assertOutcome(method, "/limits/in", row, row.limits());
      assertOutcome(method, "/held/in", row, row.limits());
      assertOutcome(method, schemaFor(row), row, row.schema());
    }
    // A conversion answers in what the backend sends, which has to be one of its formats.
    if (!row.convert().equals("pass")) {
      assertOutcome("POST", "/convert/in", row, row.convert());
    }
  }

  /** Linear, whatever it is: hostile bodies cost about what their bytes cost. */
  @Test
  void noneCostsMuchMoreThanItsBytes() throws IOException {
    List<Row> all =
        rows().stream().filter(row -> !row.fields().contains("Content-Encoding")).toList();
    byte[] ordinary = Bytes.of("[" + "\"an ordinary text\",".repeat(3_000) + "1]");
    String json = "Content-Type: application/json\r\n";
    for (int i = 0; i < 100; i++) {
      assertThat(send("POST", "/json/in", json, ordinary).status()).isEqualTo(200);
    }
    Duration before = processorTime();
    long bytes = 0;
    for (Row row : all) {
      Response _ = send("POST", "/limits/in", row.fields(), row.body());
      Response _ = send("POST", schemaFor(row), row.fields(), row.body());
      bytes += 2L * row.body().length;
    }
    Duration between = processorTime();
    for (long sent = 0; sent < bytes; sent += ordinary.length) {
      Response _ = send("POST", "/json/in", json, ordinary);
    }
    Duration ofOrdinary = processorTime().minus(between);
    // Quadratic ones would cost thousands of times as much.
    assertThat(between.minus(before)).isLessThan(ofOrdinary.multipliedBy(10).plusSeconds(2));
  }

  private static Duration processorTime() {
    return tollgate.process().info().totalCpuDuration().orElseThrow();
  }

  /** D7: what stands behind much padding is seen, or the body refused as too large. */
  @ParameterizedTest
  @ValueSource(ints = {8, 16, 32, 64, 128, 1024, 5000})
  void noPaddingHidesWhatIsForbidden(int kibibytes) throws IOException {
    String padding = "x".repeat(kibibytes * 1024);
    boolean isTooLarge = kibibytes > 4096; // validate.maxBody
    Row twice =
        row("application/json", "{\"p\":\"" + padding + "\",\"role\":\"user\",\"role\":\"admin\"}");
    assertOutcome("POST", "/held/in", twice, "400");
    assertOutcome("POST", "/convert/in", twice, "400106");
    assertOutcome("POST", "/json/in", twice, isTooLarge ? "413100" : "400106");
    Row forbidden = row("application/json", "{\"p\":\"" + padding + "\",\"role\":\"admin\"}");
    assertOutcome("POST", "/json/in", forbidden, isTooLarge ? "413100" : "400110");
    Row entity = row("application/xml", "<a><b>" + padding + "</b>&e;</a>");
    assertOutcome("POST", "/convert/in", entity, "400106");
    assertOutcome("POST", "/xml/in", entity, isTooLarge ? "413100" : "400106");
    Row another = row("application/xml", "<b>" + padding + "</b>");
    assertOutcome("POST", "/xml/in", another, isTooLarge ? "413100" : "400110");
  }

  private static Row row(String type, String body) {
    return new Row("padded", "Content-Type: " + type + "\r\n", body.getBytes(UTF_8), "", "", "");
  }

  /** D4: there as XML and back again, the same JSON. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":[1]}",
        "{\"a\":[[]],\"b\":[[1],[]]}",
        "{\"n\":007e1}",
        "{\"n\":[0.070,-0,9223372036854775808,1E+2]}",
        "{\"__proto__\":{\"x\":1},\"constructor\":{\"prototype\":{}}}",
        "{\"@id\":\"7\",\"$\":\"t\",\"#text\":\"u\",\"id\":7}",
        "{\"xmlns\":\"u\",\"@xmlns:p\":\"v\",\"p:a\":1,\"xml\":2}",
        "{\"\":0,\" \":1,\"a b\":2,\"<\":3,\"&amp;\":4}",
        "{\"s\":[\"007\",\"\",\" \",\"<a/>&\",\"\\u0000\",\"\\ud83d\\ude00\",\"]]>\"]}"
      })
  void jsonIsTheSameThereAndBack(String json) throws IOException {
    origin.on(
        "/back",
        (request, connection) ->
            connection.reply("200 OK", "Content-Type: application/xml\r\n", request.readBody()));
    Response response =
        send("POST", "/convert/back", "Content-Type: application/json\r\n", json.getBytes(UTF_8));
    if (json.contains("007e1")) { // no number
      Problems.assertProblem(response, 400);
    } else {
      assertThat(response.text()).isEqualTo(Bytes.text(json.getBytes(UTF_8)));
    }
  }

  /** A24, of a response. */
  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br", "zstd"})
  void aBombOfABackendIsABadGateway(String coding) throws IOException {
    byte[] bomb = PayloadRows.packed(coding, " ".repeat(64 * Bytes.MIB).getBytes(UTF_8));
    origin.on(
        "/bomb",
        (request, connection) -> {
          byte[] _ = request.readBody();
          connection.reply(
              "200 OK",
              "Content-Type: application/json\r\nContent-Encoding: " + coding + "\r\n",
              bomb);
        });
    for (String context : new String[] {"/limits", "/convert"}) {
      Problems.assertProblem(tollgate.get(context + "/bomb"), 502);
    }
  }

  /** D2, seen from outside: the process opens no such file and connects to no such port. */
  @Test
  void nothingIsOpenedAndNothingConnected() throws IOException {
    assumeTrue(SystemCalls.areVisible(), "strace is not there, or may not look at processes");
    Path file = Files.createTempFile("tollgate-xxe-", ".txt");
    try (ServerSocket trap = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      trap.setSoTimeout(1);
      Files.writeString(file, "secret");
      String url = "http://127.0.0.1:" + trap.getLocalPort() + "/trap";
      List<String> calls;
      try (SystemCalls seen = SystemCalls.of(tollgate.process())) {
        origin.closeConnections();
        for (Row row : PayloadRows.all(file.toString(), url)) {
          if (row.name().startsWith("D2")) {
            for (String target : new String[] {"/limits/in", "/convert/in", "/xml/in"}) {
              Response _ = send("POST", target, row.fields(), row.body());
            }
          }
        }
        tollgate.edit("conf.d/more.yaml", upstream("v", origin.port()));
        calls = seen.end();
      }
      // What it does open and connect to is seen.
      assertThat(calls).anyMatch(line -> line.contains("more.yaml"));
      assertThat(calls).anyMatch(line -> line.contains("htons(" + origin.port() + ")"));
      assertThat(calls)
          .noneMatch(line -> line.contains(file.getFileName().toString()))
          .noneMatch(line -> line.contains("htons(" + trap.getLocalPort() + ")"));
      assertThat(connects(calls)).allMatch(line -> line.contains("htons(" + origin.port() + ")"));
      org.assertj.core.api.Assertions.assertThatThrownBy(trap::accept)
          .isInstanceOf(SocketTimeoutException.class);
    } finally {
      Files.delete(file);
    }
  }

  private static Stream<String> connects(List<String> calls) {
    return calls.stream().filter(line -> line.contains(" connect(") && line.contains("sin"));
  }
}
