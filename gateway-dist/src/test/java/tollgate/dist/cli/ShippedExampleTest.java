package tollgate.dist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The folder {@code conf} of the source tree. */
class ShippedExampleTest {
  private static final Path CONF = Path.of("../conf");

  @Test
  void isGood() {
    assertThat(Ran.run("check", "--conf", CONF)).isEqualTo(new Ran(0, CONF + " is good\n", ""));
  }
}
