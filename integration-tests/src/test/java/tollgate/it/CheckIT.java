package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Tollgate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line on configurations at rest, hostile ones (D9) among them. */
final class CheckIT {
  private static final String GATEWAY =
      "kind: Gateway\nname: it\nlisteners: [{name: http, bind: \"127.0.0.1:8280\"}]\n";

  @TempDir private static Path root;
  private static Tollgate.Ran hostileRan;

  @Test
  void findsNothingWrongInAGoodFolder() throws IOException {
    write(root.resolve("good"), "conf.d/apis.yaml", upstream("u", 80) + api("a", "/a", "u"));
    Tollgate.Ran ran = check(root.resolve("good"));
    assertThat(ran.text()).isEqualTo(root.resolve("good") + " is good\n");
    assertThat(ran.exitCode()).isZero();
  }

  /**
   * A file's name, its content, and a pattern of what must be said of it; one run of {@code check}
   * reads them all.
   */
  static Stream<Arguments> hostile() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      bomb.append(
          "a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9) + "*a" + (i - 1)));
    }
    return Stream.of(
        Arguments.of("aliases", bomb.toString(), ":\\d+:\\d+ .*alias"),
        Arguments.of("duplicates", "kind: Api\nname: x\nname: y\n", ":3:1 .*name"),
        Arguments.of(
            "java-tags", "kind: !!javax.script.ScriptEngineManager [x]\n", ":1:\\d+ .*tag"),
        Arguments.of("own-tags", "kind: !secret x\n", ":1:\\d+ .*tag"),
        Arguments.of("tabs", "kind: Api\n\tname: x\n", ":2:\\d+ "),
        Arguments.of("unknown-keys", upstream("v", 80, "timeout: {}"), ":5:1 .*timeout.*timeouts"),
        Arguments.of("depth", "[".repeat(20_000), ":\\d+:\\d+ "),
        Arguments.of("no-end", "kind: \"", ":\\d+:\\d+ "),
        Arguments.of("not-utf8", "kind: \u00ff\u00fe", ""),
        Arguments.of(
            "huge",
            "# padding padding padding padding padding padding padding\n".repeat(900_000),
            ""),
        Arguments.of("itself", "kind: Upstream\nname: ${file:conf.d/itself.yaml}\n", ":2:\\d+ "));
  }

  @BeforeAll
  static void checkHostileFiles() throws IOException {
    Path folder = root.resolve("hostile");
    for (Arguments file : hostile().toList()) {
      write(folder, "conf.d/" + file.get()[0] + ".yaml", "");
      Files.write(
          folder.resolve("conf.d/" + file.get()[0] + ".yaml"), Bytes.of((String) file.get()[1]));
    }
    hostileRan = check(folder);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void refusesHostileFiles(String name, String content, String expected) {
    assertThat(content).isNotEmpty();
    assertThat(hostileRan.exitCode()).isEqualTo(1);
    assertThat(hostileRan.text())
        .containsPattern(name + "\\.yaml" + expected)
        .doesNotContain("\tat ", "Exception", "OutOfMemory");
  }

  @Test
  void reportsAllProblemsAtOnceAsJson(@TempDir Path folder) throws IOException {
    write(
        folder,
        "conf.d/apis.yaml",
        api("a", "/a", "missing").replace("context:", "contxt:") + api("a", "/b", "missing"));
    Tollgate.Ran ran = Tollgate.run("check", "--conf", folder.toString(), "--format", "json");
    assertThat(ran.exitCode()).isEqualTo(1);
    JsonNode report = JsonMapper.shared().readTree(ran.out());
    assertThat(report.toString()).contains("contxt", "missing", "apis.yaml");
  }

  @Test
  void printsNoSecret(@TempDir Path folder) throws IOException {
    write(folder, "secret", "kept-to-itself");
    write(
        folder,
        "conf.d/apis.yaml",
        upstream("u", 80).replace("name: u", "name: \"${file:secret}!\""));
    Tollgate.Ran ran = check(folder);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.text()).containsPattern("apis\\.yaml:3:\\d+").doesNotContain("kept-to-itself");
  }

  @Test
  void endsWith2OnWrongUsage() throws IOException {
    assertThat(Tollgate.run("check", "--no-such-option").exitCode()).isEqualTo(2);
    assertThat(Tollgate.run("no-such-command").exitCode()).isEqualTo(2);
  }

  @Test
  void endsWith1WithoutAFolder() throws IOException {
    assertThat(Tollgate.run("check", "--conf", root.resolve("nowhere").toString()).exitCode())
        .isEqualTo(1);
  }

  @Test
  void printsItsVersion() throws IOException {
    Tollgate.Ran ran = Tollgate.run("version");
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).contains("0.1.0");
  }

  @Test
  void printsTheSchema() throws IOException {
    Tollgate.Ran ran = Tollgate.run("schema");
    assertThat(ran.exitCode()).isZero();
    assertThat(JsonMapper.shared().readTree(ran.out()).path("$schema").asString(""))
        .contains("json-schema.org");
  }

  private static Tollgate.Ran check(Path folder) throws IOException {
    return Tollgate.run("check", "--conf", folder.toString());
  }

  private static void write(Path folder, String name, String content) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(folder.resolve("gateway.yaml"), GATEWAY);
    Files.writeString(folder.resolve(name), content);
  }
}
