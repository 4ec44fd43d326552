package tollgate.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.config.model.ApiConfig;
import tollgate.config.model.Declared;
import tollgate.config.model.GatewayConfiguration;

final class ConfigReaderTest {
  private static final String BAR =
      """
      kind: Upstream
      name: u
      targets: [{url: "http://127.0.0.1:4711"}]
      ---
      kind: Api
      name: a
      version: v1
      context: /a
      state: published
      security: none
      subscription: none
      route: {upstream: u, stripContext: true}
      operations:
        - {id: get, match: 'GET /items/{id}'}
        - {id: post, match: POST /items}
      """;

  @TempDir private Path folder;
  private ConfigRoot root;

  @BeforeEach
  void makeRoot() throws Exception {
    root = new ConfigRoot(folder).gateway();
  }

  @Test
  void readsAGatewayWithAnUpstreamAndAnApi() throws Exception {
    root.write("conf.d/bar.yaml", BAR);

    GatewayConfiguration configuration = root.valid();

    assertThat(configuration.gateway().value().name()).isEqualTo("edge");
    assertThat(configuration.upstreams()).hasSize(1);
    ApiConfig api = configuration.apis().getFirst().value();
    assertThat(api.identity()).isEqualTo("a:v1");
    assertThat(api.operations().getFirst().match()).hasToString("GET /items/{id}");
    assertThat(configuration.apis().getFirst().location())
        .hasToString(folder + "/conf.d/bar.yaml:5:1");
  }

  @Test
  void namesPlaceAndNearestKeyOfAMisspeltOneInOneLine() throws Exception {
    root.write("conf.d/bar.yaml", BAR.replace("context", "contxt"));

    assertThat(root.lines())
        .containsExactly("conf.d/bar.yaml:8:1 contxt: unknown key (did you mean \"context\"?)");
    assertThat(root.lines().getFirst()).containsPattern("bar\\.yaml:8:\\d+.*contxt.*\\bcontext\\b");
  }

  @Test
  void reportsTheProblemsOfAllFilesAtOnce() throws Exception {
    root.write("gateway.yaml", ConfigRoot.GATEWAY + "drain: {delay: 30}\n");
    root.write("conf.d/a.yaml", "kind: Upstream\nname: u\n");
    root.write("conf.d/b.yml", "kind: Apj\nname: u\n");

    assertThat(root.lines())
        .containsExactly(
            "conf.d/a.yaml:1:1 targets: is missing (expected: list of map with url, weight)",
            "conf.d/b.yml:1:7 kind: \"Apj\" is no known kind (expected one of: Gateway, Upstream, Api, Policy) (did you mean \"Api\"?)",
            "gateway.yaml:4:16 drain.delay: \"30\" has no unit (expected e.g. 30s)");
  }

  @Test
  void givesTheSameObjectsForUnchangedFiles() throws Exception {
    root.write("conf.d/a.yaml", BAR);
    root.write("conf.d/b.yaml", BAR.replace("name: u", "name: w").replace("name: a", "name: b"));
    GatewayConfiguration first = root.valid();
    root.write("conf.d/b.yaml", BAR.replace("name: u", "name: w").replace("name: a", "name: c"));
    GatewayConfiguration second = root.valid();

    assertThat(second.apis().getFirst().value()).isSameAs(first.apis().getFirst().value());
    assertThat(second.apis().getLast().value().name()).isEqualTo("c");
    assertThat(second.upstreams().getLast().contentHash())
        .isEqualTo(first.upstreams().getLast().contentHash());
    assertThat(second.apis().getLast().contentHash())
        .isNotEqualTo(first.apis().getLast().contentHash());
  }

  @Test
  void readsAFileAgainWhenAVariableOrASubstitutedFileChanged() throws Exception {
    root.environment.put("CTX", "/one");
    root.write("version.txt", "v1\n");
    root.write(
        "conf.d/a.yaml",
        BAR.replace("context: /a", "context: ${env:CTX}")
            .replace("version: v1", "version: ${file:version.txt}"));
    assertThat(root.valid().apis().getFirst().value().context()).isEqualTo("/one");

    root.environment.put("CTX", "/two");
    assertThat(root.valid().apis().getFirst().value().context()).isEqualTo("/two");
    root.write("version.txt", "v2\n");
    assertThat(root.valid().apis().getFirst().value().version()).isEqualTo("v2");
    assertThat(root.valid().referencedFiles()).containsExactly(folder.resolve("version.txt"));
  }

  @Test
  void loadsTenThousandApis() throws Exception {
    for (int file = 0; file < 100; file++) {
      int number = file;
      String documents =
          IntStream.range(0, 100)
              .mapToObj(i ->
                  "kind: Api\nname: api-%d-%d\nversion: v1\ncontext: /c/%d/%d\nsecurity: none\nroute: {upstream: u}\noperations:\n  - {id: get, match: 'GET /items/{id}'}\n  - {id: post, match: POST /items}\n"
                      .formatted(number, i, number, i))
              .collect(Collectors.joining("---\n"));
      root.write("conf.d/apis-%03d.yaml".formatted(file), documents);
    }
    root.write("conf.d/u.yaml", BAR.substring(0, BAR.indexOf("---")));

    GatewayConfiguration first = root.valid();
    Files.writeString(
        folder.resolve("conf.d/apis-050.yaml"),
        "\n# changed\n",
        java.nio.file.StandardOpenOption.APPEND);
    GatewayConfiguration second = root.valid();

    assertThat(second.apis()).hasSize(10_000);
    assertThat(second.apis().stream().map(Declared::contentHash).toList())
        .isEqualTo(first.apis().stream().map(Declared::contentHash).toList());
  }
}
