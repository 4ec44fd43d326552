package tollgate.handlers.convert;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.config.model.OperationMatch;
import tollgate.config.model.PathTemplate;
import tollgate.config.model.RestConfig;
import tollgate.config.model.SoapConfig;
import tollgate.core.chain.MessageRules;
import tollgate.core.fault.FaultStyle;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Stage;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.message.MessageFormats;
import tollgate.core.message.PayloadLimits;
import tollgate.core.port.Offload;
import tollgate.core.telemetry.ExchangeRecord;
import tollgate.core.testkit.FakeUpstream;
import tollgate.core.testkit.TestExchange;

/** SOAP of JSON, and JSON of SOAP. */
class SoapHandlersTest {
  private static final String NS11 = "http://schemas.xmlsoap.org/soap/envelope/";
  private static final String NS12 = "http://www.w3.org/2003/05/soap-envelope";
  private static final FieldName SOAP_ACTION = FieldName.of("SOAPAction");

  private static TestExchange exchange(Method method, String path, String template, Handler it) {
    return TestExchange.request(method, "/api" + path)
        .operation(template)
        .messages(
            new MessageRules(
                MessageFormats.builtIn(),
                PayloadLimits.DEFAULT,
                Offload.here(),
                FaultStyle.PROBLEM))
        .handler(Stage.CONTENT, it);
  }

  private static SoapConfig soap(SoapConfig.Version version, boolean isQualified) {
    return new SoapConfig(
        version,
        "urn:crm#Get",
        "/services/crm",
        "Get",
        "urn:crm",
        isQualified,
        null,
        Map.of("id", "customerId", "page", "page"),
        Map.of("X-Tenant", new SoapConfig.Block("Tenant", null, true)),
        Map.of("NotFound", 404, "Busy", 503, "Server.Odd", 418));
  }

  private static TestExchange rest(
      Method method, String path, SoapConfig.Version version, @Nullable String body) {
    TestExchange exchange =
        exchange(
            method,
            path,
            "/customers/{id}",
            new SoapBackendHandler(
                soap(version, true),
                PathTemplate.parse("/customers/{id}"),
                null,
                MessageTypes.NONE,
                1 << 20,
                Offload.here()));
    if (body == null) {
      return exchange.field("X-Tenant", "a<b").start();
    }
    return exchange
        .field("Content-Type", "application/json")
        .body(body.length())
        .start()
        .send(body)
        .sendEnd();
  }

  private static String envelope(String ns, String body) {
    return "<e:Envelope xmlns:e='" + ns + "'><e:Body>" + body + "</e:Body></e:Envelope>";
  }

  @Test
  void aRequestWithoutBodyBecomesAnEnvelope() {
    TestExchange exchange =
        rest(Method.GET, "/customers/a%20b?page=2&other=3&page=%3C", SoapConfig.Version.V11, null);
    FakeUpstream.Call call = exchange.upstream().call();
    assertThat(call.body())
        .isEqualTo(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope xmlns:soap=\""
                + NS11
                + "\"><soap:Header><h:Tenant xmlns:h=\"urn:crm\" soap:mustUnderstand=\"1\">a&lt;b</h:Tenant>"
                + "</soap:Header><soap:Body><Get xmlns=\"urn:crm\"><customerId>a b</customerId>"
                + "<page>2</page><page>&lt;</page></Get></soap:Body></soap:Envelope>");
    assertThat(call.head().method()).isEqualTo(Method.POST);
    assertThat(call.head().received().method()).isEqualTo(Method.GET);
    assertThat(call.head().path()).isEqualTo("/services/crm");
    assertThat(call.head().query()).isNull();
    assertThat(call.bodyLength()).isEqualTo(call.body().length());
    assertThat(call.head().fields().first(SOAP_ACTION)).isEqualTo("\"urn:crm#Get\"");
    assertThat(call.head().fields().first(FieldName.CONTENT_TYPE))
        .isEqualTo("text/xml; charset=utf-8");
    call.answer(
        200,
        envelope(NS11, "<x:GetResponse xmlns:x='urn:crm'><x:name>Ann</x:name></x:GetResponse>"),
        "Content-Type",
        "text/xml");
    assertThat(exchange.client().status()).isEqualTo(200);
    assertThat(exchange.client().body()).isEqualTo("{\"name\":\"Ann\"}");
    assertThat(exchange.client().head().fields().first(FieldName.CONTENT_TYPE))
        .isEqualTo("application/json");
  }

