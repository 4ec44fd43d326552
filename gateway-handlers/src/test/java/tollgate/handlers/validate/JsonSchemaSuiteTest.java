package tollgate.handlers.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.config.read.Diagnostic;
import tollgate.config.schema.Draft;
import tollgate.config.schema.SchemaFolder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The cases of the JSON Schema Test Suite: every required one through the handler, body in, 200 or
 * 400 out; of the optional ones, how many hold. The suite lies beside the project ({@code
 * -Dsuites=}); without it the test is skipped.
 */
class JsonSchemaSuiteTest {
  private static final Path SUITE =
      Path.of(System.getProperty("suites", "../../shared/suites"), "json-schema");

  private static final String SERVED = "http://localhost:1234/";
  private static final String OURS = "conf:/remotes/";

  private final ObjectMapper mapper = JsonMapper.builder().build();

  @TempDir private Path folder;

  /** One group of the suite: a schema and its cases. */
  private record Group(String name, String file, JsonNode cases) {}

  @ParameterizedTest
  @CsvSource({
    "draft4, DRAFT_4, 618",
    "draft6, DRAFT_6, 839",
    "draft7, DRAFT_7, 927",
    "draft2019-09, DRAFT_2019_09, 1259",
    "draft2020-12, DRAFT_2020_12, 1299"
  })
  void everyRequiredCaseHolds(String name, Draft draft, int cases) throws IOException {
    assumeTrue(Files.isDirectory(SUITE), "no suite at " + SUITE);
    SchemaRoot root = new SchemaRoot(folder);
    List<Group> groups = groups(root, draft, files(SUITE.resolve("tests").resolve(name), 1));
    StringBuilder api = new StringBuilder(SchemaRoot.HEAD).append("operations:\n");
    for (int i = 0; i < groups.size(); i++) {
      api.append("  - {id: o").append(i).append(", match: POST /o").append(i);
      api.append(", validate: {request: {jsonSchema: ").append(groups.get(i).file());
      api.append("}}}\n");
    }
    SchemaRoot.Compiled compiled = root.write("conf.d/api.yaml", api.toString()).compile();
    List<String> wrong = new ArrayList<>();
    int asked = 0;
    for (int i = 0; i < groups.size(); i++) {
      for (JsonNode one : groups.get(i).cases()) {
        String answer = compiled.json("o" + i, one.get("data").toString());
        boolean isValid = one.get("valid").booleanValue();
        if (!answer.startsWith(isValid ? "200" : "400 The request does not match")) {
          wrong.add(groups.get(i).name() + "/" + one.get("description") + ": " + answer);
        }
        asked++;
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(asked).isEqualTo(cases);
  }

  @ParameterizedTest
  @CsvSource({
    "draft4, DRAFT_4, 315",
    "draft6, DRAFT_6, 425",
    "draft7, DRAFT_7, 740",
    "draft2019-09, DRAFT_2019_09, 840",
    "draft2020-12, DRAFT_2020_12, 850"
  })
  void mostOptionalCasesHold(String name, Draft draft, int atLeast) throws IOException {
    assumeTrue(Files.isDirectory(SUITE), "no suite at " + SUITE);
    SchemaRoot root = new SchemaRoot(folder);
    Path tests = SUITE.resolve("tests").resolve(name).resolve("optional");
    int good = 0;
    int all = 0;
    for (Group group : groups(root, draft, files(tests, 4))) {
      // Formats are compared there as OpenAPI documents have them compared.
      boolean assertFormats = group.name().contains("/format/");
      List<Diagnostic> problems = new ArrayList<>();
      JsonChecker checker =
          JsonSchemas.ofFileBlocking(
              new SchemaFolder(folder, Path.of("")),
              folder.resolve(group.file()),
              assertFormats,
              problems);
      for (JsonNode one : group.cases()) {
        all++;
        if (checker != null) {
          Violations violations = new Violations();
          checker.check(one.get("data"), violations);
          good += violations.isEmpty() == one.get("valid").booleanValue() ? 1 : 0;
        }
      }
    }
    System.out.println(name + ": " + good + " of " + all + " optional cases hold");
    assertThat(good).isGreaterThanOrEqualTo(atLeast);
  }

  private List<Group> groups(SchemaRoot root, Draft draft, List<Path> files) throws IOException {
    for (Path remote : files(SUITE.resolve("remotes"), 9)) {
      String name = "remotes/" + SUITE.resolve("remotes").relativize(remote);
      root.write(name, Files.readString(remote).replace(SERVED, OURS));
    }
    List<Group> groups = new ArrayList<>();
    for (Path file : files) {
      for (JsonNode group : mapper.readTree(Files.readString(file))) {
        String name = "schemas/s" + groups.size() + ".json";
        root.write(name, schema(group.get("schema"), draft).replace(SERVED, OURS));
        String shown = file.toString() + "/" + group.get("description").stringValue();
        groups.add(new Group(shown, name, group.get("tests")));
      }
    }
    return groups;
  }

  /** Schemas of the older drafts do not say what they are. */
  private String schema(JsonNode schema, Draft draft) {
    if (!schema.isObject() || schema.has("$schema")) {
      return schema.toString();
    }
    ObjectNode named = mapper.createObjectNode();
    named.put("$schema", draft.iri());
    named.setAll((ObjectNode) schema);
    return named.toString();
  }

  private static List<Path> files(Path folder, int depth) throws IOException {
    try (Stream<Path> walk = Files.walk(folder, depth)) {
      return walk.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }
}
