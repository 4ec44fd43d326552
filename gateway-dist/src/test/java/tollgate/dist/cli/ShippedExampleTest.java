package tollgate.dist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The folder {@code conf} of the source tree. */
class ShippedExampleTest {
  private static final Path CONF = Path.of("../conf");

  @Test
  void isGood() {
    assertThat(Ran.run("check", "--conf", CONF)).isEqualTo(new Ran(0, CONF + " is good\n", ""));
  }

  /** {@code -Dgolden.update} writes it anew. */
  @Test
  void hasTheSchemaOfThisVersion() throws IOException {
    Path file = CONF.resolve("tollgate.schema.json");
    String schema = Ran.run("schema").out();
    if (System.getProperty("golden.update") != null) {
      Files.writeString(file, schema);
    }
    assertThat(file).content().isEqualTo(schema);
  }
}