  @Test
  void version12NamesTheActionInItsType() {
    TestExchange exchange =
        rest(Method.PUT, "/customers/7", SoapConfig.Version.V12, "{\"customerId\":8,\"n\":[1,2]}");
    FakeUpstream.Call call = exchange.upstream().call();
    assertThat(call.head().fields().first(FieldName.CONTENT_TYPE))
        .isEqualTo("application/soap+xml; charset=utf-8; action=\"urn:crm#Get\"");
    assertThat(call.head().fields().contains(SOAP_ACTION)).isFalse();
    assertThat(call.body())
        .contains("<customerId>7</customerId><n>1</n><n>2</n>")
        .doesNotContain("8</");
    call.answer(200, envelope(NS12, ""), "Content-Type", "application/soap+xml");
    assertThat(exchange.client().body()).isEqualTo("{}");
  }

  @Test
  void elementsMayBeInNoNamespace() {
    TestExchange exchange =
        exchange(
                Method.GET,
                "/customers/7",
                "/customers/{id}",
                new SoapBackendHandler(
                    soap(SoapConfig.Version.V11, false),
                    PathTemplate.parse("/customers/{id}"),
                    null,
                    MessageTypes.NONE,
                    1 << 20,
                    Offload.here()))
            .start();
    assertThat(exchange.upstream().call().body())
        .contains("<m:Get xmlns:m=\"urn:crm\"><customerId>7</customerId></m:Get>");
    exchange.upstream().call().answer(202, "");
    assertThat(exchange.client().status()).isEqualTo(202);
  }

  @ParameterizedTest
  @CsvSource({
    "'[1]', application/json, 400",
    "'\"a\"', application/json, 400",
    "'{', application/json, 400",
    "'{\"1k\":1}', application/json, 400",
    "'{\"a\":\"\\u0000\"}', application/json, 400",
    "<a/>, application/xml, 415",
    "x, image/png, 415",
  })
  void whatIsNoObjectGoesNowhere(String body, String type, int status) {
    TestExchange exchange =
        exchange(
                Method.POST,
                "/customers/7",
                "/customers/{id}",
                new SoapBackendHandler(
                    soap(SoapConfig.Version.V11, true),
                    PathTemplate.parse("/customers/{id}"),
                    null,
                    MessageTypes.NONE,
                    1 << 20,
                    Offload.here()))
            .field("Content-Type", type)
            .body(body.length())
            .start()
            .send(body)
            .sendEnd();
    assertThat(exchange.client().status()).isEqualTo(status);
    assertThat(exchange.upstream().calls()).isEmpty();
  }

  @Test
  void headIsNoCall() {
    TestExchange exchange = rest(Method.HEAD, "/customers/7", SoapConfig.Version.V11, null);
    assertThat(exchange.client().status()).isEqualTo(405);
    assertThat(exchange.upstream().calls()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "e:Client, '', 400, true",
    "e:Client.NotFound, '', 404, true",
    "e:Server, '', 502, false",
    "e:Server, <detail><x:NotFound xmlns:x='urn:x'><id>7</id></x:NotFound></detail>, 404, true",
    "e:Server.Odd, '', 418, true",
    "x:Busy, '', 503, false",
    "e:MustUnderstand, '', 502, false",
    "'', '', 502, false",
  })
  void faultsAreStatuses(String code, String detail, int status, boolean isTold) {
    TestExchange exchange = rest(Method.GET, "/customers/7", SoapConfig.Version.V11, null);
    exchange
        .upstream()
        .call()
        .answer(
            500,
            envelope(
                NS11,
                "<e:Fault><faultcode>"
                    + code
                    + "</faultcode><faultstring>at Db.java:7</faultstring>"
                    + detail
                    + "</e:Fault>"),
            "Content-Type",
            "text/xml; charset=utf-8");
    assertThat(exchange.client().status()).isEqualTo(status);
    assertThat(exchange.client().head().fields().first(FieldName.CONTENT_TYPE))
        .isEqualTo("application/problem+json");
    String body = exchange.client().body();
    assertThat(body).contains("\"status\":" + status).contains("\"code\":\"101513\"");
    assertThat(body.contains("Db.java")).isEqualTo(isTold);
    assertThat(body.contains("\"detail\":{\"NotFound\":{\"id\":\"7\"}}"))
        .isEqualTo(!detail.isEmpty());
  }

