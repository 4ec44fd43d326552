package tollgate.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tollgate.config.read.ReferencePage;

/** The checked-in page equals what the steps declare; {@code -Dgolden.update} writes it anew. */
final class StepsPageTest {
  private static final Path PAGE = Path.of("../docs/reference/steps.md");

  @Test
  void pageIsUpToDate() throws Exception {
    String page = ReferencePage.ofSteps(BuiltInHandlers.stepShapes());
    if (System.getProperty("golden.update") != null) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).hasContent(page);
  }
}
