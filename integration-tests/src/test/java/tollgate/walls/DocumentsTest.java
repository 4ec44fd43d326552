package tollgate.walls;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents name is there. */
class DocumentsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");
  private static final Pattern CLASS =
      Pattern.compile("[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*(\\.[A-Z][A-Za-z0-9]*)*");
  private static final Pattern PACKAGE = Pattern.compile("tollgate(\\.[a-z0-9]+)+");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");

  /**
   * Words in code type that look like classes and are none: header fields, kinds of the
   * configuration, JVM options.
   */
  private static final Set<String> NO_CLASSES =
      Set.of(
          "Allow",
          "Via",
          "Host",
          "Forwarded",
          "Expect",
          "Gateway",
          "Api",
          "Policy",
          "ExitOnOutOfMemoryError",
          "ArchitectureTest");

  @Test
  void lifeOfRequestNamesRealClasses() throws IOException {
    assertThat(named("docs/life-of-a-request.md", CLASS))
        .hasSizeGreaterThan(40)
        .isSubsetOf(classNames());
  }

  @Test
  void architectureNamesRealClassesAndPackages() throws IOException {
    assertThat(named("docs/architecture.md", CLASS)).isSubsetOf(classNames());
    assertThat(named("docs/architecture.md", PACKAGE)).isSubsetOf(packageNames());
  }

  @Test
  void architectureShowsEveryPackage() throws IOException {
    Set<String> shown = named("docs/architecture.md", PACKAGE);
    assertThat(packageNames())
        .filteredOn(name -> !name.startsWith("tollgate.handlers") && name.split("\\.").length > 2)
        .isSubsetOf(shown);
  }

  @Test
  void decisionsNameRealClassesAndPackages() throws IOException {
    for (Path decision : markdown("docs/decisions")) {
      String name = ROOT.relativize(decision).toString();
      assertThat(named(name, CLASS)).as(name).isSubsetOf(classNames());
      assertThat(named(name, PACKAGE)).as(name).isSubsetOf(packageNames());
    }
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    List<Path> files = new ArrayList<>(markdown("docs"));
    files.add(ROOT.resolve("README.md"));
    List<String> dangling = new ArrayList<>();
    for (Path file : files) {
      Matcher links = LINK.matcher(Files.readString(file));
      while (links.find()) {
        String target = links.group(1);
        if (!target.contains(":") && !Files.exists(file.resolveSibling(target))) {
          dangling.add(ROOT.relativize(file) + " -> " + target);
        }
      }
    }
    assertThat(dangling).isEmpty();
  }

  private static Set<String> named(String file, Pattern kind) throws IOException {
    Set<String> named = new TreeSet<>();
    Matcher code = CODE.matcher(Files.readString(ROOT.resolve(file)));
    while (code.find()) {
      if (kind.matcher(code.group(1)).matches() && !NO_CLASSES.contains(code.group(1))) {
        named.add(code.group(1));
      }
    }
    return named;
  }

  /** Simple names, nested ones with what they are in: {@code Verdict.Later}. */
  private static Set<String> classNames() {
    return Built.CLASSES.stream()
        .map(found ->
            found.getName().substring(found.getPackageName().length() + 1).replace('$', '.'))
        .collect(Collectors.toSet());
  }

  private static Set<String> packageNames() {
    return Built.CLASSES.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
  }

  private static List<Path> markdown(String folder) {
    try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
