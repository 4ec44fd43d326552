package tollgate.core.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tollgate.core.message.json.JsonParser;

class FaultFormatTest {
  private static final Fault FAULT =
      Fault.of(FaultCode.UPSTREAM_TIMEOUT, "a <b> & \"c\" \u0001\ud800 ]]> \u20ac");

  private static String text(FaultFormat format) {
    return new String(format.render(FAULT, "id-1"), UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, -, false, PROBLEM_JSON",
        "*/*, -, false, PROBLEM_JSON",
        "application/xml, -, false, PROBLEM_XML",
        "TEXT/XML;q=0.5, -, false, PROBLEM_XML",
        "application/xml;q=0, -, false, PROBLEM_JSON",
        "'application/json;q=0.5, application/xml', -, false, PROBLEM_XML",
        "'application/json, application/xml;q=0.9', application/xml, false, PROBLEM_JSON",
        "'application/json, application/xml', application/xml, false, PROBLEM_XML",
        "'application/json, application/xml', application/json, false, PROBLEM_JSON",
        "'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', -, false, PROBLEM_JSON",
        "image/png, -, false, PROBLEM_JSON",
        "application/xml;q=high, -, false, PROBLEM_JSON",
        "-, application/xml; charset=utf-8, false, PROBLEM_XML",
        "-, Application/Atom+XML, false, PROBLEM_XML",
        "*/*, text/xml, false, PROBLEM_XML",
        "-, text/xml, true, SOAP_11",
        "application/json, text/xml; charset=utf-8, true, SOAP_11",
        "-, application/soap+xml; action=x, false, SOAP_12",
        "-, application/json, true, PROBLEM_JSON",
      })
  void byWhatTheCallerSpeaks(
      @Nullable String accept, @Nullable String type, boolean hasAction, FaultFormat expected) {
    List<String> values = accept == null ? List.of() : List.of(accept);
    assertThat(FaultFormat.of(FaultStyle.PROBLEM, values, type, hasAction)).isEqualTo(expected);
    FaultFormat legacy = FaultFormat.of(FaultStyle.WSO2, values, type, hasAction);
    assertThat(legacy)
        .isEqualTo(
            switch (expected) {
              case PROBLEM_JSON -> FaultFormat.WSO2_JSON;
              case PROBLEM_XML -> FaultFormat.WSO2_XML;
              default -> expected;
            });
  }

  @ParameterizedTest
  @EnumSource
  void eachIsWellFormedAndSaysWhatItIs(FaultFormat format) throws Exception {
    String text = text(format);
    assertThat(text).contains("101504", "Backend Timeout");
    if (format.contentType().contains("json")) {
      JsonParser.parse(text);
    } else {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      var root =
          factory
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(text.getBytes(UTF_8)))
              .getDocumentElement();
      assertThat(root.getTextContent()).contains("a <b> & \"c\" ?? ]]> \u20ac");
    }
  }

  @Test
  void theFlatBody() {
    assertThat(text(FaultFormat.WSO2_JSON))
        .startsWith(
            "{\"code\":\"101504\",\"type\":\"Status report\",\"message\":\"Backend Timeout\",\"description\":\"a <b>");
    Fault other = Fault.of(FaultCode.ORIGIN_REFUSED, "no");
    assertThat(new String(FaultFormat.WSO2_JSON.render(other, ""), UTF_8))
        .isEqualTo(
            "{\"code\":\"403100\",\"message\":\"Origin Not Allowed\",\"description\":\"no\"}");
  }

  @Test
  void whoseMistakeItIs() {
    assertThat(text(FaultFormat.SOAP_11)).contains("<faultcode>s:Server</faultcode>");
    assertThat(new String(FaultFormat.SOAP_12.render(Fault.of(FaultCode.NO_ROUTE, ""), ""), UTF_8))
        .contains("<s:Value>s:Sender</s:Value>");
  }

  @Test
  void errorsStandOneByOne() {
    Fault fault =
        Fault.of(
            FaultCode.SCHEMA_VIOLATION,
            "all",
            List.of(
                new FaultError(new FaultError.Place.Pointer("/a~1b/\u00e4 \"/0"), "is \"x\""),
                new FaultError(new FaultError.Place.Pointer(""), "is <empty>"),
                new FaultError(new FaultError.Place.Path("/a[1]/b[2]"), "is wrong"),
                new FaultError(new FaultError.Place.Parameter("query", "q", "/z"), "is long"),
                new FaultError(new FaultError.Place.Parameter("query", "", ""), "is bad")));
    assertThat(new String(FaultFormat.PROBLEM_JSON.render(fault, "id-1"), UTF_8))
        .contains(
            "\"detail\":\"all\",\"errors\":["
                + "{\"pointer\":\"#/a~1b/%C3%A4%20%22/0\",\"detail\":\"is \\\"x\\\"\"},"
                + "{\"pointer\":\"#\",\"detail\":\"is <empty>\"},"
                + "{\"path\":\"/a[1]/b[2]\",\"detail\":\"is wrong\"},"
                + "{\"in\":\"query\",\"parameter\":\"q\",\"pointer\":\"#/z\",\"detail\":\"is long\"},"
                + "{\"in\":\"query\",\"detail\":\"is bad\"}],\"request_id\":\"id-1\"}");
    assertThat(new String(FaultFormat.PROBLEM_XML.render(fault, "id-1"), UTF_8))
        .contains(
            "<errors><i><pointer>#/a~1b/%C3%A4%20%22/0</pointer>",
            "<i><pointer>#</pointer><detail>is &lt;empty&gt;</detail></i>",
            "<i><path>/a[1]/b[2]</path><detail>is wrong</detail></i>",
            "<i><in>query</in><detail>is bad</detail></i></errors></problem>");
    for (FaultFormat other :
        List.of(
            FaultFormat.SOAP_11,
            FaultFormat.SOAP_12,
            FaultFormat.WSO2_JSON,
            FaultFormat.WSO2_XML)) {
      assertThat(new String(other.render(fault, "id-1"), UTF_8))
          .contains("all")
          .doesNotContain("is wrong");
    }
  }
}
