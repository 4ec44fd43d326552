package tollgate.handlers.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.handlers.testing.Messages.answered;
import static tollgate.handlers.testing.Messages.post;
import static tollgate.handlers.testing.Messages.sent;
import static tollgate.handlers.testing.Messages.with;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.handler.Side;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.testkit.TestExchange;

class EditHandlerTest {
  private static final EditHandlerType TYPE = new EditHandlerType();
  private static final FieldName TENANT = FieldName.of("X-Tenant");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "set: {$.a: 1}|{\"b\":1.0}|{\"b\":1.0,\"a\":1}",
        "set: {$.a.b: x}|{}|{\"a\":{\"b\":\"x\"}}",
        "set: {$.a: {b: [1, true, null, \"1\", t]}}|{}|{\"a\":{\"b\":[1,true,null,\"1\",\"t\"]}}",
        "set: {\"$.l[*].x\": 0}|{\"l\":[{\"x\":1},{\"x\":2}]}|{\"l\":[{\"x\":0},{\"x\":0}]}",
        "set: {$.t: \"${header:X-Tenant}\"}|{}|{\"t\":\"acme\"}",
        "set: {$.t: \"t-${header:X-Tenant}-${query:lang}\"}|{}|{\"t\":\"t-acme-de\"}",
        "set: {$.t: \"${header:X-None}\"}|{\"t\":\"mine\",\"u\":1}|{\"u\":1}",
        "set: {$.t: \"${header:X-None ?? none}\"}|{}|{\"t\":\"none\"}",
        "set: {$.t: \"<${header:X-None}>\"}|{}|{\"t\":\"<>\"}",
        "set: {$.t: {a: \"${header:X-None}\", b: [\"${query:no}\", 1]}}|{}|{\"t\":{\"b\":[1]}}",
        "set: {$.t: \"$$${x}\"}|{}|{\"t\":\"${x}\"}",
        "set: {$.n: \"${body:$.m}\"}|{\"m\":1e400}|{\"m\":1e400,\"n\":1e400}",
        "set: {$.n: \"${body:$.m[*].i}\"}|{\"m\":[{\"i\":1},{\"i\":2}]}|{\"m\":[{\"i\":1},{\"i\":2}],\"n\":[1,2]}",
        "set: {$.n: \"is ${body:$.m}\"}|{\"m\":{\"a\":1}}|{\"m\":{\"a\":1},\"n\":\"is {\\\"a\\\":1}\"}",
        "set: {$.a: \"${body:$.b}\", $.b: \"${body:$.a}\"}|{\"a\":1,\"b\":2}|{\"a\":2,\"b\":1}",
        "set: {$.m: \"${method} ${path} ${clientAddress}\"}|{}|{\"m\":\"POST /api/x 192.0.2.7\"}",
        "remove: [$.a, \"$..secret\"]|{\"a\":1,\"b\":{\"secret\":1,\"c\":2}}|{\"b\":{\"c\":2}}",
        "rename: {$.a: b}|{\"a\":1.0}|{\"b\":1.0}",
        "move: {$.a.b: $.c}|{\"a\":{\"b\":1}}|{\"a\":{},\"c\":1}",
        "merge: {$: {a: null, b: {c: \"${query:lang}\"}}}|{\"a\":1,\"b\":{\"d\":2}}|{\"b\":{\"d\":2,\"c\":\"de\"}}",
        "remove: [$.b], rename: {$.c: b}|{\"b\":1,\"c\":2}|{\"b\":2}",
      })
  void changesJson(String edit, String body, String expected) {
    assertThat(sent(TYPE, "edit: {" + edit + "}", "application/json", body).body())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "set: {/a/b: x}|<a><b>1</b><b/></a>|<a><b>x</b><b>x</b></a>",
        "set: {/a/b/c: x}|<a><b/></a>|<a><b><c>x</c></b></a>",
        "set: {/a/b/@c: x}|<a/>|<a><b c=\"x\"/></a>",
        "set: {/a/@c: \"<${header:X-Tenant}>\"}|<a c='1'/>|<a c=\"&lt;acme>\"/>",
        "set: {/a/b: \"${body:/a/c}\"}|<a><c>1<d>2</d></c></a>|<a><c>1<d>2</d></c><b>12</b></a>",
        "set: {/a/b: \"${header:X-None}\"}|<a><b>mine</b></a>|<a/>",
        "set: {\"//b[@x]\": \"${body:count(//b)}\"}|<a><b/><b x='1'/></a>|<a><b/><b x=\"1\">2</b></a>",
        "set: {/x/b: 1}|<a/>|<a/>",
        "remove: [//b, /a/@x]|<a x='1'>1<b><b/></b>2</a>|<a>12</a>",
        "rename: {/a/b: c, /a/@x: y}|<a x='1'><b/></a>|<a y=\"1\"><c/></a>",
        "move: {/a/b: /a/c}|<a><b>1</b><c/></a>|<a><c><b>1</b></c></a>",
        "move: {/a/b: /a/none}|<a><b>1</b></a>|<a><b>1</b></a>",
        "move: {//b: /a/b/c}|<a><b><c/></b></a>|<a><b><c/></b></a>",
        "namespaces: {o: \"urn:o\"}, set: {/o:a/o:b: 1}|<a xmlns='urn:o'/>|<a xmlns=\"urn:o\"><b>1</b></a>",
        "namespaces: {o: \"urn:o\"}, rename: {/o:a/b: \"o:c\"}|<p:a xmlns:p='urn:o'><b/></p:a>|<p:a xmlns:p=\"urn:o\"><p:c/></p:a>",
      })
  void changesXml(String edit, String body, String expected) {
    String sent = sent(TYPE, "edit: {" + edit + "}", "application/xml", body).body();
    assertThat(
            sent.replace("<o:c xmlns:o=\"urn:o\"/>", "<p:c/>")
                .replace("<o:b xmlns:o=\"urn:o\">1</o:b>", "<b>1</b>"))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "remove: [$.x]|application/json; charset=utf-8|{\"a\" : 1}|{\"a\" : 1}",
        "remove: [/x]|application/xml|<a  b='1'/>|<a  b='1'/>",
      })
  void whatIsNotChangedKeepsItsBytes(String edit, String type, String body, String expected) {
    var call = sent(TYPE, "edit: {" + edit + "}", type, body);
    assertThat(call.body()).isEqualTo(expected);
    assertThat(call.head().fields().first(FieldName.CONTENT_TYPE)).isEqualTo(type);
  }

  @Test
  void aFormHasTheFaceOfJson() {
    var call =
        sent(
            TYPE,
            "edit: {remove: [$.b], rename: {$.a: x}, set: {$.c: \"é&${header:X-Tenant}\", $.d: [1, 2]}}",
            "application/x-www-form-urlencoded",
            "a=1+2&b=2");
    assertThat(call.body()).isEqualTo("x=1+2&c=%C3%A9%26acme&d=1&d=2");
  }

  @Test
  void aFormThatCouldNotBeWrittenIsRefused() {
    TestExchange exchange =
        post(TYPE, "edit: {set: {$.a: {b: 1}}}", "application/x-www-form-urlencoded", "a=1");
    assertThat(exchange.client().status()).isEqualTo(400);
    assertThat(exchange.upstream().calls()).isEmpty();
  }

  @Test
  void valuesMoveBetweenBodyAndHead() {
    var call =
        sent(
            TYPE,
            "edit: {remove: [$.tenant], headers: {X-Tenant: \"${body:$.tenant}\", X-Old: \"${header:X-Tenant}\"}, query: {lang: \"${body:$.lang}\", t: \"${body:$.tenant}\"}}",
            "application/json",
            "{\"tenant\":\"a b&c\",\"n\":1}");
    assertThat(call.body()).isEqualTo("{\"n\":1}");
    assertThat(call.head().fields().all(TENANT)).containsExactly("a b&c");
    assertThat(call.head().fields().first(FieldName.of("X-Old"))).isEqualTo("acme");
    assertThat(call.head().query()).isEqualTo("t=a%20b%26c");
  }

  @Test
  void aFieldWithoutAValueGoesSoThatNobodyForgesIt() {
    var call =
        sent(TYPE, "edit: {headers: {X-Tenant: \"${body:$.tenant}\"}}", "application/json", "{}");
    assertThat(call.head().fields().contains(TENANT)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\r\\nX-Evil: 1", "a\\nb", "\\u0000", "\\u20ac"})
  void noValueBreaksAField(String value) {
    TestExchange exchange =
        post(
            TYPE,
            "edit: {headers: {X-Tenant: \"t ${body:$.tenant}\"}}",
            "application/json",
            "{\"tenant\":\"" + value + "\"}");
    assertThat(exchange.client().status()).isEqualTo(400);
    assertThat(exchange.client().body()).contains("400106").doesNotContain("Evil");
    assertThat(exchange.upstream().calls()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, '{\"a\":', 400",
    "application/json, '{\"a\":1,\"a\":2}', 400",
    "application/xml, <a/>, 415",
    "image/png, x, 415",
  })
  void whatCannotBeReadIsRefused(String type, String body, int status) {
    TestExchange exchange = post(TYPE, "edit: {remove: [$.a]}", type, body);
    assertThat(exchange.client().status()).isEqualTo(status);
    assertThat(exchange.upstream().calls()).isEmpty();
  }

  @Test
  void anEmptyBodyStaysEmpty() {
    TestExchange exchange =
        with(
                Method.GET,
                "/api/x",
                TYPE,
                Side.REQUEST,
                "edit: {set: {$.a: 1}, headers: {X-A: \"${body:$.a ?? no}\"}}")
            .start();
    assertThat(exchange.upstream().call().body()).isEmpty();
    assertThat(exchange.upstream().call().head().fields().first(FieldName.of("X-A")))
        .isEqualTo("no");
  }

  @Test
  void aPathParameterIsDecoded() {
    TestExchange exchange =
        with(
                Method.GET,
                "/api/orders/a%20b",
                TYPE,
                Side.REQUEST,
                "edit: {headers: {X-Id: \"${path:id}\"}}")
            .operation("/orders/{id}")
            .start();
    assertThat(exchange.upstream().call().head().fields().first(FieldName.of("X-Id")))
        .isEqualTo("a b");
  }

  @Test
  void changesAnswers() {
    TestExchange exchange =
        answered(
            TYPE,
            "edit: {set: {$.s: \"${status}\", $.t: \"${header:X-Trace} ${requestHeader:X-Tenant} ${query:lang}\"}, headers: {X-N: \"${body:$.n}\"}}",
            200,
            "application/json",
            "{\"n\":1}");
    assertThat(exchange.client().body()).isEqualTo("{\"n\":1,\"s\":200,\"t\":\"t1 acme de\"}");
    assertThat(exchange.client().head().fields().first(FieldName.of("X-N"))).isEqualTo("1");
    assertThat(exchange.client().head().fields().first(FieldName.of("ETag"))).isEqualTo("W/\"1\"");
    assertThat(exchange.client().head().bodyLength()).isEqualTo(exchange.client().body().length());
  }

  @ParameterizedTest
  @CsvSource({
    "200, image/png, x, 502",
    "200, application/xml, <a/>, 502",
    "200, application/json, '{', 502",
    "503, text/html, <p>down</p>, 503",
    "503, application/xml, <a/>, 503",
    "404, application/json, '{', 502",
  })
  void answersThatCannotBeRead(int status, String type, String body, int expected) {
    TestExchange exchange = answered(TYPE, "edit: {remove: [$.a]}", status, type, body);
    assertThat(exchange.client().status()).isEqualTo(expected);
    if (expected == status) {
      assertThat(exchange.client().body()).isEqualTo(body);
    }
  }

  @Test
  void asksForWholeAnswers() {
    TestExchange exchange =
        with(Method.GET, "/api/x", TYPE, Side.RESPONSE, "edit: {remove: [$.a]}")
            .field("Range", "bytes=0-1")
            .field("Accept-Encoding", "gzip")
            .start();
    var fields = exchange.upstream().call().head().fields();
    assertThat(fields.contains(FieldName.of("Range"))).isFalse();
    assertThat(fields.first(FieldName.of("Accept-Encoding"))).isEqualTo("identity");
    exchange.upstream().call().answer(304, "", "X-A", "1");
    assertThat(exchange.client().status()).isEqualTo(304);
  }

  @Test
  void theLengthOfAnAnswerToHeadIsNotTold() {
    TestExchange exchange =
        with(Method.HEAD, "/api/x", TYPE, Side.RESPONSE, "edit: {remove: [$.a]}").start();
    exchange
        .upstream()
        .call()
        .answer(200, "", "Content-Type", "application/json", "Content-Length", "7");
    assertThat(exchange.client().status()).isEqualTo(200);
    assertThat(exchange.client().head().bodyLength()).isNegative();
  }

  @Test
  void largeBodiesAreChangedElsewhere() {
    String large = "{\"a\":[" + "1,".repeat(50_000) + "1]}";
    TestExchange exchange = post(TYPE, "edit: {set: {$.b: 1}}", "application/json", large);
    exchange.loop().runTasks();
    assertThat(exchange.upstream().call().body())
        .isEqualTo(large.substring(0, large.length() - 1) + ",\"b\":1}");
  }

  @Test
  void whatWouldGrowBeyondBoundsIsRefused() {
    String body = "{\"x\":[" + "0,".repeat(20_000) + "0]}";
    TestExchange exchange =
        post(TYPE, "edit: {set: {\"$.x[*]\": \"${body:$}\"}}", "application/json", body);
    exchange.loop().runTasks();
    assertThat(exchange.client().status()).isEqualTo(413);
  }
}
