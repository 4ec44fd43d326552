package tollgate.handlers.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.config.model.GatewayConfiguration;
import tollgate.config.read.ConfigReader;
import tollgate.config.read.Loaded;
import tollgate.handlers.BuiltInHandlers;
import tollgate.handlers.testing.PolicyText;

class TemplateOptionsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "application/json|{\"a\": ${body:$.a}|does not make a body of its type: ",
        "application/json|{\"a\" ${body:$.a}}|does not make a body of its type: JSON: expected : after the name at line 1, column 6 of body",
        "application/json|{\"a\": ${if body:$.a}1${end}}|does not make a body of its type",
        "application/json|[1, ${for l in body:$.l}${l:$}${end}]|has a loop that is not alone in its brackets (expected: [ or { before it) at line 1, column 5 of body",
        "application/json|[${for l in body:$.l}${l:$}${end}, 1]|has something between a loop and the bracket behind it",
        "application/json|[${for l in body:$.l}${l:$}]|has a block that does not end at line 1, column 2 of body",
        "application/json|[1]${end}|has an end without a beginning",
        "application/json|[1${else}]|has an else without an if",
        "application/json|\"${if body:$.a}\"${end}|has a block that ends elsewhere than it began",
        "application/json|\"\\${body:$.a}\"|has a value where none can stand",
        "application/json|[${line:$.a}]|has ${line:$.a}, which is not known",
        "application/json|[${for header in body:$.a}1${end}]|has the variable header, which means something else",
        "application/json|[${for l in header:A}1${end}]|has a loop over what is no place in the body",
        "application/json|[${body:$.[}]|is no JSONPath",
        "application/json|[${body:$.a}, ${body:/a}]|has JSONPath beside XPath",
        "application/json|[${body:$.a]|has an expression that does not end",
        "application/xml|<a ${body:$.a}/>|has a value where none can stand at line 1, column 4 of body",
        "application/xml|<a><!-- ${body:$.a} --></a>|has a value where none can stand",
        "application/xml|<a><![CDATA[${body:$.a}]]></a>|has a value where none can stand",
        "application/xml|<a>${if body:$.a}<b>${end}</a>|does not make a body of its type",
        "application/xml|<!DOCTYPE a><a/>|does not make a body of its type",
        "application/xml|<o:a/>|does not make a body of its type",
        "image/png|x|is none that a template is for",
        "application/json; charset=utf-16|[]|names a charset",
      })
  void mistakesAreFoundWhenItIsLoaded(String type, String body, String problem) {
    assertThat(
            PolicyText.problems(
                "template: {type: \""
                    + type
                    + "\", body: \""
                    + body.replace("\\", "\\\\").replace("\"", "\\\"")
                    + "\"}"))
        .contains(problem);
  }

  @Test
  void aTemplateStandsInOnePlace() {
    assertThat(PolicyText.problems("template: {type: text/plain}"))
        .contains("needs a template beside it (expected: either body or file)");
    assertThat(PolicyText.problems("template: {type: text/plain, body: []}"))
        .contains("(expected: text with expressions)");
    assertThat(PolicyText.problems("template: {type: text/plain, file: none.txt}"))
        .contains("request[0].template.file: \"none.txt\" cannot be read: no such file");
    assertThat(PolicyText.problems("template: {type: text/plain, file: ../out.txt}"))
        .contains("lies outside the configuration folder");
  }

  @Test
  void aFileIsReadAgainWhenItChangesAndItsMistakesArePlacedInIt(@TempDir Path root)
      throws Exception {
    Files.createDirectories(root.resolve("conf.d"));
    Files.createDirectories(root.resolve("templates"));
    Files.writeString(
        root.resolve("gateway.yaml"),
        "kind: Gateway\nname: edge\nlisteners: [{name: http, bind: \"127.0.0.1:0\"}]\n");
    Files.writeString(
        root.resolve("conf.d/p.yaml"),
        "kind: Policy\nname: p\nrequest:\n  - template: {type: application/json, file: templates/a.json}\n");
    Path template = root.resolve("templates/a.json");
    Files.writeString(template, "{\n  \"a\": ${body:$.a}\n}\n");
    ConfigReader reader = ConfigReader.create(BuiltInHandlers.stepShapes());
    var first = (Loaded.Valid<GatewayConfiguration>) reader.readBlocking(root);
    assertThat(reader.watchedFiles()).contains(template.toAbsolutePath().normalize());
    Files.writeString(template, "{\n  \"b\": ${body:$.a}\n}\n");
    var second = (Loaded.Valid<GatewayConfiguration>) reader.readBlocking(root);
    assertThat(second.value().policies().getFirst().contentHash())
        .isNotEqualTo(first.value().policies().getFirst().contentHash());
    Files.writeString(template, "{\n  \"b\": ${bdy:$.a}\n}\n");
    var third = (Loaded.Invalid<GatewayConfiguration>) reader.readBlocking(root);
    assertThat(third.problems()).hasSize(1);
    assertThat(third.problems().getFirst().toString())
        .contains(
            "templates/a.json:2:8 request[0].template: has ${bdy:$.a}, which is not known (did you mean \"body\"?)");
  }
}