  @Test
  void faultsOf12AreReadToo() {
    TestExchange exchange = rest(Method.GET, "/customers/7", SoapConfig.Version.V12, null);
    exchange
        .upstream()
        .call()
        .answer(
            400,
            envelope(
                NS12,
                "<e:Fault><e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value>m:NotFound"
                    + "</e:Value></e:Subcode></e:Code><e:Reason><e:Text>no</e:Text></e:Reason></e:Fault>"),
            "Content-Type",
            "application/soap+xml");
    assertThat(exchange.client().status()).isEqualTo(404);
    assertThat(exchange.client().body())
        .endsWith("\"detail\":\"no\",\"fault\":{\"code\":\"Sender\",\"subcode\":\"NotFound\"}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a/>",
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'/>",
        "<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'><e:Body><a/></e:Body></e:Envelope>",
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body><a/><b/></e:Body></e:Envelope>",
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Header><t e:mustUnderstand='1'/></e:Header><e:Body><a/></e:Body></e:Envelope>",
        "<!DOCTYPE a><a/>",
        "<a",
      })
  void answersThatAreNoneAreBadGateways(String answer) {
    TestExchange exchange = rest(Method.GET, "/customers/7", SoapConfig.Version.V11, null);
    exchange.upstream().call().answer(200, answer, "Content-Type", "text/xml");
    assertThat(exchange.client().status()).isEqualTo(502);
    assertThat(exchange.client().body()).contains("101511").doesNotContain("line");
  }

  @Test
  void anErrorPageIsLeftAlone() {
    TestExchange exchange = rest(Method.GET, "/customers/7", SoapConfig.Version.V11, null);
    exchange.upstream().call().answer(503, "<p>down</p>", "Content-Type", "text/html");
    assertThat(exchange.client().status()).isEqualTo(503);
    assertThat(exchange.client().body()).isEqualTo("<p>down</p>");
  }

  private static TestExchange soap(String type, @Nullable String action, String body) {
    RestConfig config =
        new RestConfig(
            "urn:crm",
            true,
            null,
            Map.of("Tenant", "X-Tenant"),
            List.of(
                new RestConfig.Call(
                    "Get",
                    "urn:crm#Get",
                    OperationMatch.parse("GET /customers/{id}"),
                    List.of("page"),
                    "GetResponse"),
                new RestConfig.Call(
                    "Create", null, OperationMatch.parse("POST /customers"), List.of(), "Created"),
                new RestConfig.Call(
                    "Move",
                    "urn:crm#Move",
                    OperationMatch.parse("PUT /customers/{id}"),
                    List.of(),
                    "MoveResponse")));
    TestExchange exchange =
        exchange(
                Method.POST,
                "/soap",
                "/soap",
                new SoapCallerHandler(config, null, 1 << 20, Offload.here()))
            .field("Content-Type", type)
            .body(body.length());
    if (action != null) {
      exchange.field("SOAPAction", action);
    }
    return exchange.start().send(body).sendEnd();
  }

