package tollgate.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.LeanOrigin;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/** The steps edit, template and status, over sockets. */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class TransformationIT {
  private static final List<LeanOrigin.Request> REQUESTS = new CopyOnWriteArrayList<>();

  private static final String POLICIES =
      """
      kind: Policy
      name: json
      request:
        - edit:
            remove: [$.debug]
            rename: {$.qty: count}
            set: {$.tenant: "${header:X-Tenant}"}
            headers: {X-Id: "${body:$.id}"}
            query: {id: "${body:$.id}"}
      response:
        - edit:
            remove: ["$..cost"]
            headers: {X-Total: "${body:$.total ?? none}"}
      ---
      kind: Policy
      name: xml
      request:
        - edit:
            namespaces: {o: "urn:o"}
            set: {/o:order/@tenant: "${header:X-Tenant}", /o:order/o:by: "${query:by}"}
            remove: [//o:debug]
      ---
      kind: Policy
      name: made
      request:
        - template: {type: application/xml, file: templates/order.xml}
      response:
        - template:
            type: application/json
            body: |
              {"status": ${status}, "lines": [${for l in body:/order/line}"${l:.}"${end}]}
        - status: {map: {404: 410, 5xx: 503}}
      """;

  private static LeanOrigin origin;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    origin =
        LeanOrigin.start((request, socket) -> {
          REQUESTS.add(request);
          String status = request.header("X-Echo-Status");
          byte[] body =
              request.header("X-Echo").isEmpty()
                  ? request.body()
                  : Bytes.of(request.header("X-Echo"));
          if (status.isEmpty()) {
            LeanOrigin.ok(socket, "Content-Type: " + request.header("X-Echo-Type") + "\r\n", body);
          } else {
            socket
                .getOutputStream()
                .write(
                    Bytes.of(
                        "HTTP/1.1 "
                            + status
                            + " S\r\nContent-Type: "
                            + request.header("X-Echo-Type")
                            + "\r\nContent-Length: "
                            + body.length
                            + "\r\n\r\n"));
            socket.getOutputStream().write(body);
          }
        });
    tollgate =
        Tollgate.setup()
            .file(
                "templates/order.xml",
                "<order by='${requestHeader:X-Tenant}'>${for l in body:$.lines}<line>${l:$}</line>${end}</order>\n")
            .apis(
                POLICIES
                    + upstream("u", origin.port())
                    + api("json", "/json", "u", "policies: [json]")
                    + api("xml", "/xml", "u", "policies: [xml]")
                    + api("made", "/made", "u", "policies: [made]")
                    + api(
                        "both",
                        "/both",
                        "u",
                        "policies: [json]",
                        "messages: {convert: {request: xml, response: json}}"))
            .start();
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

  @BeforeEach
  void forget() {
    REQUESTS.clear();
  }

  private static Response post(String path, String type, byte[] body, String... more)
      throws IOException {
    try (RawClient client = tollgate.client()) {
      client.send(
          "POST "
              + path
              + " HTTP/1.1\r\nHost: x\r\nX-Tenant: acme\r\nContent-Type: "
              + type
              + "\r\nContent-Length: "
              + body.length
              + "\r\n"
              + String.join("", more)
              + "\r\n");
      return client.send(body).read();
    }
  }

  private static String sent() {
    return new String(REQUESTS.getFirst().body(), UTF_8);
  }

  @Test
  void editsJsonBothWays() throws IOException {
    Response response =
        post(
            "/json/x?id=0&a=1",
            "application/json",
            Bytes.of("{\"id\":1.0,\"debug\":{},\"qty\":2,\"cost\":3,\"total\":\"9\"}"),
            "X-Id: forged\r\nX-Echo-Type: application/json\r\n");
    assertThat(sent())
        .isEqualTo("{\"id\":1.0,\"count\":2,\"cost\":3,\"total\":\"9\",\"tenant\":\"acme\"}");
    assertThat(REQUESTS.getFirst().header("X-Id")).isEqualTo("1.0");
    assertThat(REQUESTS.getFirst().target()).isEqualTo("/x?a=1&id=1.0");
    assertThat(new String(response.body(), UTF_8))
        .isEqualTo("{\"id\":1.0,\"count\":2,\"total\":\"9\",\"tenant\":\"acme\"}");
    assertThat(response.header("X-Total")).isEqualTo("9");
  }

  @ParameterizedTest
  @CsvSource({"utf-8", "utf-16", "iso-8859-1"})
  void readsCharsets(String charset) throws IOException {
    byte[] body = "{\"a\":\"é\"}".getBytes(Charset.forName(charset));
    post(
        "/json/x",
        "application/json; charset=" + charset,
        body,
        "X-Echo-Type: application/json\r\n");
    assertThat(sent()).isEqualTo("{\"a\":\"é\",\"tenant\":\"acme\"}");
    assertThat(REQUESTS.getFirst().header("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void editsXmlInItsCharset() throws IOException {
    post(
        "/xml/x?by=J%C3%BCrgen",
        "application/xml; charset=iso-8859-1",
        "<order xmlns='urn:o'><debug/>é</order>".getBytes(ISO_8859_1),
        "X-Echo-Type: application/xml\r\n");
    String sent = new String(REQUESTS.getFirst().body(), ISO_8859_1);
    assertThat(sent).contains("tenant=\"acme\"", "é", "Jürgen").doesNotContain("debug");
  }

  @Test
  void readsCodedAndChunkedBodies() throws IOException {
    post(
        "/json/x",
        "application/json",
        gzip("{\"a\":1}"),
        "Content-Encoding: gzip\r\nX-Echo-Type: application/json\r\n");
    assertThat(sent()).isEqualTo("{\"a\":1,\"tenant\":\"acme\"}");
    assertThat(REQUESTS.getFirst().header("Content-Encoding")).isEmpty();
    REQUESTS.clear();
    try (RawClient client = tollgate.client()) {
      client.send(
          "POST /json/x HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Echo-Type: application/json\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n");
      client.send(Bytes.chunked(Bytes.of("{\"a\":[1,2,3],\"tenant\":\"forged\"}"), 3)).read();
    }
    assertThat(sent()).isEqualTo("{\"a\":[1,2,3]}");
  }

  @Test
  void editsBeforeRequestsAreConvertedAndBehindAnswers() throws IOException {
    Response response =
        post(
            "/both/x",
            "application/json",
            Bytes.of("{\"qty\":1}"),
            "X-Echo-Type: application/xml\r\n");
    assertThat(sent()).startsWith("<").contains("count", "acme");
    assertThat(new String(response.body(), UTF_8)).isEqualTo("{\"count\":1,\"tenant\":\"acme\"}");
  }

  @Test
  void makesBodies() throws IOException {
    Response response =
        post(
            "/made/x",
            "application/json",
            Bytes.of("{\"lines\":[1,\"<\"]}"),
            "X-Echo-Type: application/xml\r\n");
    assertThat(sent()).isEqualTo("<order by='acme'><line>1</line><line>&lt;</line></order>");
    assertThat(REQUESTS.getFirst().header("Content-Type")).isEqualTo("application/xml");
    assertThat(new String(response.body(), UTF_8).strip())
        .isEqualTo("{\"status\": 200, \"lines\": [\"1\",\"<\"]}");
  }

  @ParameterizedTest
  @CsvSource({"404, 410", "500, 503", "400, 400"})
  void mapsStatuses(int status, int expected) throws IOException {
    Response response =
        post(
            "/made/x",
            "application/json",
            Bytes.of("{}"),
            "X-Echo-Type: text/html\r\nX-Echo: down\r\nX-Echo-Status: " + status + "\r\n");
    assertThat(response.status()).isEqualTo(expected);
    assertThat(new String(response.body(), UTF_8)).isEqualTo("down");
  }

  @ParameterizedTest
  @CsvSource({
    "/json/x, application/json, '{\"a\":', 400",
    "/json/x, application/json, '{\"id\":\"a\\r\\nX-Evil: 1\"}', 400",
    "/json/x, application/json, '{\"id\":\"\\u20ac\"}', 400",
    "/json/x, application/xml, <a/>, 415",
    "/json/x, image/png, x, 415",
    "/json/x, multipart/form-data; boundary=b, '--b--', 415",
    "/xml/x, application/json, '{}', 415",
    "/xml/x, application/xml, '<!DOCTYPE a><a/>', 400",
    "/made/x, application/json, '{\"lines\":[\"\\u0000\"]}', 400",
  })
  void theCallersMistakesGoNowhere(String path, String type, String body, int status)
      throws IOException {
    Response response = post(path, type, body.getBytes(UTF_8));
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.header("X-Evil")).isNull();
    assertThat(REQUESTS).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"application/json, '{'", "application/xml, <a/>", "image/png, x"})
  void aBackendsMistakeIsABadGateway(String type, String body) throws IOException {
    Response response =
        post(
            "/json/x",
            "application/json",
            Bytes.of("{}"),
            "X-Echo-Type: " + type + "\r\nX-Echo: " + body + "\r\n");
    assertThat(response.status()).isEqualTo(502);
    assertThat(new String(response.body(), UTF_8)).contains("\"101511\"");
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(coded)) {
      out.write(text.getBytes(UTF_8));
    }
    return coded.toByteArray();
  }
}
