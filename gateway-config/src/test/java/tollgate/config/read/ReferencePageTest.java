package tollgate.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The checked-in page equals what the definitions say; {@code -Dgolden.update} writes it anew. */
final class ReferencePageTest {
  private static final Path PAGE = Path.of("../docs/reference/configuration.md");

  @Test
  void pageIsUpToDate() throws Exception {
    if (System.getProperty("golden.update") != null) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, ReferencePage.ofKinds());
    }
    assertThat(PAGE).hasContent(ReferencePage.ofKinds());
  }

  @Test
  void listsTheOptionsOfSteps() {
    assertThat(ReferencePage.ofSteps(TestSteps.ALL))
        .contains("## headers\n\nEdits header fields. Stands in: request, response.\n")
        .contains("| `set` | map of header name to text | `{}` | Fields to set. |")
        .contains("## mark\n\nMarks. Stands in: response.\n\nNo options.\n")
        .contains("Value: whole number, 100 to 599, or map.\n\n| key |")
        .contains("| `status` | whole number, 100 to 599 | `200` | Status of the answer. |");
  }
}