  @Test
  void anEnvelopeBecomesACall() {
    TestExchange exchange =
        soap(
            "text/xml",
            "\"urn:crm#Get\"",
            "<e:Envelope xmlns:e='"
                + NS11
                + "' xmlns:c='urn:crm'><e:Header><c:Tenant e:mustUnderstand='1'> t1 </c:Tenant></e:Header>"
                + "<e:Body><c:Get><c:id>a b</c:id><c:page>1</c:page><c:page>&amp;</c:page></c:Get></e:Body></e:Envelope>");
    FakeUpstream.Call call = exchange.upstream().call();
    assertThat(call.head().method()).isEqualTo(Method.GET);
    assertThat(call.head().path()).isEqualTo("/customers/a%20b");
    assertThat(call.head().query()).isEqualTo("page=1&page=%26");
    assertThat(call.head().fields().first(FieldName.of("X-Tenant"))).isEqualTo("t1");
    assertThat(call.head().fields().contains(SOAP_ACTION)).isFalse();
    assertThat(call.head().fields().contains(FieldName.CONTENT_TYPE)).isFalse();
    assertThat(call.body()).isEmpty();
    assertThat(call.bodyLength()).isEqualTo(BodyLength.ABSENT);
    call.answer(200, "{\"name\":\"Ann\",\"tags\":[1,2]}", "Content-Type", "application/json");
    assertThat(exchange.client().status()).isEqualTo(200);
    assertThat(exchange.client().body())
        .endsWith(
            "<soap:Body><GetResponse xmlns=\"urn:crm\"><name>Ann</name><tags>1</tags><tags>2</tags>"
                + "</GetResponse></soap:Body></soap:Envelope>");
    assertThat(exchange.client().head().fields().first(FieldName.CONTENT_TYPE))
        .isEqualTo("text/xml; charset=utf-8");
  }

  @Test
  void whatIsNotInThePathIsTheBody() {
    TestExchange exchange =
        soap(
            "application/soap+xml; action=\"urn:crm#Move\"",
            null,
            envelope(NS12, "<Move xmlns='urn:crm'><id>7</id><to><town>X</town></to></Move>"));
    FakeUpstream.Call call = exchange.upstream().call();
    assertThat(call.head().method()).isEqualTo(Method.PUT);
    assertThat(call.head().fields().first(FieldName.CONTENT_TYPE)).isEqualTo("application/json");
    assertThat(call.body()).isEqualTo("{\"to\":{\"town\":\"X\"}}");
    call.head(204, BodyLength.ABSENT);
    call.end();
    assertThat(exchange.client().status()).isEqualTo(200);
    assertThat(exchange.client().body())
        .endsWith("<soap:Body><MoveResponse xmlns=\"urn:crm\"/></soap:Body></soap:Envelope>")
        .contains(NS12);
  }

  @ParameterizedTest
  @CsvSource({
    "404, application/json, '{\"message\":\"none\",\"id\":7}', 500, soap:Client.404, none",
    "422, application/problem+json, '{\"detail\":\"bad\"}', 500, soap:Client.422, bad",
    "503, application/json, '{\"message\":\"stack\"}', 500, soap:Server.503, answered 503",
    "404, text/html, <p>, 500, soap:Client.404, answered 404",
    "302, text/plain, x, 500, soap:Server.302, answered 302",
  })
  void errorsAreFaults(int status, String type, String body, int sent, String code, String reason) {
    TestExchange exchange =
        soap("text/xml", null, envelope(NS11, "<Create xmlns='urn:crm'><a>1</a></Create>"));
    exchange.upstream().call().answer(status, body, "Content-Type", type);
    assertThat(exchange.client().status()).isEqualTo(sent);
    assertThat(exchange.client().body()).contains(code).contains(reason).doesNotContain("stack");
    assertThat(exchange.client().head().fields().first(FieldName.CONTENT_TYPE))
        .isEqualTo("text/xml; charset=utf-8");
  }

