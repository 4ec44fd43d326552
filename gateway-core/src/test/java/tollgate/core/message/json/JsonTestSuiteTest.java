package tollgate.core.message.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tollgate.core.media.MediaType;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.PayloadLimits;
import tollgate.core.message.TestBodies;

/**
 * Nicolas Seriot's JSONTestSuite through the builder, where it lies beside the project: {@code
 * ../shared/suites/json-parsing}, or the folder that {@code -Dsuites=} names. Skipped elsewhere.
 */
class JsonTestSuiteTest {
  @Test
  void acceptsWhatIsJsonAndRefusesWhatIsNot() throws IOException {
    Path cases = Suites.folder().resolve("json-parsing/test_parsing");
    Assumptions.assumeTrue(Files.isDirectory(cases), "no suite at " + cases);
    List<String> wrong = new ArrayList<>();
    Map<String, String> free = new TreeMap<>();
    int judged = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(cases, "*.json")) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String verdict = verdict(Files.readAllBytes(file));
        if (name.startsWith("i_")) {
          free.put(name, verdict);
        } else {
          judged++;
          if (verdict.equals("accepted") != name.startsWith("y_")) {
            wrong.add(name + ": " + verdict);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(judged).isGreaterThan(280);
    System.out.println(judged + " cases as they must be; free ones:");
    free.forEach((name, verdict) -> System.out.println("  " + name + ": " + verdict));
    assertThat(free.values()).filteredOn("accepted"::equals).hasSize(22);
  }

  private static String verdict(byte[] text) {
    try {
      TestBodies.build("json", MediaType.JSON, PayloadLimits.DEFAULT, text);
      return "accepted";
    } catch (MalformedPayloadException e) {
      return e.getMessage();
    }
  }
}
