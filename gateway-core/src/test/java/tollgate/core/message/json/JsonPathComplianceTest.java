package tollgate.core.message.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tollgate.core.message.PayloadLimits;

/**
 * The JSONPath Compliance Test Suite, where its {@code cts.json} lies beside the project: {@code
 * ../shared/suites/jsonpath}, or {@code jsonpath} in the folder that {@code -Dsuites=} names.
 * Skipped elsewhere.
 */
class JsonPathComplianceTest {
  @Test
  void passesEveryCase() throws IOException {
    Path file = Suites.folder().resolve("jsonpath/cts.json");
    Assumptions.assumeTrue(Files.isRegularFile(file), "no suite at " + file);
    JsonDocument suite =
        JsonParser.parse(Files.readAllBytes(file), PayloadLimits.DEFAULT, DuplicateNames.REFUSE);
    List<String> wrong = new ArrayList<>();
    int cases = 0;
    int tests = suite.member(0, "tests");
    for (int test = suite.firstChild(tests); test != JsonDocument.NONE; test = suite.next(test)) {
      cases++;
      String outcome = outcome(suite, test);
      if (!outcome.isEmpty()) {
        wrong.add(suite.string(suite.member(test, "name")) + ": " + outcome);
      }
    }
    System.out.println(cases - wrong.size() + " of " + cases + " cases");
    assertThat(wrong).isEmpty();
    assertThat(cases).isGreaterThan(600);
  }

  /** Empty if it is right. */
  private static String outcome(JsonDocument suite, int test) {
    boolean isInvalid = suite.member(test, "invalid_selector") != JsonDocument.NONE;
    JsonPath path;
    try {
      path = JsonPath.compile(suite.string(suite.member(test, "selector")));
    } catch (JsonPathException e) {
      return isInvalid ? "" : e.reason();
    }
    if (isInvalid) {
      return "accepted";
    }
    JsonDocument document = compact(suite, suite.member(test, "document"));
    String found = values(document, path.select(document));
    int result = suite.member(test, "result");
    if (result != JsonDocument.NONE) {
      String wanted = compact(suite, result).toString();
      return found.equals(wanted) ? "" : found + " and not " + wanted;
    }
    int results = suite.member(test, "results");
    for (int each = suite.firstChild(results); each != JsonDocument.NONE; each = suite.next(each)) {
      if (found.equals(compact(suite, each).toString())) {
        return "";
      }
    }
    return found + " and none of " + suite.lexeme(results);
  }

  private static String values(JsonDocument document, int[] nodes) {
    JsonComposer values = new JsonComposer(0).beginArray();
    for (int node : nodes) {
      values.copy(document, node);
    }
    return values.end().finish().toString();
  }

  private static JsonDocument compact(JsonDocument json, int node) {
    return new JsonComposer(0).copy(json, node).finish();
  }
}
