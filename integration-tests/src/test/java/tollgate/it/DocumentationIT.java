package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tollgate.it.harness.Tollgate;

/** What the documentation says is so: its examples load, and the classes it names exist. */
final class DocumentationIT {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern EXAMPLE =
      Pattern.compile("^```yaml\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern KIND =
      Pattern.compile("^kind: *(\\w+)|\\{kind: *(\\w+)", Pattern.MULTILINE);
  private static final Pattern CLASS =
      Pattern.compile("`([A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)*)(?:[.#(][^`]*)?`");
  private static final String GATEWAY =
      "kind: Gateway\nname: docs\nlisteners: [{name: http, bind: \"127.0.0.1:8280\"}]\n";

  @TempDir private static Path root;

  @TestFactory
  Stream<DynamicTest> examplesOfHandlersLoad() throws IOException {
    Path pages = PROJECT.resolve("docs/handlers");
    assertThat(pages).isDirectory();
    try (Stream<Path> files = Files.list(pages)) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList().stream()
          .map(file ->
              DynamicTest.dynamicTest(
                  file.getFileName().toString(), () -> assertExamplesLoad(file)));
    }
  }

  @Test
  void lifeOfARequestNamesRealClasses() throws IOException {
    Matcher named = CLASS.matcher(Files.readString(PROJECT.resolve("docs/life-of-a-request.md")));
    Set<String> names =
        named.results().map(found -> found.group(1)).collect(Collectors.toCollection(TreeSet::new));
    assertThat(names).as("it names classes").hasSizeGreaterThan(5);
    assertThat(sourceTypes()).containsAll(names);
  }

  private static void assertExamplesLoad(Path page) throws IOException {
    List<String> examples =
        EXAMPLE.matcher(Files.readString(page)).results().map(found -> found.group(1)).toList();
    assertThat(examples).as("examples of %s", page).isNotEmpty();
    for (int i = 0; i < examples.size(); i++) {
      Path folder = Files.createDirectories(root.resolve(page.getFileName().toString() + i));
      Files.writeString(folder.resolve("gateway.yaml"), GATEWAY);
      Files.createDirectories(folder.resolve("conf.d"));
      Files.writeString(folder.resolve("conf.d/example.yaml"), whole(examples.get(i)));
      Tollgate.Ran ran = Tollgate.run("check", "--conf", folder.toString());
      assertThat(ran.exitCode()).as("%s:\n%s\n%s", page, examples.get(i), ran.text()).isZero();
    }
  }

  /** An example with the documents added that it leaves to the reader. */
  private static String whole(String example) {
    Set<String> kinds =
        KIND.matcher(example)
            .results()
            .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
            .collect(Collectors.toSet());
    StringBuilder text = new StringBuilder(example);
    Matcher upstream = Pattern.compile("upstream: *([\\w-]+)").matcher(example);
    if (!kinds.contains("Upstream") && upstream.find()) {
      text.append("---\nkind: Upstream\nname: ")
          .append(upstream.group(1))
          .append("\ntargets: [{url: \"http://backend:8080\"}]\n");
    }
    return text.toString();
  }

  /** Simple names of all types declared in the main sources. */
  private static Set<String> sourceTypes() throws IOException {
    Pattern type = Pattern.compile("\\b(?:class|interface|record|enum|@interface) ([A-Z]\\w*)");
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.walk(PROJECT)) {
      for (Path file :
          files
              .filter(path ->
                  path.toString().endsWith(".java") && path.toString().contains("src/main/"))
              .toList()) {
        type.matcher(Files.readString(file)).results().forEach(found -> names.add(found.group(1)));
      }
    }
    return names;
  }
}
