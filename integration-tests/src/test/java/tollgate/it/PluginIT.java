package tollgate.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.PluginFolder;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/** Plug-ins in the packaged gateway: the sample, some of two versions of a library, broken ones. */
final class PluginIT {
  private static final Path SAMPLE = Path.of(System.getProperty("plugin.sample", ""));
  private static final String FOLDER = "TOLLGATE_PLUGINS";

  @TempDir private Path folder;

  /** A step of a plug-in that does what {@code body} says with {@code exchange}. */
  private static String step(String packageName, String name, String body) {
    return """
    package %1$s;
    import java.util.List;
    import tollgate.config.read.Shape;
    import tollgate.core.exchange.Exchange;
    import tollgate.core.handler.*;
    import tollgate.core.http.FieldName;
    public final class Step implements HandlerType<Step.Options> {
      public record Options() {}
      public String name() { return "%2$s"; }
      public Stage stage() { return Stage.CONTENT; }
      public Side sides() { return Side.REQUEST; }
      public Shape<Options> options() {
        return Shape.of(Options.class, "Does something.", keys -> fields -> new Options());
      }
      public Handler create(Options options, Side side, HandlerContext context) {
        return new Handler() {
          public String name() { return "%2$s"; }
          public Verdict onRequest(Exchange exchange) {
            %3$s
            return Verdict.Proceed.PROCEED;
          }
        };
      }
    }
    """
        .formatted(packageName, name, body);
  }

  private static String plugin(String packageName, String constructor) {
    return """
    package %s;
    import java.util.List;
    import tollgate.core.handler.HandlerType;
    import tollgate.core.message.MessageFormat;
    public final class Main implements tollgate.core.plugin.Plugin {
      public Main() { %s }
      public List<HandlerType<?>> handlers() { return List.of(new Step()); }
      public List<MessageFormat> formats() { return List.of(); }
    }
    """
        .formatted(packageName, constructor);
  }

  private static String library(String version) {
    return "package lib; public final class Version { public static String text() { return \""
        + version
        + "\"; } }";
  }

  @Test
  void theSampleSignsAndReadsItsFormat() throws Exception {
    var plugins = new PluginFolder(folder).copy("sample", SAMPLE);
    try (RecordingOrigin origin = RecordingOrigin.start();
        Tollgate tollgate =
            Tollgate.setup()
                .environment(FOLDER, plugins.path().toString())
                .apis(
                    "kind: Policy\nname: signed\nrequest: [sign: {key: k1}]\n---\n"
                        + upstream("u", origin.port())
                        + api(
                            "a",
                            "/a",
                            "u",
                            "policies: [signed]",
                            "messages: {builders: {text/csv: csv}, convert: {request: json}}"))
                .start()) {
      String body = "id,name\r\n7,Ann\r\n";
      try (RawClient client = tollgate.client()) {
        client.send(
            "POST /a/items HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);
        assertThat(client.read().status()).isEqualTo(200);
      }
      assertThat(new String(origin.last().body(), UTF_8))
          .isEqualTo("[{\"id\":\"7\",\"name\":\"Ann\"}]");
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec("k1".getBytes(UTF_8), "HmacSHA256"));
      assertThat(origin.last().header("X-Signature"))
          .isEqualTo(
              HexFormat.of()
                  .formatHex(mac.doFinal(("POST " + origin.last().path()).getBytes(UTF_8))));
    }
    Tollgate.Ran listed = run(plugins, "plugins");
    assertThat(listed.text()).contains("sample").contains("sign").contains("csv");
  }

