package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tollgate.it.harness.Certificates;
import tollgate.it.harness.Tollgate;

/** What the documentation says is so: its examples load. */
final class DocumentationIT {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern EXAMPLE =
      Pattern.compile("^```\\w+ example (\\S+)\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

  @TempDir private static Path root;

  @TestFactory
  Stream<DynamicTest> examplesOfHandlersLoad() throws IOException {
    return examplesLoad("docs/handlers", _ -> true);
  }

  @TestFactory
  Stream<DynamicTest> examplesOfOperationsLoad() throws IOException {
    return examplesLoad(
        "docs/operations", page -> hasExamples(page) && !page.endsWith("hostile-traffic.md"));
  }

  private static Stream<DynamicTest> examplesLoad(String folder, Predicate<Path> which)
      throws IOException {
    Path pages = PROJECT.resolve(folder);
    assertThat(pages).isDirectory();
    try (Stream<Path> files = Files.list(pages)) {
      return files
          .filter(file -> file.toString().endsWith(".md") && !file.endsWith("README.md"))
          .filter(which)
          .sorted()
          .toList()
          .stream()
          .map(file ->
              DynamicTest.dynamicTest(
                  file.getFileName().toString(), () -> assertExamplesLoad(file)));
    }
  }

  /** Each example is a gateway.yaml of its own. */
  @TestFactory
  Stream<DynamicTest> examplesOfHostileTrafficLoad() throws IOException {
    Path page = PROJECT.resolve("docs/operations/hostile-traffic.md");
    List<MatchResult> examples = EXAMPLE.matcher(Files.readString(page)).results().toList();
    assertThat(examples).hasSizeGreaterThanOrEqualTo(3);
    Certificates own = Certificates.make("dns:api.example.com");
    Certificates client = Certificates.makeClient("CN=shop,O=Acme");
    return examples.stream()
        .map(example ->
            DynamicTest.dynamicTest(
                "example at " + example.start(),
                () -> {
                  Path folder = root.resolve("hostile" + example.start());
                  Path certs = Files.createDirectories(folder.resolve("certs"));
                  Files.writeString(certs.resolve("api.crt"), own.certificatePem());
                  Files.writeString(certs.resolve("api.key"), own.keyPem());
                  Files.writeString(certs.resolve("partners-ca.pem"), client.authorityPem());
                  Files.writeString(certs.resolve("partners.crl"), client.revocationsPem(false));
                  assertExamplesLoad(page, folder, List.of(example));
                }));
  }

  @Test
  void examplesOfUpstreamsLoad() throws IOException {
    Path folder = Files.createDirectories(root.resolve("upstreams.md/certs"));
    Certificates own = Certificates.make("dns:gateway");
    Files.writeString(folder.resolve("internal-ca.pem"), own.authorityPem());
    Files.writeString(folder.resolve("gateway.crt"), own.certificatePem());
    Files.writeString(folder.resolve("gateway.key"), own.keyPem());
    assertExamplesLoad(PROJECT.resolve("docs/upstreams.md"));
  }

  @Test
  void examplesOfGrpcLoad() throws IOException {
    assertExamplesLoad(PROJECT.resolve("docs/grpc.md"));
  }

  @Test
  void examplesOfOpenApiLoad() throws IOException {
    assertExamplesLoad(PROJECT.resolve("docs/openapi.md"));
  }

  @Test
  void examplesOfSoapLoad() throws IOException {
    assertExamplesLoad(PROJECT.resolve("docs/soap.md"));
  }

  private static boolean hasExamples(Path page) {
    try {
      return EXAMPLE.matcher(Files.readString(page)).find();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The blocks of a page make one configuration. */
  private static void assertExamplesLoad(Path page) throws IOException {
    Path folder = Files.createDirectories(root.resolve(page.getFileName().toString()));
    assertExamplesLoad(page, folder, EXAMPLE.matcher(Files.readString(page)).results().toList());
  }

  private static void assertExamplesLoad(Path page, Path folder, List<MatchResult> examples)
      throws IOException {
    assertThat(examples).as("examples of %s", page).isNotEmpty();
    for (MatchResult example : examples) {
      Path file = folder.resolve(example.group(1));
      Files.createDirectories(file.getParent());
      Files.writeString(file, example.group(2));
    }
    Tollgate.Ran ran = Tollgate.run("check", "--conf", folder.toString());
    assertThat(ran.exitCode()).as("%s: %s", page, ran.text()).isZero();
  }
}
