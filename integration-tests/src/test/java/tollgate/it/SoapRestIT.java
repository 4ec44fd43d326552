package tollgate.it;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
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

/**
 * The example of {@code docs/soap.md}, over sockets: a SOAP service as JSON, and that JSON as SOAP
 * again.
 */
final class SoapRestIT {
  private static final Path PAGE = Path.of("..", "docs", "soap.md");
  private static final Pattern EXAMPLE =
      Pattern.compile("^```\\w+ example (\\S+)\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

  private static final String NS11 = "http://schemas.xmlsoap.org/soap/envelope/";
  private static final String NS12 = "http://www.w3.org/2003/05/soap-envelope";
  private static final String CRM = "urn:example:crm";
  private static final List<LeanOrigin.Request> REQUESTS = new CopyOnWriteArrayList<>();

  private static final String OPENAPI =
      """
      openapi: 3.1.0
      info: {title: described, version: "1"}
      paths:
        /customers/{id}:
          get:
            operationId: get
            parameters: [{name: id, in: path, required: true, schema: {type: string}}]
            responses:
              "200":
                content:
                  application/json:
                    schema:
                      type: object
                      required: [customer]
                      properties:
                        customer:
                          type: object
                          required: [id, phone, mails]
                          properties:
                            id: {type: string, minLength: 3}
                            active: {type: integer}
                            phone: {type: array, items: {type: string}}
                            mails: {type: array, items: {type: string}}
              4XX: {content: {application/problem+json: {}}}
              5XX: {content: {application/problem+json: {}, text/html: {}}}
      """;

  private static LeanOrigin service;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    service = LeanOrigin.start(SoapRestIT::serve);
    Tollgate.Setup setup = Tollgate.setup();
    for (MatchResult example : EXAMPLE.matcher(Files.readString(PAGE)).results().toList()) {
      String text =
          example
              .group(2)
              .replace("127.0.0.1:9000", "127.0.0.1:" + service.port())
              .replace("127.0.0.1:9001", "127.0.0.1:@http@");
      if (example.group(1).equals("gateway.yaml")) {
        continue;
      }
      if (example.group(1).startsWith("conf.d/")) {
        setup.apis(text);
      } else {
        setup.file(example.group(1), text);
      }
    }
    setup.file("openapi.yaml", OPENAPI);
    setup.file(
        "conf.d/described.yaml",
        api(
            "described",
            "/described",
            "crm-service",
            "openapi: openapi.yaml",
            "validate: {request: enforce, response: enforce}",
            "operations:",
            "  - {id: get, match: 'GET /customers/{id}', soap: {element: GetCustomer, namespace: 'urn:example:crm'}}"));
    tollgate = setup.start();
  }

  @AfterAll
  static void stop() throws IOException {
    if (tollgate != null) {
      assertThat(tollgate.metrics().sum("tollgate_requests_total", "outcome", "internal")).isZero();
      tollgate.close();
    }
    if (service != null) {
      service.close();
    }
  }

  @BeforeEach
  void forget() {
    REQUESTS.clear();
  }

  /** What a customer service does. */
  private static void serve(LeanOrigin.Request request, Socket socket) throws IOException {
    REQUESTS.add(request);
    String body = new String(request.body(), UTF_8);
    boolean is12 = body.contains(NS12);
    String ns = is12 ? NS12 : NS11;
    String type = is12 ? "application/soap+xml" : "text/xml";
    if (body.contains("<id>404</id>")) {
      answer(
          socket,
          500,
          type,
          envelope(
              ns,
              "<e:Fault><faultcode>e:Server</faultcode><faultstring>nobody &amp; nothing</faultstring>"
                  + "<detail><c:CustomerNotFound xmlns:c='urn:example:crm'><c:id>404</c:id>"
                  + "</c:CustomerNotFound></detail></e:Fault>"),
          UTF_8,
          false);
    } else if (body.contains("<id>500</id>")) {
      answer(
          socket,
          500,
          type,
          envelope(
              ns,
              "<e:Fault><faultcode>e:Server</faultcode><faultstring>at Db.java</faultstring></e:Fault>"),
          UTF_8,
          false);
    } else if (body.contains("<id>503</id>")) {
      answer(socket, 503, "text/html", "<p>down</p>", UTF_8, false);
    } else if (body.contains("CreateCustomer")) {
      answer(
          socket,
          200,
          type,
          envelope(
              ns,
              "<x:CreateCustomerResponse xmlns:x='urn:example:crm'><x:id>9</x:id></x:CreateCustomerResponse>"),
          UTF_8,
          false);
    } else {
      boolean isCoded = body.contains("<id>gzip</id>");
      Charset charset = body.contains("<id>utf16</id>") ? UTF_16 : UTF_8;
      answer(
          socket,
          200,
          type,
          envelope(
              ns,
              "<x:GetCustomerResponse xmlns:x='urn:example:crm'><x:customer><x:id>007</x:id>"
                  + "<x:name>\u00dcnal</x:name><x:active>1</x:active><x:phone>555-1</x:phone>"
                  + "</x:customer></x:GetCustomerResponse>"),
          charset,
          isCoded);
    }
  }

