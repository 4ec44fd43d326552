package tollgate.core.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The page of fault codes says what the constants say; {@code -Dgolden.update} rewrites its table.
 */
class FaultsPageTest {
  private static final Path PAGE = Path.of("../docs/reference/faults.md");
  private static final String HEAD =
      "| code | status | title | outcome |\n| --- | --- | --- | --- |\n";

  @Test
  void listsEveryCode() throws Exception {
    String page = Files.readString(PAGE, UTF_8);
    String table = HEAD + String.join("", codes().map(FaultsPageTest::row).toList());
    if (System.getProperty("golden.update") != null) {
      page = page.substring(0, page.indexOf(HEAD)) + table;
      Files.writeString(PAGE, page, UTF_8);
    }
    assertThat(page).endsWith(table);
  }

  @Test
  void codesAreUnique() throws Exception {
    List<String> codes = codes().map(FaultCode::code).toList();
    assertThat(codes).doesNotHaveDuplicates();
  }

  private static Stream<FaultCode> codes() {
    return Arrays.stream(FaultCode.class.getFields())
        .filter(
            field -> Modifier.isStatic(field.getModifiers()) && field.getType() == FaultCode.class)
        .map(field -> {
          try {
            return (FaultCode) field.get(null);
          } catch (IllegalAccessException e) {
            throw new AssertionError(e);
          }
        })
        .sorted(Comparator.comparingInt(FaultCode::status).thenComparing(FaultCode::code));
  }

  private static String row(FaultCode code) {
    return "| `"
        + code.code()
        + "` | "
        + code.status()
        + " | "
        + code.title()
        + " | `"
        + code.outcome().word()
        + "` |\n";
  }
}
