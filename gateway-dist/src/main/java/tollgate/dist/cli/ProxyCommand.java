package tollgate.dist.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tollgate.config.model.BindAddress;
import tollgate.config.model.TargetUrl;
import tollgate.dist.run.GatewayProcess;

/** {@code proxy}: a gateway in front of one URL, without any file of the user's. */
@Command(
    name = "proxy",
    description =
        "Runs a gateway in front of one URL, without a configuration: everything is passed on as it"
            + " comes.")
final class ProxyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--from",
      paramLabel = "[HOST]:PORT",
      description = "Where to listen (default: ${DEFAULT-VALUE}).")
  private String from = ":8280";

  @Option(
      names = "--to",
      paramLabel = "URL",
      required = true,
      description = "Where to go: http://host:port or https://host:port.")
  private String to = "";

  ProxyCommand() {}

  @Override
  public Integer call() throws IOException {
    BindAddress bind =
        read("--from", () -> BindAddress.parse(from.startsWith(":") ? "0.0.0.0" + from : from));
    TargetUrl target = read("--to", () -> TargetUrl.parse(to));
    Path root = Files.createTempDirectory("tollgate-proxy-");
    try {
      Files.createDirectories(root.resolve("conf.d"));
      Files.writeString(root.resolve("gateway.yaml"), gateway(bind), UTF_8);
      Files.writeString(root.resolve("conf.d/proxy.yaml"), api(target), UTF_8);
      Build build = Build.present();
      return GatewayProcess.runBlocking(root, build.version(), build.revision());
    } finally {
      delete(root);
    }
  }

  private interface Reading<T> {
    T read();
  }

  private <T> T read(String option, Reading<T> reading) {
    try {
      return reading.read();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), option + " " + e.getMessage());
    }
  }

  private static String gateway(BindAddress bind) {
    return """
    kind: Gateway
    name: proxy
    listeners:
      - {name: proxy, bind: "%s"}
    status: {bind: "127.0.0.1:0"}
    drain: {delay: 0s, timeout: 10s}
    """
        .formatted(bind);
  }

  private static String api(TargetUrl target) {
    return """
    kind: Upstream
    name: target
    targets: [{url: "%s"}]
    ---
    kind: Api
    name: proxy
    version: v1
    context: /
    security: none
    subscription: none
    route: {upstream: target}
    """
        .formatted(target);
  }

  private static void delete(Path root) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(root)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