  private static String envelope(String ns, String body) {
    return "<e:Envelope xmlns:e='" + ns + "'><e:Body>" + body + "</e:Body></e:Envelope>";
  }

  private static void answer(
      Socket socket, int status, String type, String text, Charset charset, boolean isCoded)
      throws IOException {
    byte[] plain = text.getBytes(charset);
    byte[] bytes = isCoded ? gzip(plain) : plain;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        Bytes.of(
            "HTTP/1.1 "
                + status
                + " X\r\nContent-Type: "
                + type
                + "; charset="
                + charset.name()
                + (isCoded ? "\r\nContent-Encoding: gzip" : "")
                + "\r\nContent-Length: "
                + bytes.length
                + "\r\n\r\n"));
    out.writeBytes(bytes);
    socket.getOutputStream().write(out.toByteArray());
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(coded)) {
      out.write(plain);
    }
    return coded.toByteArray();
  }

  private static Response post(String path, String type, byte[] body, String... more)
      throws IOException {
    try (RawClient client = tollgate.client()) {
      client.send(
          "POST "
              + path
              + " HTTP/1.1\r\nHost: x\r\nContent-Type: "
              + type
              + "\r\nContent-Length: "
              + body.length
              + "\r\n"
              + String.join("", more)
              + "\r\n");
      return client.send(body).read();
    }
  }

  private static String text(Response response) {
    return new String(response.body(), UTF_8);
  }

  @ParameterizedTest
  @CsvSource({"7", "gzip", "utf16"})
  void aServiceOfSoapIsJson(String id) throws IOException {
    Response response = tollgate.get("/crm/v1/customers/" + id + "?x=1", "X-Tenant: t1");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("Content-Type")).isEqualTo("application/json");
    assertThat(text(response))
        .isEqualTo(
            "{\"customer\":{\"id\":7,\"name\":\"\u00dcnal\",\"active\":true,\"phone\":[\"555-1\"]}}");
    LeanOrigin.Request sent = REQUESTS.getFirst();
    assertThat(sent.method()).isEqualTo("POST");
    assertThat(sent.target()).isEqualTo("/services/crm");
    assertThat(sent.header("SOAPAction")).isEqualTo("\"urn:example:crm#GetCustomer\"");
    assertThat(sent.header("Content-Type")).isEqualTo("text/xml; charset=utf-8");
    assertThat(new String(sent.body(), UTF_8))
        .isEqualTo(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope xmlns:soap=\""
                + NS11
                + "\"><soap:Header><h:Tenant xmlns:h=\""
                + CRM
                + "\">t1</h:Tenant></soap:Header><soap:Body><GetCustomer xmlns=\""
                + CRM
                + "\"><id>"
                + id
                + "</id></GetCustomer></soap:Body></soap:Envelope>");
  }

  @Test
  void theOpenApiFileSaysTypesToo() throws IOException {
    Response response = tollgate.get("/described/customers/7");
    assertThat(text(response))
        .isEqualTo(
            "{\"customer\":{\"id\":\"007\",\"name\":\"\u00dcnal\",\"active\":1,\"phone\":[\"555-1\"],"
                + "\"mails\":[]}}");
    assertThat(response.status()).isEqualTo(200);
    assertThat(tollgate.get("/described/customers/404").status()).isEqualTo(502);
  }

  @Test
  void bodiesAreSentInTheOrderOfTheSchema() throws IOException {
    Response response =
        post(
            "/crm/v1/customers",
            "application/json",
            gzip("{\"phone\":[\"1\",\"2\"],\"name\":\"A<\"}".getBytes(UTF_8)),
            "Content-Encoding: gzip\r\n");
    assertThat(text(response)).isEqualTo("{\"id\":9}");
    LeanOrigin.Request sent = REQUESTS.getFirst();
    assertThat(sent.header("Content-Type"))
        .isEqualTo(
            "application/soap+xml; charset=utf-8; action=\"urn:example:crm#CreateCustomer\"");
    assertThat(sent.header("Content-Encoding")).isEmpty();
    assertThat(new String(sent.body(), UTF_8))
        .contains(NS12)
        .contains("<name>A&lt;</name><phone>1</phone><phone>2</phone>");
  }

  @ParameterizedTest
  @CsvSource({
    "404, 404, application/problem+json, nobody & nothing",
    "500, 502, application/problem+json, answered with a fault",
    "503, 503, text/html; charset=UTF-8, down",
  })
  void faultsAreStatuses(String id, int status, String type, String told) throws IOException {
    Response response = tollgate.get("/crm/v1/customers/" + id);
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.header("Content-Type")).isEqualTo(type);
    assertThat(text(response)).contains(told).doesNotContain("Db.java");
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, '[]', 400",
    "application/json, '{\"a\":', 400",
    "application/xml, <a/>, 415",
    "text/xml, '<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><a>&e;</a>', 400",
    "application/json; charset=utf-7, '{}', 415",
    "image/png, x, 415",
  })
  void whatIsNoJsonGoesNowhere(String type, String body, int status) throws IOException {
    assertThat(post("/crm/v1/customers", type, body.getBytes(UTF_8)).status()).isEqualTo(status);
    assertThat(REQUESTS).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "text/xml, http://schemas.xmlsoap.org/soap/envelope/",
    "application/soap+xml, http://www.w3.org/2003/05/soap-envelope",
  })
  void jsonIsAServiceOfSoapAgain(String type, String ns) throws IOException {
    byte[] sent =
        envelope(ns, "<c:GetCustomer xmlns:c='" + CRM + "'><c:id>7</c:id></c:GetCustomer>")
            .getBytes(UTF_8);
    Response response =
        post("/crm-soap/service", type, sent, "SOAPAction: \"urn:example:crm#GetCustomer\"\r\n");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("Content-Type")).isEqualTo(type + "; charset=utf-8");
    assertThat(text(response))
        .isEqualTo(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope xmlns:soap=\""
                + ns
                + "\"><soap:Body><GetCustomerResponse xmlns=\""
                + CRM
                + "\"><customer><id>7</id><name>\u00dcnal</name><active>true</active>"
                + "<phone>555-1</phone></customer></GetCustomerResponse></soap:Body></soap:Envelope>");
  }

  @Test
  void anEnvelopeInUtf16IsReadToo() throws IOException {
    byte[] sent =
        envelope(NS11, "<CreateCustomer xmlns='" + CRM + "'><name>\u00dc</name></CreateCustomer>")
            .getBytes(UTF_16);
    Response response = post("/crm-soap/service", "text/xml; charset=utf-16", sent);
    assertThat(text(response)).contains("<CreateCustomerResponse xmlns=\"" + CRM + "\"><id>9</id>");
    assertThat(new String(REQUESTS.getFirst().body(), UTF_8)).contains("<name>\u00dc</name>");
  }

  @ParameterizedTest
  @CsvSource({
    "404, Client.404, nobody &amp; nothing",
    "500, Server.502, The backend answered 502.",
    "503, Server.503, The backend answered 503.",
  })
  void errorsAreFaults(String id, String code, String reason) throws IOException {
    byte[] sent =
        envelope(NS11, "<GetCustomer xmlns='" + CRM + "'><id>" + id + "</id></GetCustomer>")
            .getBytes(UTF_8);
    Response response = post("/crm-soap/service", "text/xml", sent);
    assertThat(response.status()).isEqualTo(500);
    assertThat(text(response))
        .contains("<faultcode>soap:" + code + "</faultcode>")
        .contains("<faultstring>" + reason + "</faultstring>");
  }

  @ParameterizedTest
  @CsvSource({
    "text/xml, <GetCustomer xmlns='urn:example:crm'><id>../admin</id></GetCustomer>, 500, Client",
    "text/xml, <GetCustomer xmlns='urn:example:crm'><id>..</id></GetCustomer>, 500, Client",
    "text/xml, <GetCustomer xmlns='urn:example:crm'><id/></GetCustomer>, 500, Client",
    "text/xml, <GetCustomer xmlns='urn:example:crm'/>, 500, Client",
    "text/xml, <GetCustomer/>, 500, Client",
    "text/xml, <A/><B/>, 500, Client",
    "text/xml, '', 500, Client",
    "application/soap+xml, <GetCustomer/>, 400, ''",
    "application/json, <GetCustomer/>, 400, ''",
    "image/png, <GetCustomer/>, 415, ''",
  })
  void whatIsNotUnderstoodGoesNowhere(String type, String body, int status, String code)
      throws IOException {
    Response response =
        post(
            "/crm-soap/service",
            type,
            envelope(NS11, body).getBytes(UTF_8),
            "SOAPAction: \"\"\r\n");
    assertThat(response.status()).isEqualTo(status);
    assertThat(text(response)).contains(code.isEmpty() ? "" : "<faultcode>soap:" + code);
    assertThat(REQUESTS).isEmpty();
  }

  @Test
  void anActionThatIsNotTheElementsIsRefused() throws IOException {
    Response response =
        post(
            "/crm-soap/service",
            "text/xml",
            envelope(NS11, "<CreateCustomer xmlns='" + CRM + "'><name>x</name></CreateCustomer>")
                .getBytes(UTF_8),
            "SOAPAction: \"urn:example:crm#GetCustomer\"\r\n");
    assertThat(response.status()).isEqualTo(500);
    assertThat(text(response)).contains("The action is not that of the element");
    assertThat(REQUESTS).isEmpty();
  }

  @Test
  void documentTypesAreRefused() throws IOException {
    Response response =
        post(
            "/crm-soap/service",
            "text/xml",
            Bytes.of(
                "<!DOCTYPE e [<!ENTITY x SYSTEM \"http://127.0.0.1:"
                    + service.port()
                    + "/\">]>"
                    + envelope(
                        NS11, "<GetCustomer xmlns='" + CRM + "'><id>&x;</id></GetCustomer>")),
            "SOAPAction: \"\"\r\n");
    assertThat(response.status()).isEqualTo(400);
    assertThat(text(response)).contains("s:Client").doesNotContain("SYSTEM");
    assertThat(REQUESTS).isEmpty();
  }
}
