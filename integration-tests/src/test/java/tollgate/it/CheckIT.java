package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tollgate.it.harness.Tollgate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line on configurations at rest, hostile ones (D9) among them. */
final class CheckIT {
  private static final String GATEWAY = "kind: Gateway\nname: it\nlisteners: [{name: http, bind: \"127.0.0.1:8280\"}]\n";

  @TempDir private static Path root;

  @Test
  void findsNothingWrongInAGoodFolder() throws IOException {
    write(root, "conf.d/apis.yaml", upstream("u", 80) + api("a", "/a", "u"));
    Tollgate.Ran ran = check(root);
    assertThat(ran.text()).isEmpty();
    assertThat(ran.exitCode()).isZero();
  }

  /** Content, and a pattern of what must be said of it. */
  static Stream<Arguments> hostile() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9) + "*a" + (i - 1)));
    }
    return Stream.of(
        Arguments.of("aliases", bomb.toString(), "hostile\\.yaml:\\d+:\\d+ .*alias"),
        Arguments.of("duplicate keys", "kind: Api\nname: x\nname: y\n", "hostile\\.yaml:3:1 .*name"),
        Arguments.of("tags", "kind: !!javax.script.ScriptEngineManager [x]\n", "hostile\\.yaml:1:\\d+ .*tag"),
        Arguments.of("own tags", "kind: !secret x\n", "hostile\\.yaml:1:\\d+ .*tag"),
        Arguments.of("tabs", "kind: Api\n\tname: x\n", "hostile\\.yaml:2:\\d+ "),
        Arguments.of("unknown keys", upstream("v", 80, "timeout: {}"), "hostile\\.yaml:5:1 .*timeout.*timeouts"),
        Arguments.of("depth", "[".repeat(20_000), "hostile\\.yaml:\\d+:\\d+ "),
        Arguments.of("no end", "kind: \"", "hostile\\.yaml:\\d+:\\d+ "),
        Arguments.of("not UTF-8", "kind: \u00ff\u00fe", "hostile\\.yaml"),
        Arguments.of("an endless reference", "kind: Upstream\nname: ${file:conf.d/hostile.yaml}\n", "hostile\\.yaml:2:\\d+ "));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void refusesHostileFiles(String what, String content, String expected, @TempDir Path folder) throws IOException {
    byte[] bytes = what.equals("not UTF-8") ? tollgate.it.harness.Bytes.of(content) : content.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    write(folder, "conf.d/hostile.yaml", "");
    Files.write(folder.resolve("conf.d/hostile.yaml"), bytes);
    Tollgate.Ran ran = check(folder);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.text()).containsPattern(expected).doesNotContain("\tat ", "Exception");
  }

  @Test
  void refusesAHugeFile(@TempDir Path folder) throws IOException {
    write(folder, "conf.d/huge.yaml", "# padding padding padding padding padding padding padding\n".repeat(900_000));
    Tollgate.Ran ran = check(folder);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.text()).contains("huge.yaml").doesNotContain("\tat ", "OutOfMemory");
  }

  @Test
  void reportsAllProblemsAtOnceAsJson(@TempDir Path folder) throws IOException {
    write(folder, "conf.d/apis.yaml", api("a", "/a", "missing").replace("context:", "contxt:") + api("a", "/b", "missing"));
    Tollgate.Ran ran = Tollgate.run("check", "--conf", folder.toString(), "--format", "json");
    assertThat(ran.exitCode()).isEqualTo(1);
    JsonNode report = JsonMapper.shared().readTree(ran.out());
    assertThat(report.toString()).contains("contxt", "missing", "apis.yaml");
  }

  @Test
  void printsNoSecret(@TempDir Path folder) throws IOException {
    write(folder, "secret", "kept-to-itself");
    write(folder, "conf.d/apis.yaml", upstream("u", 80).replace("name: u", "name: \"${file:secret}!\""));
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
    assertThat(Tollgate.run("check", "--conf", root.resolve("nowhere").toString()).exitCode()).isEqualTo(1);
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
    assertThat(JsonMapper.shared().readTree(ran.out()).path("$schema").asString("")).contains("json-schema.org");
  }

  private static Tollgate.Ran check(Path folder) throws IOException {
    return Tollgate.run("check", "--conf", folder.toString());
  }

  private static void write(Path folder, String name, String content) throws IOException {
    Files.writeString(folder.resolve("gateway.yaml"), GATEWAY);
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(folder.resolve(name), content);
  }
}
