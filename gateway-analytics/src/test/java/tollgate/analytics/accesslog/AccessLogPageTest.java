package tollgate.analytics.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class AccessLogPageTest {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  @Test
  void listsExactlyTheFieldsThereAreInTheirOrder() throws IOException {
    Path page = Path.of(System.getProperty("basedir", "."), "../docs/reference/access-log.md");
    List<String> listed =
        Files.readAllLines(page).stream()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.substring(0, line.indexOf('|', 1)))
            .flatMap(cell -> CODE.matcher(cell).results().map(AccessLogPageTest::word))
            .toList();

    assertThat(listed).isEqualTo(Arrays.stream(Field.values()).map(Field::word).toList());
  }

  private static String word(MatchResult code) {
    return String.valueOf(code.group(1));
  }
}
