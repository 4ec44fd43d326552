package tollgate.handlers.validate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.core.testkit.TestExchange;

class OpenApiValidationTest {
  private static final String JSON = "application/json";

  private static final String DOCUMENT =
      """
      openapi: 3.0.3
      info: {title: shop, version: "1"}
      paths:
        /simple/{a}/{b}/{c}/{d}:
          get:
            operationId: simple
            parameters:
              - {name: a, in: path, required: true, schema: {type: integer, maximum: 99}}
              - {name: b, in: path, required: true, schema: {type: array, items: {type: integer}}}
              - {name: c, in: path, required: true, schema: {$ref: "#/components/schemas/Color"}}
              - {name: d, in: path, required: true, explode: true, schema: {$ref: "#/components/schemas/Color"}}
        /label/{a}/{b}/{c}:
          get:
            operationId: label
            parameters:
              - {name: a, in: path, required: true, style: label, schema: {type: boolean}}
              - {name: b, in: path, required: true, style: label, explode: true, schema: {type: array, items: {type: integer}}}
              - {name: c, in: path, required: true, style: label, explode: true, schema: {$ref: "#/components/schemas/Color"}}
        /matrix/{a}/{b}/{c}:
          get:
            operationId: matrix
            parameters:
              - {name: a, in: path, required: true, style: matrix, schema: {type: integer}}
              - {name: b, in: path, required: true, style: matrix, explode: true, schema: {type: array, items: {type: integer}}}
              - {name: c, in: path, required: true, style: matrix, explode: true, schema: {$ref: "#/components/schemas/Color"}}
        /query:
          get:
            operationId: query
            parameters:
              - {name: limit, in: query, required: true, schema: {type: integer, minimum: 1}}
              - {name: ids, in: query, schema: {type: array, maxItems: 3, items: {type: integer}}}
              - {name: csv, in: query, explode: false, schema: {type: array, items: {type: integer}}}
              - {name: piped, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: integer}}}
              - {name: spaced, in: query, style: spaceDelimited, explode: false, schema: {type: array, items: {type: integer}}}
              - {name: deep, in: query, style: deepObject, explode: true, schema: {$ref: "#/components/schemas/Color"}}
              - {name: flat, in: query, explode: true, schema: {type: object, properties: {R2: {type: integer}}}}
              - {name: pair, in: query, explode: false, schema: {$ref: "#/components/schemas/Color"}}
              - {name: day, in: query, schema: {type: string, format: date}}
              - {name: json, in: query, content: {application/json: {schema: {type: object, required: [a]}}}}
              - {name: text, in: query, schema: {type: string, enum: ["12", "é,&"]}}
              - {name: X-Count, in: header, schema: {type: integer}}
              - {name: X-List, in: header, schema: {type: array, items: {type: integer}}}
              - {name: Authorization, in: header, required: true, schema: {type: integer}}
              - {name: session, in: cookie, schema: {type: string, minLength: 3}}
        /items:
          post:
            operationId: add
            requestBody:
              required: true
              content:
                application/json: {schema: {$ref: "#/components/schemas/Item"}}
                text/*: {}
            responses:
              "201":
                description: made
                headers: {X-Id: {required: true, schema: {type: integer}}}
                content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}
              4XX: {description: refused, content: {application/problem+json: {}}}
              default: {description: empty}
          get: {operationId: list, responses: {"200": {description: all}}}
        /orders:
          post:
            operationId: order
            requestBody:
              required: true
              content:
                application/x-www-form-urlencoded: {schema: {$ref: "#/components/schemas/Order"}}
                application/xml: {schema: {$ref: "#/components/schemas/Order"}}
            responses: {"200": {description: done}}
      components:
        schemas:
          Order:
            type: object
            required: [count]
            additionalProperties: false
            properties:
              count: {type: integer, minimum: 1, xml: {attribute: true}}
              express: {type: boolean}
              tags: {type: array, maxItems: 2, items: {type: string}}
              color: {$ref: "#/components/schemas/Color"}
          Color: {type: object, required: [R], properties: {R: {type: integer}, G: {type: integer}}}
          Item:
            type: object
            required: [id, name, password]
            properties:
              id: {type: integer, readOnly: true}
              name: {type: string, nullable: true, maxLength: 5}
              password: {type: string, writeOnly: true}
              next: {$ref: "#/components/schemas/Item"}
              price: {type: number, minimum: 0, exclusiveMinimum: true}
      """;

