package tollgate.it.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The packaged gateway, run as a process with a configuration folder of its own and paranoid leak
 * detection. Closing it stops it as an operator would, and fails if it does not end with 0, leaked
 * a buffer, or logged an error nobody expected. Its folder goes with it, but for a failure of these
 * and with {@code -Dtollgate.keep}. One thread.
 */
public final class Tollgate implements AutoCloseable {
  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final Pattern PORT = Pattern.compile("@([a-z0-9]+)@");
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String GATEWAY =
      """
      kind: Gateway
      name: it
      listeners:
        - {name: http, bind: "127.0.0.1:@http@"}
      status: {bind: "127.0.0.1:@status@"}
      drain: {delay: 0s, timeout: 10s}
      reload: {poll: 200ms}
      warmUp: 0s
      """;

  private final Path folder;
  private final Map<String, Integer> ports;
  private final List<Pattern> expectedErrors;
  private final Process process;
  private boolean isStopped;

  private Tollgate(
      Path folder, Map<String, Integer> ports, List<Pattern> expectedErrors, Process process) {
    this.folder = folder;
    this.ports = ports;
    this.expectedErrors = expectedErrors;
    this.process = process;
  }

  public static Setup setup() {
    return new Setup();
  }

  /** Where the package was unfolded by the build. */
  public static Path home() {
    return Path.of(System.getProperty("tollgate.home", "../gateway-dist/target/tollgate"))
        .toAbsolutePath()
        .normalize();
  }

  /** A gateway that is still to be started. */
  public static final class Setup {
    private final Map<String, String> files = new LinkedHashMap<>();
    private final List<Pattern> expectedErrors = new ArrayList<>();
    private final List<String> javaOptions = new ArrayList<>();
    private final Map<String, Integer> fixedPorts = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private int fileLimit;

    private Setup() {
      files.put("gateway.yaml", GATEWAY);
    }

    /** The whole {@code gateway.yaml}; {@code @name@} stands for a free port. */
    public Setup gateway(String yaml) {
      return file("gateway.yaml", yaml);
    }

    /** More keys of the usual {@code gateway.yaml}. */
    public Setup gatewayAlso(String yaml) {
      return file("gateway.yaml", GATEWAY + yaml);
    }

    /** {@code conf.d/apis.yaml}. */
    public Setup apis(String yaml) {
      return file("conf.d/apis.yaml", yaml);
    }

    /** A file below the configuration folder. */
    public Setup file(String name, String content) {
      files.put(name, content);
      return this;
    }

    /** Lets lines of the application log be errors that contain this pattern. */
    public Setup expectError(String regex) {
      expectedErrors.add(Pattern.compile(regex));
      return this;
    }

    /** Sets a variable of the process' environment. */
    public Setup environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    public Setup javaOption(String option) {
      javaOptions.add(option);
      return this;
    }

    /** Lets the process open so many files and sockets, and no more. */
    public Setup fileLimit(int most) {
      fileLimit = most;
      return this;
    }

    /** Takes a port for a name instead of a free one. */
    public Setup port(String name, int port) {
      fixedPorts.put(name, port);
      return this;
    }

    /** Starts it and waits until it is ready. */
    public Tollgate start() throws IOException {
      // A free port may be gone before the gateway binds it.
      for (int attempt = 1; ; attempt++) {
        Tollgate tollgate = launch();
        if (tollgate.awaitReady()) {
          return tollgate;
        }
        String log = tollgate.log();
        tollgate.process.destroyForcibly();
        if (attempt == 3 || !log.contains("in use")) {
          throw new AssertionError("not ready: " + log);
        }
      }
    }

