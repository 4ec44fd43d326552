package tollgate.it.harness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A gRPC server and clients in Node, with the library that its users use. The library is installed
 * into the build's folder once; where that cannot be, tests that need it are skipped. One thread.
 */
public final class GrpcNode implements AutoCloseable {
  private static final String LIBRARY = "@grpc/grpc-js@1.14.7";
  private static final Path FOLDER = Path.of("target", "grpc-node").toAbsolutePath();
  private static final JsonMapper JSON = JsonMapper.shared();

  private static boolean isInstalled;

  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private GrpcNode(Process process) {
    this.process = process;
  }

  /** What came of a call. */
  public record Outcome(
      int code,
      String details,
      List<String> messages,
      Map<String, String> metadata,
      Map<String, String> trailers) {}

  /**
   * Starts a server of {@code demo.Echo} and {@code grpc.health.v1.Health}.
   *
   * @param certificate null for plain text
   */
  public static GrpcNode serve(@Nullable Certificates certificate) throws IOException {
    install();
    List<String> command = new ArrayList<>(List.of("node", script("server.js").toString()));
    if (certificate != null) {
      Path folder = Files.createTempDirectory(FOLDER, "server");
      command.add(
          Files.writeString(folder.resolve("server.crt"), certificate.certificatePem()).toString());
      command.add(Files.writeString(folder.resolve("server.key"), certificate.keyPem()).toString());
    }
    GrpcNode server = new GrpcNode(start(command));
    Thread.ofPlatform().daemon().name("grpc-server").start(server::read);
    Patience.await().until(() -> server.lines.stream().anyMatch(line -> line.startsWith("PORT ")));
    return server;
  }

  /**
   * Makes a call with a client of its own process.
   *
   * @param asked as {@code client.js} takes it
   */
  public static Outcome call(Map<String, ?> asked) throws IOException {
    install();
    Process client =
        start(List.of("node", script("client.js").toString(), JSON.writeValueAsString(asked)));
    client.getOutputStream().close();
    String output = new String(client.getInputStream().readAllBytes(), UTF_8);
    try {
      assertThat(client.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(output).as("what the client prints").startsWith("{");
    JsonNode result = JSON.readTree(output);
    return new Outcome(
        result.path("code").asInt(),
        result.path("details").asString(""),
        result.path("messages").valueStream().map(JsonNode::asString).toList(),
        strings(result.path("metadata")),
        strings(result.path("trailers")));
  }

  public int port() {
    return lines.stream()
        .filter(line -> line.startsWith("PORT "))
        .mapToInt(line -> Integer.parseInt(line.substring(5)))
        .findFirst()
        .orElseThrow();
  }

  /** Waits until the server has printed a line. */
  public void awaitLine(String line) {
    Patience.await().until(() -> lines.contains(line));
  }

  /** Sets what its health service says: 1 is SERVING, 2 is NOT_SERVING. */
  public void health(int status) throws IOException {
    process.getOutputStream().write((status + "\n").getBytes(UTF_8));
    process.getOutputStream().flush();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(UTF_8)) {
      reader.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException _) {
      // it was closed
    }
  }

  private static Map<String, String> strings(JsonNode object) {
    Map<String, String> strings = new TreeMap<>();
    object
        .properties()
        .forEach(entry -> strings.put(entry.getKey(), entry.getValue().asString("")));
    return strings;
  }

  private static Path script(String name) {
    return FOLDER.resolve(name);
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Once a process; other processes that run tests beside this one wait for it. */
  private static synchronized void install() throws IOException {
    if (isInstalled) {
      return;
    }
    Files.createDirectories(FOLDER);
    try (FileChannel lock =
            FileChannel.open(
                FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = lock.lock()) {
      for (String name : List.of("server.js", "client.js")) {
        copyScript(name);
      }
      installLibrary();
      isInstalled = true;
    }
  }

  private static void copyScript(String name) throws IOException {
    try (InputStream in = GrpcNode.class.getResourceAsStream("/grpc/" + name)) {
      byte[] script = Objects.requireNonNull(in, name).readAllBytes();
      Path copy = FOLDER.resolve(name);
      if (!Files.exists(copy) || !Arrays.equals(Files.readAllBytes(copy), script)) {
        Files.write(copy, script);
      }
    }
  }

  private static void installLibrary() throws IOException {
    if (Files.exists(FOLDER.resolve("node_modules/@grpc/grpc-js/package.json"))) {
      return;
    }
    Files.writeString(FOLDER.resolve("package.json"), "{\"private\": true}\n");
    boolean isDone;
    try {
      Process npm =
          new ProcessBuilder(
                  "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", LIBRARY)
              .directory(FOLDER.toFile())
              .redirectErrorStream(true)
              .redirectOutput(FOLDER.resolve("npm.log").toFile())
              .start();
      isDone = npm.waitFor(120, TimeUnit.SECONDS) && npm.exitValue() == 0;
      npm.destroyForcibly();
    } catch (IOException _) {
      isDone = false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    Assumptions.assumeTrue(
        isDone, "needs node and npm, and a registry that has " + LIBRARY + " (npm.log)");
  }
}
