package tollgate.core.message.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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
import tollgate.core.message.JsonMessages;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.Payload;
import tollgate.core.message.PayloadLimits;

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
    List<String> refusedByDefault = new ArrayList<>();
    long slowestNanos = 0;
    Map<String, String> free = new TreeMap<>();
    int judged = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(cases, "*.json")) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        byte[] text = Files.readAllBytes(file);
        long begin = System.nanoTime();
        String verdict = verdict(text, DuplicateNames.KEEP);
        slowestNanos = Math.max(slowestNanos, System.nanoTime() - begin);
        if (!verdict(text, DuplicateNames.REFUSE).equals(verdict)) {
          refusedByDefault.add(name);
        }
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
    // RFC 8259 4 leaves names given twice to the reader; ours keeps them where it is told to.
    assertThat(refusedByDefault)
        .containsExactlyInAnyOrder(
            "y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json");
    System.out.println(
        judged
            + " cases as they must be, the slowest in "
            + slowestNanos / 1000
            + " us; free ones:");
    free.forEach((name, verdict) -> System.out.println("  " + name + ": " + verdict));
    assertThat(free.values()).filteredOn("accepted"::equals).hasSize(25);
  }

  private static String verdict(byte[] text, DuplicateNames duplicates) {
    ByteBuf body = Unpooled.wrappedBuffer(text);
    try {
      Payload payload =
          new JsonMessages(duplicates).build(body, MediaType.JSON, PayloadLimits.DEFAULT);
      assertThat(payload.isJson()).isTrue();
      return "accepted";
    } catch (MalformedPayloadException e) {
      return e.reason();
    }
  }
}