    /** Starts it without waiting for anything. */
    public Tollgate launch() throws IOException {
      Path folder = Files.createTempDirectory("tollgate-it-");
      Map<String, Integer> ports = new HashMap<>(fixedPorts);
      for (Map.Entry<String, String> file : files.entrySet()) {
        write(folder.resolve("conf").resolve(file.getKey()), withPorts(file.getValue(), ports));
      }
      List<String> options = new ArrayList<>();
      options.add("-Dio.netty.leakDetection.level=paranoid");
      options.add("-Dio.netty.leakDetection.targetRecords=20");
      options.add("-XX:TieredStopAtLevel=1"); // most live for seconds: the compiler costs more
      options.addAll(javaOptions); // of two, the last wins
      ProcessBuilder builder = command("run", "--conf", folder.resolve("conf").toString());
      if (fileLimit > 0) {
        List<String> limited = new ArrayList<>();
        limited.addAll(List.of("sh", "-c", "ulimit -n " + fileLimit + " && exec \"$@\"", "sh"));
        limited.addAll(builder.command());
        builder.command(limited);
      }
      builder.environment().putAll(environment);
      builder
          .environment()
          .merge(
              "TOLLGATE_JAVA_OPTS",
              String.join(" ", options),
              (inherited, ours) -> inherited + " " + ours);
      builder
          .redirectOutput(folder.resolve("stdout").toFile())
          .redirectError(folder.resolve("stderr").toFile());
      return new Tollgate(folder, ports, expectedErrors, builder.start());
    }
  }

  /** What a command of the command line gave. */
  public record Ran(int exitCode, String out, String err) {
    /** Both outputs. */
    public String text() {
      return out + err;
    }
  }

  /** Runs another command of the packaged command line to its end. */
  public static Ran run(String... arguments) throws IOException {
    return run(Map.of(), arguments);
  }