  @TempDir private Path folder;
  private SchemaRoot root;

  @BeforeEach
  void prepare() throws IOException {
    root = new SchemaRoot(folder).write("specs/shop.yaml", DOCUMENT);
    api("openapi: specs/shop.yaml\nvalidate: {request: enforce}\n");
  }

  private void api(String rest) throws IOException {
    root.write("conf.d/api.yaml", SchemaRoot.HEAD + rest);
  }

  private String ask(String operation, String target, String... fields) throws IOException {
    return root.compile().ask(operation, target, null, fields);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "simple /simple/1/1,2/R,1,G,2/R=1,G=2 ''",
        "simple /simple/100/1/R,1/R=1 'path parameter a: is more than 99'",
        "simple /simple/x/1/R,1/R=1 'path parameter a: is of another type (expected: integer)'",
        "simple /simple/1/1,x/R,1/R=1 'path parameter b /1: is of another type (expected: integer)'",
        "simple /simple/1/1/G,1/R=1 'path parameter c: lacks the property R'",
        "simple /simple/1/1/R,1,G/R=1 'path parameter c: is not names and values by turns'",
        "simple /simple/1/1/R,1/R 'path parameter d: is not written as name=value'",
        "label /label/.true/.1.2/.R=1.G=2 ''",
        "label /label/true/.1/.R=1 'path parameter a: does not begin with a dot (style label)'",
        "label /label/.true/.1.x/.R=1 'path parameter b /1: is of another type (expected: integer)'",
        "matrix /matrix/%3Ba=1/%3Bb=1%3Bb=2/%3BR=1%3BG=2 ''",
        "matrix /matrix/%3Bx=1/%3Bb=1/%3BR=1 'path parameter a: does not name the parameter (style matrix)'",
        "query /query?limit=1 ''",
        "query /query 'query parameter limit: is missing'",
        "query /query?limit=0 'query parameter limit: is less than 1'",
        "query /query?limit=1&limit=2 'query parameter limit: is there more than once'",
        "query /query?limit=%31 ''",
        "query /query?limit=%3 'query parameter limit: is not percent-encoded UTF-8'",
        "query /query?limit=%ff 'query parameter limit: is not percent-encoded UTF-8'",
        "query /query?limit=1&ids=1&ids=2 ''",
        "query /query?limit=1&ids=1&ids=2&ids=3&ids=4 'query parameter ids: has more items than 3'",
        "query /query?limit=1&csv=1,2 ''",
        "query /query?limit=1&csv=1%2C2 'query parameter csv /0: is of another type (expected: integer)'",
        "query /query?limit=1&piped=1|2 ''",
        "query /query?limit=1&piped=1%7C2 ''",
        "query /query?limit=1&spaced=1%202 ''",
        "query /query?limit=1&spaced=1+2 ''",
        "query /query?limit=1&spaced=1,2 'query parameter spaced /0: is of another type (expected: integer)'",
        "query /query?limit=1&deep[R]=1&deep[G]=2 ''",
        "query /query?limit=1&deep%5BR%5D=x 'query parameter deep /R: is of another type (expected: integer)'",
        "query /query?limit=1&R2=x 'query parameter flat /R2: is of another type (expected: integer)'",
        "query /query?limit=1&pair=R,1 ''",
        "query /query?limit=1&pair=R 'query parameter pair: is not names and values by turns'",
        "query /query?limit=1&day=2026-02-30 'query parameter day: is not of the format date'",
        "query /query?limit=1&day=2026-02-28 ''",
        "query /query?limit=1&json=%7B%22a%22:1%7D ''",
        "query /query?limit=1&json=%7B%7D 'query parameter json: lacks the property a'",
        "query /query?limit=1&json=%7B 'query parameter json: is no JSON text'",
        "query /query?limit=1&text=12 ''",
        "query /query?limit=1&text=%C3%A9,%26 ''",
        "query /query?limit=1&text=13 'query parameter text: is none of the values that are allowed'",
        "query /query?limit=1&limit2=x ''"
      })
  void readsParametersByTheirStyle(String operation, String target, String violation)
      throws IOException {
    assertThat(ask(operation, target))
        .isEqualTo(
            violation.isEmpty()
                ? "200"
                : "400 The request does not match its schema: " + violation);
  }

  @Test
  void readsHeadersAndCookies() throws IOException {
    api("openapi: specs/shop.yaml\nvalidate: {request: enforce}\n");
    assertThat(ask("query", "/query?limit=1", "x-count", "12", "X-List", "1, 2", "X-List", "3"))
        .isEqualTo(
            "400 The request does not match its schema: header field X-List /1: is of another"
                + " type (expected: integer)");
    assertThat(ask("query", "/query?limit=1", "X-List", "1,2", "X-List", "3")).isEqualTo("200");
    assertThat(ask("query", "/query?limit=1", "x-count", "a"))
        .endsWith("header field X-Count: is of another type (expected: integer)");
    assertThat(ask("query", "/query?limit=1", "Cookie", "a=b; session=ab"))
        .endsWith("cookie parameter session: is shorter than 3 characters");
    assertThat(ask("query", "/query?limit=1", "Cookie", "session=abc; a=b")).isEqualTo("200");
  }

  @Test
  void refusesUnknownQueryParametersOnRequest() throws IOException {
    api("openapi: specs/shop.yaml\nvalidate: {request: enforce, unknownQuery: refuse}\n");
    assertThat(ask("query", "/query?limit=1&limit2=x&deep[R]=1&R2=1"))
        .isEqualTo(
            "400 The request does not match its schema: query parameter limit2: is not declared");
    assertThat(ask("list", "/items?a=b"))
        .isEqualTo("400 The request does not match its schema: query parameter a: is not declared");
  }

  @Test
  void comparesBodiesWithTheSchemaOfTheirType() throws IOException {
    api("openapi: specs/shop.yaml\nvalidate: {request: enforce}\n");
    SchemaRoot.Compiled compiled = root.compile();
    assertThat(add(compiled, "{\"name\": null, \"password\": \"x\"}", JSON)).isEqualTo("200");
    assertThat(add(compiled, "{\"name\": \"toolong\", \"price\": 0}", JSON))
        .contains("/name: is longer than 5 characters")
        .contains("/price: ")
        .contains("the whole: lacks the property password")
        .doesNotContain("property id");
    assertThat(add(compiled, "anything", "text/csv")).isEqualTo("200");
    assertThat(add(compiled, "{}", "application/xml")).startsWith("415 ");
    assertThat(add(compiled, null, JSON)).endsWith("the whole: is missing");
    assertThat(compiled.ask("list", "/items", "{}", "Content-Type", JSON))
        .endsWith("the whole: is there, and none is declared");
  }

  private static String add(SchemaRoot.Compiled compiled, @Nullable String body, String type) {
    return compiled.ask("add", "/items", body, "Content-Type", type);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "201 | application/json | {\"id\": 1, \"name\": \"a\"} | 7 | 201",
        "201 | application/json | {\"name\": \"a\"} | 7 | 502",
        "201 | application/json | {\"id\": 1, \"name\": \"a\"} | x | 502",
        "201 | application/json | {\"id\": 1, \"name\": \"a\"} | '' | 502",
        "201 | application/xml | <a/> | 7 | 502",
        "404 | application/problem+json | {} | '' | 404",
        "404 | text/html | oh | '' | 502",
        "500 | text/html | oh | '' | 502"
      })
  void comparesAnswersByStatus(int status, String type, String body, String id, int expected)
      throws IOException {
    api("openapi: specs/shop.yaml\nvalidate: {response: enforce}\n");
    TestExchange exchange = root.compile().started("add", "/items", "{}", "Content-Type", JSON);
    if (id.isEmpty()) {
      exchange.upstream().call().answer(status, body, "Content-Type", type);
    } else {
      exchange.upstream().call().answer(status, body, "Content-Type", type, "X-Id", id);
    }
    assertThat(exchange.client().head().status()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "count=2&express=true&tags=a | 200",
        "count=2&tags=a&tags=b&color=%7B%22R%22%3A1%7D | 200",
        "count=0 | /count: is less than 1",
        "count=two | /count: ",
        "count=1&tags=a&tags=b&tags=c | /tags: ",
        "count=1&color=red | /color: ",
        "express=true | lacks the property count",
        "count=1&more=2 | not allowed: more",
      })
  void comparesFormsWithTheirSchema(String form, String expected) throws IOException {
    String type = "application/x-www-form-urlencoded";
    assertThat(root.compile().ask("order", "/orders", form, "Content-Type", type))
        .contains(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<order count='2'><express>true</express><tags>a</tags></order> | 200",
        "<order count='2'><color><R>1</R></color></order> | 200",
        "<order count='0'/> | /count: is less than 1",
        "<order count='two'/> | is not of its types: XML: no number",
        "<order count='1'><more/></order> | not allowed: more",
        "<order/> | lacks the property count",
        "<order> | cannot be read",
      })
  void comparesXmlWithItsSchema(String xml, String expected) throws IOException {
    assertThat(root.compile().ask("order", "/orders", xml, "Content-Type", "application/xml"))
        .contains(expected);
  }

  @Test
  void knowsTheSchemasOfVersion31() throws IOException {
    root.write(
        "specs/new.json",
        """
        {"openapi": "3.1.0", "paths": {"/items": {"post": {"operationId": "add", "requestBody": {"content": {
          "application/json": {"schema": {"type": ["object", "null"], "properties": {"n": {"exclusiveMinimum": 1}, "u": {"format": "uuid"}},
            "$ref": "#/components/schemas/Closed", "unevaluatedProperties": false}}}}}}},
         "components": {"schemas": {"Closed": {"properties": {"k": {"const": 1}}}}}}
        """);
    api("openapi: specs/new.json\nvalidate: {request: enforce}\n");
    SchemaRoot.Compiled compiled = root.compile();
    assertThat(add(compiled, "{\"n\": 2, \"k\": 1}", JSON)).isEqualTo("200");
    assertThat(add(compiled, "null", JSON)).isEqualTo("200");
    assertThat(add(compiled, "{\"n\": 1, \"k\": 2, \"x\": 1, \"u\": \"1\"}", JSON))
        .contains("/n: is not more than 1")
        .contains("/k: is not the value")
        .contains("is not allowed: x")
        .contains("/u: is not of the format uuid");
  }

  @Test
  void saysWhereASchemaIsWrong() throws IOException {
    root.write(
        "specs/shop.yaml",
        """
        openapi: 3.1.0
        paths:
          /a:
            post:
              requestBody:
                content:
                  application/json:
                    schema:
                      type: strin
                      properties:
                        a: {pattern: "(", minLength: -1}
        """);
    assertThat(root.problems())
        .containsExactlyInAnyOrder(
            "specs/shop.yaml:11:30 \"(\" is no regular expression of ECMA-262: at 1 is a group"
                + " without an end",
            "specs/shop.yaml:11:46 properties/a/minLength: is not as"
                + " https://json-schema.org/draft/2020-12/schema wants it: is less than 0",
            "specs/shop.yaml:9:21 type: is not as https://json-schema.org/draft/2020-12/schema"
                + " wants it: is none of the values that are allowed",
            "specs/shop.yaml:9:21 type: is not as https://json-schema.org/draft/2020-12/schema"
                + " wants it: is of another type (expected: array)");
  }

  @Test
  void refusesToCheckAStream() throws IOException {
    api(
        """
        openapi: specs/shop.yaml
        validate: {response: log}
        operations:
          - {id: events, match: GET /items, stream: sse}
        """);
    assertThat(root.problems())
        .containsExactly(
            "api operations: the responses of events are a stream of sse, which has no end to check"
                + " (expected: validate: {response: off})");
  }
}