  @Test
  void aSendersFaultOf12Is400() {
    TestExchange exchange =
        soap(
            "application/soap+xml",
            null,
            envelope(NS12, "<Create xmlns='urn:crm'><a>1</a></Create>"));
    exchange.upstream().call().answer(404, "{}", "Content-Type", "application/json");
    assertThat(exchange.client().status()).isEqualTo(400);
    assertThat(exchange.client().body()).contains("soap:Sender");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../admin",
        "..",
        ".",
        "a/b",
        "a\\b",
        "%2e%2e",
        "%252f",
        "a%00b",
        "",
        "\n",
        "x;y=1",
      })
  void noValueLeavesItsPlaceInThePath(String value) {
    TestExchange exchange =
        soap("text/xml", null, envelope(NS11, "<Get xmlns='urn:crm'><id>" + value + "</id></Get>"));
    if (exchange.upstream().calls().isEmpty()) {
      assertThat(exchange.client().status()).isEqualTo(500);
      assertThat(exchange.client().body()).contains("soap:Client");
    } else {
      String path = exchange.upstream().call().head().path();
      assertThat(path).matches("/customers/[A-Za-z0-9._~%-]+");
      assertThat(path).doesNotContain("%2F").doesNotContain("%5C").doesNotContain("..");
      exchange.upstream().call().answer(200, "{}", "Content-Type", "application/json");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a?b=c", "a#b", "\u00fc", "a+b", "a&amp;b"})
  void valuesAreEncoded(String value) {
    TestExchange exchange =
        soap(
            "text/xml; charset=utf-8",
            null,
            envelope(
                NS11,
                "<Get xmlns='urn:crm'><id>x" + value.replace("\u00fc", "&#252;") + "</id></Get>"));
    assertThat(exchange.upstream().call().head().path()).matches("/customers/x[A-Za-z0-9%]+");
    assertThat(exchange.upstream().call().head().query()).isNull();
    exchange.upstream().call().answer(200, "{}", "Content-Type", "application/json");
  }

  @ParameterizedTest
  @CsvSource({
    "text/xml, -, <a/>, 500, Client, 400106",
    "text/xml, -, <E xmlns='urn:e'/>, 500, Client, 400107",
    "text/xml, -, V12, 500, VersionMismatch, 400107",
    "text/xml, -, '', 500, Client, 400106",
    "text/xml, -, <Other xmlns='urn:crm'/>, 500, Client, 400107",
    "text/xml, -, <Get/>, 500, Client, 400107",
    "text/xml, -, <Get xmlns='urn:crm'/>, 500, Client, 400106",
    "text/xml, -, <Create xmlns='urn:crm'/><Get xmlns='urn:crm'/>, 500, Client, 400106",
    "text/xml, urn:crm#Move, <Get xmlns='urn:crm'><id>1</id></Get>, 500, Client, 400107",
    "text/xml, urn:crm#Get, <Create xmlns='urn:crm'/>, 500, Client, 400107",
    "text/xml, -, MUST, 500, MustUnderstand, 400107",
  })
  void whatIsNotUnderstoodIsAFault(
      String type, String action, String body, int status, String code, String number) {
    String sent =
        switch (body) {
          case "V12" -> envelope(NS12, "<Create xmlns='urn:crm'/>");
          case "MUST" ->
              envelope(NS11, "<Create xmlns='urn:crm'/>")
                  .replace("<e:Body>", "<e:Header><x e:mustUnderstand='1'/></e:Header><e:Body>");
          case "<a/>" -> body;
          default -> envelope(NS11, body);
        };
    TestExchange exchange = soap(type, action.equals("-") ? null : action, sent);
    assertThat(exchange.upstream().calls()).isEmpty();
    assertThat(exchange.client().status()).isEqualTo(status);
    assertThat(exchange.client().body()).contains("<faultcode>soap:" + code + "</faultcode>");
    ExchangeRecord record = exchange.record();
    assertThat(requireNonNull(record.fault()).code().code()).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/xml", "image/png"})
  void otherTypesAreNoSoap(String type) {
    TestExchange exchange = soap(type, null, type.endsWith("json") ? "{}" : "<a/>");
    assertThat(exchange.client().status()).isEqualTo(415);
    assertThat(exchange.upstream().calls()).isEmpty();
  }

  @Test
  void actionsOfNobodyAreIgnoredWhereNoneIsNamed() {
    TestExchange exchange =
        soap("text/xml", "\"\"", envelope(NS11, "<Create xmlns='urn:crm'><a>007</a></Create>"));
    assertThat(exchange.upstream().call().body()).isEqualTo("{\"a\":\"007\"}");
    exchange.upstream().call().answer(201, "{}", "Content-Type", "application/json");
    assertThat(exchange.client().status()).isEqualTo(200);
    assertThat(exchange.client().body()).contains("<Created xmlns=\"urn:crm\"/>");
  }

  @Test
  void anAnswerThatIsNoJsonIsAFaultOfTheBackend() {
    TestExchange exchange =
        soap("text/xml", null, envelope(NS11, "<Create xmlns='urn:crm'><a>1</a></Create>"));
    exchange.upstream().call().answer(200, "<a/>", "Content-Type", "application/xml");
    assertThat(exchange.client().status()).isEqualTo(500);
    assertThat(exchange.client().body()).contains("soap:Server");
  }
}