  /** As the other {@code run}, with variables added to its environment. */
  public static Ran run(Map<String, String> environment, String... arguments) throws IOException {
    Path out = Files.createTempFile("tollgate-it-", ".out");
    Path err = Files.createTempFile("tollgate-it-", ".err");
    try {
      ProcessBuilder builder =
          command(arguments).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("hangs: " + List.of(arguments));
      }
      return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /**
   * Ports by name that were free a moment ago, in place of {@code @name@}; those not in {@code
   * ports} yet are added.
   */
  static String withPorts(String text, Map<String, Integer> ports) {
    return PORT.matcher(text)
        .replaceAll(
            found -> Integer.toString(ports.computeIfAbsent(found.group(1), _ -> freePort())));
  }

  /** A port that was free a moment ago. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port of a listener. */
  public int port(String name) {
    return java.util.Objects.requireNonNull(ports.get(name), name);
  }

  /** The port of the listener {@code http}. */
  public int port() {
    return port("http");
  }

  /** A new connection to the listener {@code http}. */
  public RawClient client() throws IOException {
    return RawClient.to(port());
  }

  /** A GET on a connection of its own. */
  public Response get(String target, String... headerLines) throws IOException {
    return RawClient.get(port(), target, headerLines);
  }

  /** The configuration folder. */
  public Path conf() {
    return folder.resolve("conf");
  }

  public ProcessHandle process() {
    return process.toHandle();
  }

  /** Replaces a file of the configuration folder at once. */
  public void write(String name, String content) throws IOException {
    write(conf().resolve(name), withPorts(content, ports));
  }

  /** Changes the configuration and waits until that was taken up or refused. */
  public void edit(String name, String content) throws IOException {
    double before = reloads();
    write(name, content);
    Patience.await().until(() -> reloads() > before);
  }

  /** How often the configuration was read again, with whatever result. */
  public double reloads() throws IOException {
    return metrics().sum("tollgate_config_reloads_total");
  }

  /** Status of a path of the status port; 0 if it does not listen. */
  public int status(String path) {
    try {
      return RawClient.get(port("status"), path).status();
    } catch (IOException _) {
      return 0;
    }
  }

  public Scrape metrics() throws IOException {
    Response response = RawClient.get(port("status"), "/metrics");
    assertThat(response.status()).isEqualTo(200);
    return Scrape.of(response.text());
  }

  /** The application log so far. */
  public String log() throws IOException {
    return Files.readString(folder.resolve("stderr"));
  }

  /** The access log so far, as it stands on standard output. */
  public String accessLog() throws IOException {
    return Files.readString(folder.resolve("stdout"));
  }

  /** The lines of the access log that are whole. */
  public List<JsonNode> accessLogLines() throws IOException {
    String text = accessLog();
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(JSON::readTree).toList();
  }

  /** Waits for the line of a path. */
  public JsonNode awaitAccessLogLine(String path) {
    return Patience.await()
        .until(
            () ->
                accessLogLines().stream()
                    .filter(line -> path.equals(line.path("path").asString("")))
                    .toList(),
            found -> !found.isEmpty())
        .getLast();
  }

  /** Waits until a text stands in the application log. */
  public void awaitLog(String regex) {
    Pattern pattern = Pattern.compile(regex);
    Patience.await().until(() -> pattern.matcher(log()).find());
  }

  /** Sends a signal by its name, such as HUP. */
  public void signal(String name) throws IOException {
    try {
      assertThat(
              new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                  .start()
                  .waitFor())
          .isZero();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for the end of the process. */
  public int awaitExit() {
    try {
      assertThat(process.waitFor(40, TimeUnit.SECONDS)).as("the process ends").isTrue();
      isStopped = true;
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Has the garbage collected, so that leaked buffers are found out by the next ones that are made.
   */
  public void collectGarbage() throws IOException {
    File jcmd = new File(System.getProperty("java.home"), "bin/jcmd");
    try {
      Process collect =
          new ProcessBuilder(jcmd.getPath(), Long.toString(process.pid()), "GC.run")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(collect.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Objects of a class that are left after a garbage collection. */
  public int instances(String className) throws IOException {
    File jcmd = new File(System.getProperty("java.home"), "bin/jcmd");
    Process histogram =
        new ProcessBuilder(jcmd.getPath(), Long.toString(process.pid()), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String text = new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(text).contains("java.lang.String");
    Matcher line =
        Pattern.compile(
                "^ *\\d+: +(\\d+) +\\d+ +" + Pattern.quote(className) + "\\b", Pattern.MULTILINE)
            .matcher(text);
    return line.find() ? Integer.parseInt(line.group(1)) : 0;
  }

  /** Stops it by SIGTERM, and fails if that was not clean or what it did was not. */
  @Override
  public void close() throws IOException {
    try {
      if (!isStopped && process.isAlive()) {
        collectGarbage();
        for (int i = 0; i < 4; i++) {
          status("/livez");
          if (ports.containsKey("http")) {
            get("/leaks-are-reported-by-the-next-buffer");
          }
        }
        process.destroy();
        assertThat(awaitExit()).as("exit code after SIGTERM; log: %s", tail()).isZero();
      }
      assertThat(log()).doesNotContain("LEAK:");
      assertThat(accessLog()).doesNotContain("LEAK:");
      assertThat(unexpectedErrors()).isEmpty();
    } finally {
      process.destroyForcibly();
    }
    if (System.getProperty("tollgate.keep") == null) {
      delete(folder);
    }
  }

  private List<String> unexpectedErrors() throws IOException {
    Pattern error = Pattern.compile("\\bERROR\\b");
    return log()
        .lines()
        .filter(line -> error.matcher(line).find())
        .filter(line ->
            expectedErrors.stream().map(pattern -> pattern.matcher(line)).noneMatch(Matcher::find))
        .toList();
  }

  private String tail() throws IOException {
    String log = log();
    return log.substring(Math.max(0, log.length() - 2000));
  }

  private boolean awaitReady() {
    Patience.await()
        .atMost(START_PATIENCE)
        .pollInterval(Duration.ofMillis(30))
        .until(() -> !process.isAlive() || status("/readyz") == 200);
    return process.isAlive();
  }

  private static ProcessBuilder command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(home().resolve("bin/tollgate").toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  private static void write(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Path next = file.resolveSibling(file.getFileName() + "~");
    Files.writeString(next, content);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
