package tollgate.dist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
  private static final String BROKEN =
      Ran.APIS.replace("context:", "contxt:").replace("weight: 3", "weight: three");

  @TempDir private Path temp = Path.of("");

  @Test
  void praisesGoodConfiguration() throws IOException {
    Path root = Ran.folder(temp, Ran.GATEWAY, Ran.APIS);
    Ran ran = Ran.run("check", "--conf", root);
    assertThat(ran).isEqualTo(new Ran(0, root + " is good\n", ""));
  }

  @Test
  void printsEveryProblemWithItsPlaceAndCountsThem() throws IOException {
    Path root = Ran.folder(temp, Ran.GATEWAY, BROKEN);
    Ran ran = Ran.run("check", "--conf", root);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out())
        .contains(root + "/conf.d/apis.yaml:3:")
        .containsPattern("apis\\.yaml:13:1 contxt: .*context")
        .contains(root + " cannot be used: ")
        .contains(" errors, 0 warnings");
  }

  @Test
  void findsWhatOnlyCompilingShows() throws IOException {
    String dangling =
        Ran.APIS.replace("headers: {set: {X-Channel: api}}", "rewrite: {path: \"/x/{colour}\"}");
    Path root = Ran.folder(temp, Ran.GATEWAY, dangling);
    Ran ran = Ran.run("check", "--conf", root);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out())
        .containsPattern("apis\\.yaml:8:\\d+ .*colour")
        .contains(" cannot be used");
  }

  @Test
  void givesProblemsAsJson() throws IOException {
    Path root = Ran.folder(temp, Ran.GATEWAY, BROKEN);
    Ran ran = Ran.run("check", "--conf", root, "--format", "json");
    Map<?, ?> report = JsonValues.object(ran.out());
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(report.get("valid")).isEqualTo(false);
    List<?> problems = (List<?>) report.get("problems");
    assertThat(problems).isNotNull();
    assertThat(report.get("errors")).isEqualTo(problems.size());
    assertThat(problems)
        .anySatisfy(problem ->
            assertThat((Map<?, ?>) problem)
                .extracting("severity", "file", "line", "column")
                .containsExactly("error", root + "/conf.d/apis.yaml", 13, 1));
  }

  @Test
  void givesProblemsAsSarif() throws IOException {
    Path root = Ran.folder(temp.resolve("with space"), Ran.GATEWAY, BROKEN);
    Ran ran = Ran.run("check", "--conf", root, "--format", "sarif");
    Map<?, ?> log = JsonValues.object(ran.out());
    assertThat(log.get("version")).isEqualTo("2.1.0");
    assertThat(ran.out())
        .contains("\"level\": \"error\"")
        .contains("\"startLine\": 13")
        .contains("/with%20space/conf/conf.d/apis.yaml\"")
        .contains("\"text\": \"contxt: ");
  }

  @Test
  void namesAbsentFolder() {
    Ran ran = Ran.run("check", "--conf", temp.resolve("nowhere"));
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).contains("nowhere");
  }

  @Test
  void refusesUnknownFormat() {
    Ran ran = Ran.run("check", "--format", "xml");
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("xml").contains("text, json, sarif");
  }
}
