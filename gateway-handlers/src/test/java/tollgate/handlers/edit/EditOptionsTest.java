package tollgate.handlers.edit;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.config.model.OperationConfig;
import tollgate.config.model.OperationMatch;
import tollgate.config.model.PathTemplate;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.handler.Side;
import tollgate.handlers.testing.PolicyText;

class EditOptionsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|request[0].edit: edits nothing (expected: remove, rename, move, set, merge, headers or query)",
        "{removes: [$.a]}|request[0].edit.removes: unknown key (did you mean \"remove\"?)",
        "{remove: [a]}|request[0].edit.remove[0]: \"a\" is no path in a body (expected: JSONPath as $.id, or XPath as /order/id)",
        "{remove: [\"$.a[\"]}|request[0].edit.remove[0]: \"$.a[\" is no JSONPath: ",
        "{remove: [\"/a[\"]}|request[0].edit.remove[0]: \"/a[\" is no XPath: ",
        "{remove: [/o:a]}|request[0].edit: \"/o:a\" is no XPath: ",
        "{remove: [$.a, /a]}|request[0].edit: has JSONPath beside XPath (expected: one of them, a body is either JSON or XML)",
        "{remove: [\"count(/a)\"]}|request[0].edit.remove[0]: \"count(/a)\" is no path in a body",
        "{remove: [\"/a + 1\"]}|request[0].edit: \"/a + 1\" selects no nodes",
        "{set: {$.a: {b: \"${heder:X}\"}}}|request[0].edit.set.$.a.b: \"${heder:X}\" has ${heder:X}, which is not known (did you mean \"header\"?) (at character 1)",
        "{set: {$.a: \"x ${body}\"}}|request[0].edit.set.$.a: \"x ${body}\" has ${body}, which says not which (expected e.g. ${body:$.id}) (at character 3)",
        "{set: {$.a: \"${body:$.a\"}}|has an expression that does not end (at character 1)",
        "{set: {$.a: \"${body:$.[}\"}}|is no JSONPath",
        "{set: {$.a: \"${status:1}\"}}|takes nothing behind a colon",
        "{set: {$.a: \"${header:X Y}\"}}|names no header field",
        "{set: {/a: [1]}}|request[0].edit: set \"/a\": is a list or a map (expected: text, in XML)",
        "{set: {$.a: \"${body:/a}\"}}|has JSONPath beside XPath",
        "{merge: {$.a: 1}}|request[0].edit: merge \"$.a\": is no map (expected: a map)",
        "{merge: {/a: {}}}|request[0].edit: merge has an XPath (expected: JSONPath; write set for XML)",
        "{move: {\"$.a[*]\": $.b}}|can select several values (expected: paths of names and indexes alone)",
        "{move: {$.a: /b}}|has JSONPath beside XPath",
        "{rename: {/a/b: \"1\"}}|request[0].edit: \"1\" is no name of XML",
        "{rename: {/a/b: \"p:c\"}}|has a prefix that is not declared",
        "{headers: {Host: a}}|request[0].edit.headers.Host: \"Host\" is no field to edit",
        "{headers: {X-A: \"${hdr:a}\"}}|request[0].edit.headers.X-A: \"${hdr:a}\" has ${hdr:a}, which is not known",
        "{query: {a: \"${env}\"}}|which is not known",
      })
  void mistakesAreFoundWhenItIsLoaded(String edit, String problem) {
    assertThat(PolicyText.problems("edit: " + edit)).contains(problem);
  }

  @Test
  void whatDoesNotFitTheRouteIsAProblemThere() {
    assertThat(problem("{headers: {X-A: \"${path:no}\"}}", Side.REQUEST, null))
        .isEqualTo(
            "has ${path:no}, which the path of the operation does not have (expected one of: id)");
    assertThat(problem("{headers: {X-A: \"${path:id}\"}}", Side.REQUEST, null)).isNull();
    assertThat(problem("{headers: {X-A: \"${status}\"}}", Side.REQUEST, null))
        .contains("${status}");
    assertThat(problem("{headers: {X-A: \"${status}\"}}", Side.RESPONSE, null)).isNull();
    assertThat(problem("{query: {a: 1}}", Side.RESPONSE, null)).startsWith("has query");
  }

  @Test
  void streamsHaveNoBodiesToEdit() {
    String body = "{remove: [$.a]}";
    assertThat(problem(body, Side.REQUEST, OperationConfig.Stream.SSE)).isNull();
    assertThat(problem(body, Side.RESPONSE, OperationConfig.Stream.SSE)).contains("is a stream");
    assertThat(problem(body, Side.REQUEST, OperationConfig.Stream.WEBSOCKET))
        .contains("is a stream");
    assertThat(problem(body, Side.REQUEST, OperationConfig.Stream.GRPC)).contains("is a stream");
    assertThat(problem("{headers: {X-A: a}}", Side.REQUEST, OperationConfig.Stream.GRPC)).isNull();
  }

  private static @Nullable String problem(
      String edit, Side side, OperationConfig.@Nullable Stream stream) {
    EditHandlerType type = new EditHandlerType();
    PathTemplate path = PathTemplate.parse("/orders/{id}");
    return type.problem(
        PolicyText.options(EditOptions.class, "edit: " + edit),
        side,
        new RouteHandle("a", "v1", "op", "/a", "/orders/{id}"),
        new OperationConfig(
            "op",
            new OperationMatch("POST", path),
            OperationConfig.DEFAULT_TIMEOUT,
            stream == null ? OperationConfig.Stream.NONE : stream));
  }
}
