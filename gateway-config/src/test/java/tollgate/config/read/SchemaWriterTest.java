package tollgate.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.config.model.GatewayConfiguration;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.ListNode;
import tollgate.config.text.MapNode;
import tollgate.config.text.ScalarNode;
import tollgate.config.text.YamlText;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

final class SchemaWriterTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(SchemaWriter.write(Vocabulary.of(TestSteps.ALL)));

  @TempDir private Path folder;

  @Test
  void isAValidSchemaItself() {
    Schema meta =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(
                com.networknt.schema.SchemaLocation.of(
                    "https://json-schema.org/draft/2020-12/schema"));

    assertThat(meta.validate(JSON.readTree(SchemaWriter.write(Vocabulary.of(TestSteps.ALL)))))
        .isEmpty();
  }

  @Test
  void acceptsDocumentsWithEveryKey() {
    for (String document :
        List.of(
            FullConfiguration.GATEWAY,
            FullConfiguration.UPSTREAM,
            FullConfiguration.API,
            FullConfiguration.POLICY)) {
      assertThat(problems(document)).isEmpty();
    }
  }

  @Test
  void acceptsEveryGoldenCaseThatTheReaderAccepts() throws Exception {
    int accepted = 0;
    for (GoldenCase golden : GoldenCase.all()) {
      ConfigRoot root = golden.writeTo(Files.createDirectory(folder.resolve(golden.name())));
      if (root.read() instanceof Loaded.Valid<GatewayConfiguration> valid) {
        for (Path file : valid.value().files()) {
          assertThat(problems(Files.readString(file))).as(golden.name()).isEmpty();
          accepted++;
        }
      }
    }
    assertThat(accepted).isPositive();
  }

  @Test
  void refusesWhatTheReaderRefuses() {
    assertThat(problems(FullConfiguration.API.replace("context:", "contxt:"))).isNotEmpty();
    assertThat(problems(FullConfiguration.API.replace("security: none", ""))).isNotEmpty();
    assertThat(problems(FullConfiguration.API.replace("security: none", "security: open")))
        .isNotEmpty();
    assertThat(problems(FullConfiguration.UPSTREAM.replace("500ms", "500"))).isNotEmpty();
    assertThat(problems(FullConfiguration.UPSTREAM.replace("weight: 3", "weight: 3000")))
        .isNotEmpty();
    assertThat(problems(FullConfiguration.GATEWAY.replace("kind: Gateway", "kind: Gatewy")))
        .isNotEmpty();
    assertThat(problems(FullConfiguration.GATEWAY.replace("4KiB", "4KB"))).isNotEmpty();
    assertThat(problems(FullConfiguration.POLICY.replace("headers", "heders"))).isNotEmpty();
  }

  @Test
  void carriesDescriptionsAndDefaults() {
    JsonNode gateway =
        JSON.readTree(SchemaWriter.write(Vocabulary.of(StepShapes.none()))).at("/$defs/Gateway");

    assertThat(gateway.at("/properties/drain/properties/delay/default").asString()).isEqualTo("5s");
    assertThat(
            gateway
                .at("/properties/telemetry/properties/prometheus/properties/seriesLimit/default")
                .asInt())
        .isEqualTo(10_000);
    assertThat(gateway.at("/properties/name/description").asString()).isNotEmpty();
    assertThat(gateway.at("/additionalProperties").asBoolean(true)).isFalse();
  }

  @Test
  void everyKeyHasADescription() {
    Set<String> bare = new HashSet<>();
    for (Kind<?> kind : Kind.all(Vocabulary.of(TestSteps.ALL))) {
      collectBare(kind.name(), JSON.valueToTree(kind.shape().schema()), bare);
    }
    assertThat(bare).isEmpty();
  }

  private static void collectBare(String path, JsonNode schema, Set<String> bare) {
    schema
        .path("properties")
        .forEachEntry((key, property) -> {
          if (!key.equals("kind") && property.path("description").asString("").isEmpty()) {
            bare.add(path + "." + key);
          }
          collectBare(path + "." + key, property, bare);
          collectBare(path + "." + key, property.path("items"), bare);
        });
  }

  private static List<String> problems(String yaml) {
    List<String> problems = new ArrayList<>();
    for (ConfigNode document :
        YamlText.parse("x", yaml.getBytes(StandardCharsets.UTF_8)).documents()) {
      for (Error error : SCHEMA.validate(json(document))) {
        problems.add(error.toString());
      }
    }
    return problems;
  }

  /** As a YAML 1.2 reader with the core schema sees it. */
  private static JsonNode json(ConfigNode node) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    return switch (node) {
      case ListNode list ->
          make.arrayNode().addAll(list.items().stream().map(SchemaWriterTest::json).toList());
      case MapNode map -> {
        var object = make.objectNode();
        map.entries().forEach(entry -> object.set(entry.key(), json(entry.value())));
        yield object;
      }
      case ScalarNode scalar when scalar.isNull() -> make.nullNode();
      case ScalarNode scalar when scalar.form() != ScalarNode.Form.PLAIN ->
          make.stringNode(scalar.text());
      case ScalarNode scalar when scalar.text().matches("true|false") ->
          make.booleanNode(scalar.text().equals("true"));
      case ScalarNode scalar when scalar.text().matches("-?[0-9]{1,18}") ->
          make.numberNode(Long.parseLong(scalar.text()));
      case ScalarNode scalar when scalar.text().matches("-?[0-9]+\\.[0-9]+") ->
          make.numberNode(Double.parseDouble(scalar.text()));
      case ScalarNode scalar -> make.stringNode(scalar.text());
    };
  }
}
