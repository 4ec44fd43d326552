package tollgate.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs every case of {@link GoldenCase}; {@code -Dgolden.update} writes what came out as expected.
 */
final class GoldenTest {
  @TempDir private Path folder;

  @TestFactory
  List<DynamicTest> readsEveryCaseAsExpected() throws IOException {
    return GoldenCase.all().stream()
        .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> check(golden)))
        .toList();
  }

  private void check(GoldenCase golden) throws IOException {
    ConfigRoot root = golden.writeTo(Files.createDirectory(folder.resolve(golden.name())));
    String actual = golden.actual(root);
    if (System.getProperty("golden.update") != null) {
      golden.update(actual);
    }
    assertThat(actual)
        .isEqualTo(System.getProperty("golden.update") != null ? actual : golden.expected());
    assertThat(actual).doesNotContain("hunter2");
  }
}