  @Test
  void itsOptionsAreCheckedAsAnyOthers() throws IOException {
    var plugins = new PluginFolder(folder.resolve("plugins")).copy("sample", SAMPLE);
    Path conf = folder.resolve("conf");
    write(
        conf.resolve("conf.d/apis.yaml"),
        "kind: Policy\nname: p\nrequest:\n  - sign: {kye: k}\n---\n"
            + upstream("u", 80)
            + api("a", "/a", "u", "messages: {builders: {text/csv: cvs}}"));
    write(
        conf.resolve("gateway.yaml"),
        "kind: Gateway\nname: it\nlisteners: [{name: http, bind: \"127.0.0.1:8280\"}]\n");
    Tollgate.Ran ran = run(plugins, "check", "--conf", conf.toString());
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.text()).containsPattern("apis.yaml:4:\\d+ .*kye").contains("key");
    assertThat(ran.text()).containsPattern("apis.yaml:\\d+:\\d+ .*cvs").contains("csv");
    assertThat(Tollgate.run("check", "--conf", conf.toString()).text()).contains("sign");
  }

  @Test
  void eachHasItsOwnVersionOfALibraryAndOneThatFailsHarmsNoOther() throws IOException {
    var plugins = new PluginFolder(folder);
    for (String name : List.of("one", "two")) {
      plugins.jar(
          name,
          List.of("p." + name + ".Main"),
          List.of(),
          library(name),
          step(
              "p." + name,
              name,
              "exchange.request().fields().set(FieldName.of(\"X-"
                  + name
                  + "\"), lib.Version.text());"),
          plugin("p." + name, ""));
    }
    plugins.jar(
        "broken",
        List.of("p.broken.Main"),
        List.of("Version"),
        library("gone"),
        step("p.broken", "broken", "exchange.request().path(lib.Version.text());"),
        plugin("p.broken", ""));
    try (RecordingOrigin origin = RecordingOrigin.start();
        Tollgate tollgate =
            Tollgate.setup()
                .environment(FOLDER, plugins.path().toString())
                .expectError("handler broken failed")
                .apis(
                    "kind: Policy\nname: both\nrequest: [one: {}, two: {}]\n---\n"
                        + "kind: Policy\nname: bad\nrequest: [broken: {}]\n---\n"
                        + upstream("u", origin.port())
                        + api("a", "/a", "u", "policies: [both]")
                        + api("b", "/b", "u", "policies: [bad]"))
                .start()) {
      for (int i = 0; i < 3; i++) {
        Response broken = tollgate.get("/b/x");
        assertThat(broken.status()).isEqualTo(500);
        assertThat(tollgate.get("/a/x").status()).isEqualTo(200);
      }
      assertThat(origin.requests()).hasSize(3);
      assertThat(origin.last().header("X-one")).isEqualTo("one");
      assertThat(origin.last().header("X-two")).isEqualTo("two");
      assertThat(tollgate.log()).contains("lib/Version");
    }
  }

  @Test
  void aStepThatCannotBeMadeIsAPlacedErrorAndAReloadIsRefused() throws IOException {
    var plugins = new PluginFolder(folder);
    plugins.jar(
        "bad",
        List.of("p.Main"),
        List.of(),
        step("p", "bad", "")
            .replace(
                "return new Handler() {",
                "if (side != null) "
                    + "throw new IllegalStateException(\"no licence\"); return new Handler() {"),
        plugin("p", ""));
    String good = upstream("u", 80) + api("a", "/a", "u");
    try (Tollgate tollgate =
        Tollgate.setup()
            .environment(FOLDER, plugins.path().toString())
            .expectError(" Reloader ")
            .apis(good)
            .start()) {
      tollgate.edit(
          "conf.d/apis.yaml",
          "kind: Policy\nname: p\nrequest:\n  - bad: {}\n---\n"
              + upstream("u", 80)
              + api("a", "/a", "u", "policies: [p]"));
      assertThat(tollgate.log()).containsPattern("apis.yaml:4:\\d+ .*bad.*no licence");
      assertThat(tollgate.metrics().sum("tollgate_config_last_reload_successful")).isZero();
      tollgate.edit("conf.d/apis.yaml", good + "\n");
      assertThat(tollgate.metrics().sum("tollgate_config_last_reload_successful")).isEqualTo(1);
    }
  }

  @Test
  void saysWhatIsWrongWithThoseThatCannotBeLoaded() throws IOException {
    var plugins = new PluginFolder(folder.resolve("plugins"));
    String step = step("p", "good", "");
    plugins.jar("a-none", List.of(), List.of(), step, plugin("p", ""));
    plugins.jar("b-gone", List.of("p.Gone"), List.of(), step, plugin("p", ""));
    plugins.jar(
        "c-throws",
        List.of("p.Main"),
        List.of(),
        step,
        plugin("p", "if (true) { throw new IllegalStateException(\"no licence\"); }"));
    plugins.jar("d-taken", List.of("p.Main"), List.of(), step("p", "headers", ""), plugin("p", ""));
    plugins.jar("e-missing", List.of("p.Main"), List.of("Step"), step, plugin("p", ""));
    plugins.file("f-corrupt", "x.jar", Bytes.of("no jar"));
    plugins.file("g-empty", "README", new byte[0]);
    Path conf = folder.resolve("conf");
    write(
        conf.resolve("gateway.yaml"),
        "kind: Gateway\nname: it\nlisteners: [{name: http, bind: \"127.0.0.1:8280\"}]\n");
    Tollgate.Ran ran = run(plugins, "check", "--conf", conf.toString());
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.text().lines())
        .anyMatch(line -> line.contains("a-none") && line.contains("META-INF/services"))
        .anyMatch(line -> line.contains("b-gone") && line.contains("p.Gone"))
        .anyMatch(line -> line.contains("c-throws") && line.contains("no licence"))
        .anyMatch(line -> line.contains("d-taken") && line.contains("headers"))
        .anyMatch(line -> line.contains("e-missing") && line.contains("p.Step"))
        .anyMatch(line -> line.contains("x.jar") && line.contains("cannot be read as a jar"))
        .anyMatch(line -> line.contains("g-empty") && line.contains("has no jars"));
    Tollgate.Ran started = run(plugins, "run", "--conf", conf.toString());
    assertThat(started.exitCode()).isEqualTo(1);
    assertThat(started.text()).contains("c-throws");
  }

  private static Tollgate.Ran run(PluginFolder plugins, String... arguments) throws IOException {
    return Tollgate.run(Map.of(FOLDER, plugins.path().toString()), arguments);
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
