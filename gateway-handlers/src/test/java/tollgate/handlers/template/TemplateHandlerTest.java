package tollgate.handlers.template;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.handlers.testing.Messages.answered;
import static tollgate.handlers.testing.Messages.post;
import static tollgate.handlers.testing.Messages.sent;
import static tollgate.handlers.testing.Messages.with;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.core.handler.Side;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.testkit.TestExchange;

class TemplateHandlerTest {
  private static final TemplateHandlerType TYPE = new TemplateHandlerType();

  private static String step(String type, String body) {
    return "template: {type: "
        + type
        + ", body: \""
        + body.replace("\\", "\\\\").replace("\"", "\\\"")
        + "\"}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\": ${body:$.a}}|{\"a\":1.0}|{\"a\": 1.0}",
        "{\"a\": ${body:$.a}}|{\"a\":{\"b\":[\"\\n\"]}}|{\"a\": {\"b\":[\"\\n\"]}}",
        "{\"a\": ${body:$.a}}|{}|{\"a\": null}",
        "{\"a\": ${body:$.a ?? none}}|{}|{\"a\": \"none\"}",
        "{\"a\": \"<${body:$.a}>\"}|{\"a\":\"q\\\"\\\\\\n\"}|{\"a\": \"<q\\\"\\\\\\n>\"}",
        "{\"a\": \"${body:$.a}\"}|{\"a\":[1]}|{\"a\": \"[1]\"}",
        "{\"t\": ${header:X-Tenant}, \"l\": \"${query:lang}\"}|{}|{\"t\": \"acme\", \"l\": \"de\"}",
        "[${for l in body:$.l}${l:$.n}${end}]|{\"l\":[{\"n\":1},{\"n\":2},{\"n\":3}]}|[1,2,3]",
        "[ ${for l in body:$.l}{\"n\":${l:$}}${end} ]|{\"l\":[]}|[  ]",
        "[${for l in body:$..n}${l:$}${end}]|{\"n\":1,\"m\":{\"n\":2}}|[1,2]",
        "[${for l in body:$.l}[${for m in l:$.m}${m:$}${end}]${end}]|{\"l\":[{\"m\":[1,2]},{\"m\":[]},{}]}|[[1,2],[],[]]",
        "[${for l in body:$.l}${if l:$.n}${l:$.n}${end}${end}]|{\"l\":[{\"n\":1},{},{\"n\":3}]}|[1,3]",
        "{${for l in body:$.l}\"k${l:$}\": 1${end}}|{\"l\":[1,2]}|{\"k1\": 1,\"k2\": 1}",
        "{\"a\": ${if body:$.a}1${else}2${end}}|{\"a\":false}|{\"a\": 2}",
        "{\"a\": 1${if body:$.a}, \"b\": ${body:$.a}${end}}|{\"a\":\"x\"}|{\"a\": 1, \"b\": \"x\"}",
        "{\"a\": \"${for l in body:$.l}${l:$};${end}\"}|{\"l\":[1,2]}|{\"a\": \"1;2;\"}",
        "{\"a\": \"$$${x}\"}|{}|{\"a\": \"${x}\"}",
      })
  void makesJson(String template, String body, String expected) {
    var call = sent(TYPE, step("application/json", template), "application/json", body);
    assertThat(call.body()).isEqualTo(expected);
    assertThat(call.head().fields().first(FieldName.CONTENT_TYPE)).isEqualTo("application/json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "<a b='${body:$.a}'>${body:$.a}</a>|{\"a\":\"<&>'\\\"\\n\"}|<a b='&lt;&amp;&gt;&#39;&quot;&#10;'>&lt;&amp;&gt;&#39;&quot;&#10;</a>",
        "<a><!-- c -->${for l in body:$.l}<b>${l:$}</b>${end}</a>|{\"l\":[1,2]}|<a><!-- c --><b>1</b><b>2</b></a>",
      })
  void makesXml(String template, String body, String expected) {
    var call = sent(TYPE, step("application/xml", template), "application/json", body);
    assertThat(call.body()).isEqualTo(expected);
    assertThat(call.head().fields().first(FieldName.CONTENT_TYPE)).isEqualTo("application/xml");
  }

  @Test
  void readsXml() {
    String template =
        "[${for l in body:/o/l}{\"n\": ${l:@n}, \"t\": \"${l:t}\", \"o\": \"${body:/o/@id}\"}${end}]";
    assertThat(
            sent(
                    TYPE,
                    step("application/json", template),
                    "application/xml",
                    "<o id='7'><l n='1'><t>a\"</t></l><l n='2'/></o>")
                .body())
        .isEqualTo(
            "[{\"n\": \"1\", \"t\": \"a\\\"\", \"o\": \"7\"},{\"n\": \"2\", \"t\": \"\", \"o\": \"7\"}]");
  }

  @Test
  void makesFormsAndText() {
    assertThat(
            sent(
                    TYPE,
                    step("application/x-www-form-urlencoded", "a=${body:$.a}&b=1"),
                    "application/json",
                    "{\"a\":\"1&b=2 é\"}")
                .body())
        .isEqualTo("a=1%26b%3D2+%C3%A9&b=1");
    assertThat(
            sent(TYPE, step("text/plain", "<${body:$.a}>"), "application/json", "{\"a\":\"\\\"\"}")
                .body())
        .isEqualTo("<\">");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "application/xml|<a>${body:$.a}</a>|{\"a\":\"\\u0000\"}|400",
        "application/json|{\"k\": 1, ${if body:$.a}\"${body:$.a}\": 2${else}\"z\": 2${end}}|{\"a\":\"k\"}|400",
        "application/json|[${body:$.a}]|{\"a\":|400",
      })
  void whatCannotBeMadeIsRefused(String type, String template, String body, int status) {
    TestExchange exchange = post(TYPE, step(type, template), "application/json", body);
    assertThat(exchange.client().status()).isEqualTo(status);
    assertThat(exchange.upstream().calls()).isEmpty();
  }

  @Test
  void stepsAreBounded() {
    String template =
        "[${for a in body:$.l}[${for b in body:$.l}[${for c in body:$.l}1${end}]${end}]${end}]";
    TestExchange exchange =
        post(
            TYPE,
            step("application/json", template),
            "application/json",
            "{\"l\":[" + "1,".repeat(2000) + "1]}");
    exchange.loop().runTasks();
    assertThat(exchange.client().status()).isEqualTo(413);
  }

  @Test
  void withoutTheBodyAnyBodyWillDo() {
    TestExchange exchange =
        answered(
            TYPE,
            step("application/json", "{\"status\": ${status}, \"trace\": ${header:X-Trace}}"),
            503,
            "text/html",
            "<p>down</p>");
    assertThat(exchange.client().status()).isEqualTo(503);
    assertThat(exchange.client().body()).isEqualTo("{\"status\": 503, \"trace\": \"t1\"}");
    assertThat(exchange.client().head().fields().first(FieldName.CONTENT_TYPE))
        .isEqualTo("application/json");
    assertThat(exchange.client().head().bodyLength()).isEqualTo(exchange.client().body().length());
  }

  @Test
  void anErrorThatCannotBeReadPasses() {
    TestExchange exchange =
        answered(TYPE, step("application/json", "[${body:$.a}]"), 503, "text/html", "<p>down</p>");
    assertThat(exchange.client().body()).isEqualTo("<p>down</p>");
  }

  @Test
  void aRequestGetsABodyWhereItsMethodHasOne() {
    TestExchange get =
        with(Method.GET, "/api/x", TYPE, Side.REQUEST, step("text/plain", "x")).start();
    assertThat(get.upstream().call().body()).isEmpty();
    TestExchange post =
        with(Method.POST, "/api/x", TYPE, Side.REQUEST, step("text/plain", "x${body:$.a}"))
            .body(0)
            .start()
            .sendEnd();
    assertThat(post.upstream().call().body()).isEqualTo("x");
  }

  @ParameterizedTest
  @CsvSource({"204", "304"})
  void answersWithoutABodyStayWithoutOne(int status) {
    TestExchange exchange =
        with(Method.GET, "/api/x", TYPE, Side.RESPONSE, step("text/plain", "x")).start();
    exchange.upstream().call().answer(status, "");
    assertThat(exchange.client().status()).isEqualTo(status);
    assertThat(exchange.client().body()).isEmpty();
  }
}
