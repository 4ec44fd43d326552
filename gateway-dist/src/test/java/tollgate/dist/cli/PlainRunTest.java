package tollgate.dist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PlainRunTest {
  @Test
  void understandsTheUsualFormsAsTheLibraryDoes() {
    for (String form :
        new String[] {"run", "run --conf etc/gw", "run --conf=etc/gw", "run --conf=/a=b"}) {
      String[] arguments = form.split(" ");
      assertThat(PlainRun.root(arguments)).as(form).isEqualTo(byLibrary(arguments));
    }
    assertThat(PlainRun.root("run")).isEqualTo(Path.of("conf"));
    assertThat(PlainRun.root("run", "--conf", "with space")).isEqualTo(Path.of("with space"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check",
        "run --help",
        "run --conf",
        "run --conf=",
        "run --conf --help",
        "run -h",
        "run etc",
        "run --conf a --conf b",
        "run --conf @arguments",
        "run --conf=\"quoted\"",
        "run --conf ${sys:user.home}",
        "--conf a"
      })
  void leavesTheRestToTheLibrary(String form) {
    assertThat(PlainRun.root(form.split(" "))).isNull();
  }

  @Test
  void leavesNoCommandToTheLibrary() {
    assertThat(PlainRun.root()).isNull();
  }

  private static Path byLibrary(String... arguments) {
    return new CommandLine(new Tollgate())
        .parseArgs(arguments).subcommand().commandSpec().mixins().values().stream()
            .map(mixin -> ((ConfigurationFolder) mixin.userObject()).path())
            .findFirst()
            .orElseThrow();
  }
}
