package tollgate.it.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A headless Chromium with a profile of its own, driven by chromedriver as the W3C's WebDriver
 * says. It takes any certificate, and finds every host name on this machine. One thread.
 */
public final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Process driver;
  private final Path profile;
  private final HttpClient http = HttpClient.newHttpClient();
  private final String driverUri;
  private String session = "";

  private Browser(Process driver, Path profile, String driverUri) {
    this.driver = driver;
    this.profile = profile;
    this.driverUri = driverUri;
  }

  /** Starts it, or skips the test where it is not installed. */
  public static Browser start() throws IOException {
    Program.assumeInstalled("chromium", "chromium");
    Program.assumeInstalled("chromedriver", "chromium-driver");
    Path profile = Files.createTempDirectory("tollgate-browser-");
    Process driver =
        new ProcessBuilder("chromedriver", "--port=0")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader output = driver.inputReader();
    Matcher started = STARTED.matcher("");
    while (!started.find()) {
      String line = output.readLine();
      if (line == null) {
        throw new IOException("chromedriver ended");
      }
      started.reset(line);
    }
    Browser browser = new Browser(driver, profile, "http://127.0.0.1:" + started.group(1));
    try {
      browser.openSession();
      return browser;
    } catch (IOException | AssertionError e) {
      browser.close();
      throw e;
    }
  }

  private void openSession() throws IOException {
    List<String> options =
        List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--ignore-certificate-errors",
            "--host-resolver-rules=MAP * 127.0.0.1",
            "--user-data-dir=" + profile);
    Map<String, Object> wanted =
        Map.of(
            "acceptInsecureCerts", true,
            "timeouts", Map.of("script", PATIENCE.toMillis(), "pageLoad", PATIENCE.toMillis()),
            "goog:chromeOptions", Map.of("args", options));
    JsonNode made = ask("POST", "/session", Map.of("capabilities", Map.of("alwaysMatch", wanted)));
    session = made.path("sessionId").asString("");
  }

  /** Goes to a page and waits until it is loaded. */
  public void open(String url) throws IOException {
    JsonNode _ = ask("POST", "/session/" + session + "/url", Map.of("url", url));
  }

  /**
   * What an asynchronous function of the page gives.
   *
   * @param body of a function, with {@code await} and {@code return}
   */
  public JsonNode run(String body) throws IOException {
    String script =
        """
        const done = arguments[arguments.length - 1];
        (async () => { %s })().then(done, (error) => done({error: String(error)}));
        """
            .formatted(body);
    return ask(
        "POST",
        "/session/" + session + "/execute/async",
        Map.of("script", script, "args", List.of()));
  }

  private JsonNode ask(String method, String path, Object body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(driverUri + path))
            .method(method, HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .header("Content-Type", "application/json")
            .timeout(PATIENCE)
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      JsonNode value = JSON.readTree(response.body()).path("value");
      if (response.statusCode() != 200) {
        throw new AssertionError(path + ": " + value.path("message").asString(response.body()));
      }
      return value;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws IOException {
    List<ProcessHandle> all =
        Stream.concat(driver.descendants(), Stream.of(driver.toHandle())).toList();
    try {
      if (!session.isEmpty()) {
        JsonNode _ = ask("DELETE", "/session/" + session, Map.of());
      }
    } finally {
      http.close();
      all.forEach(ProcessHandle::destroy);
      try {
        if (!driver.waitFor(10, TimeUnit.SECONDS)) {
          driver.destroyForcibly();
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      Patience.await().until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
      delete(profile);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
