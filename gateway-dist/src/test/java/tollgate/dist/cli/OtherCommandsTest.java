package tollgate.dist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that need no gateway, and the command line as a whole. */
class OtherCommandsTest {
  @TempDir private Path temp = Path.of("");

  @Test
  void initWritesConfigurationThatIsGood() throws IOException {
    Path root = temp.resolve("new/conf");
    Ran ran = Ran.run("init", root);
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out())
        .contains("wrote " + root + "/gateway.yaml")
        .contains("next: tollgate run --conf " + root);
    assertThat(Files.readAllLines(root.resolve("gateway.yaml")).getFirst())
        .isEqualTo("# yaml-language-server: $schema=tollgate.schema.json");
    assertThat(Files.readAllLines(root.resolve("conf.d/hello.yaml")).getFirst())
        .isEqualTo("# yaml-language-server: $schema=../tollgate.schema.json");
    assertThat(Files.readString(root.resolve("tollgate.schema.json")))
        .isEqualTo(Ran.run("schema").out());
    assertThat(Ran.run("check", "--conf", root).exitCode()).isZero();
  }

  @Test
  void initOverwritesNothing() throws IOException {
    Ran.write(temp.resolve("gateway.yaml"), "mine");
    Ran ran = Ran.run("init", temp);
    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.err()).contains("gateway.yaml is there already");
    assertThat(Files.readString(temp.resolve("gateway.yaml"))).isEqualTo("mine");
  }

  @Test
  void schemaIsJson() {
    Ran ran = Ran.run("schema");
    assertThat(ran.exitCode()).isZero();
    assertThat(JsonValues.object(ran.out()).get("$schema"))
        .isEqualTo("https://json-schema.org/draft/2020-12/schema");
  }

  @Test
  void versionNamesWhatRuns() {
    Ran ran = Ran.run("version");
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out())
        .containsPattern("tollgate \\d+\\.\\d+.* \\(revision \\w+\\)")
        .containsPattern("java +25")
        .containsPattern("netty +4\\.2")
        .containsPattern("tls +(BoringSSL|JDK)");
  }

  @Test
  void proxyRefusesWhatItCannotGoTo() {
    Ran ran = Ran.run("proxy", "--to", "ftp://x");
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("--to").contains("http://");
    assertThat(Ran.run("proxy").exitCode()).isEqualTo(2);
    assertThat(Ran.run("proxy", "--from", "nowhere", "--to", "http://x").exitCode()).isEqualTo(2);
  }

  @Test
  void runRefusesBrokenFirstConfiguration() throws IOException {
    Path root = Ran.folder(temp, Ran.GATEWAY, Ran.APIS.replace("route:", "rout:"));
    assertThat(Ran.run("run", "--conf", root).exitCode()).isEqualTo(1);
  }

  @Test
  void answersUnknownCommandsWithUsage() {
    assertThat(Ran.run("frobnicate").exitCode()).isEqualTo(2);
    assertThat(Ran.run().exitCode()).isEqualTo(2);
    assertThat(Ran.run("check", "--nonsense").exitCode()).isEqualTo(2);
  }

  @Test
  void helpsWithEveryCommand() {
    assertThat(Ran.run("--help").out())
        .contains("run", "check", "explain", "diff", "init", "reload", "drain", "schema", "proxy");
    assertThat(Ran.run("check", "--help").out()).contains("--format").contains("--conf");
  }
}
