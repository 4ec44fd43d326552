package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.it.harness.Documents.api;
import static tollgate.it.harness.Documents.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.RecordingOrigin;
import tollgate.it.harness.Response;
import tollgate.it.harness.Tollgate;

/**
 * D9, D10: changes of the configuration while traffic flows. Every test begins with the one route
 * {@code /stays}.
 */
@SuppressWarnings("StringConcatToTextBlock") // bytes on the wire, line ends and all
final class ReloadIT {
  private static RecordingOrigin origin;
  private static Tollgate tollgate;

  @BeforeAll
  static void start() throws IOException {
    origin = RecordingOrigin.start();
    tollgate = Tollgate.setup().expectError(" Reloader ").apis(stays()).start();
  }

  @AfterAll
  static void stop() throws IOException {
    tollgate.close();
    origin.close();
  }

  @BeforeEach
  void beginsAnew() throws IOException {
    for (Path file : List.of(Path.of("conf.d/more.yaml"), Path.of("conf.d/broken.yaml"))) {
      Files.deleteIfExists(tollgate.conf().resolve(file));
    }
    tollgate.write("conf.d/apis.yaml", stays());
    tollgate.signal("HUP");
    Patience.await()
        .until(() ->
            tollgate.get("/more/x").status() == 404
                && tollgate.metrics().sum("tollgate_config_last_reload_successful") == 1);
  }

  @Test
  void takesAnEditUp() throws IOException {
    double generation = tollgate.metrics().sum("tollgate_config_generation");
    tollgate.write("conf.d/apis.yaml", stays() + api("b", "/b", "u"));
    awaitStatus("/b/x", 200);
    // The new one serves before it is counted.
    Patience.await().until(() -> tollgate.metrics().sum("tollgate_config_generation") > generation);
    tollgate.write("conf.d/apis.yaml", stays());
    awaitStatus("/b/x", 404);
    assertThat(tollgate.metrics().sum("tollgate_config_last_reload_successful")).isEqualTo(1);
  }

  @Test
  void takesNewAndRemovedFilesUp() throws IOException {
    tollgate.write("conf.d/below/deeper/new.yaml", api("new", "/new", "u"));
    awaitStatus("/new/x", 200);
    Files.delete(tollgate.conf().resolve("conf.d/below/deeper/new.yaml"));
    awaitStatus("/new/x", 404);
  }

  @Test
  void refusesABrokenEditAndServesOn() throws IOException {
    tollgate.write(
        "conf.d/broken.yaml",
        api("broken", "/broken", "u")
            .replace("context:", "contxt:")
            .replace("security: none", "security: non"));
    tollgate.awaitLog("broken\\.yaml:5:\\d+.*contxt.*context");
    tollgate.awaitLog("broken\\.yaml:6:\\d+.*non");
    assertThat(tollgate.status("/readyz")).isEqualTo(200);
    assertThat(tollgate.get("/stays/x").status()).isEqualTo(200);
    assertThat(tollgate.get("/broken/x").status()).isEqualTo(404);
    assertThat(tollgate.metrics().sum("tollgate_config_last_reload_successful")).isZero();
    assertThat(tollgate.metrics().find("tollgate_config_reloads_total")).hasSizeGreaterThan(1);
    Files.delete(tollgate.conf().resolve("conf.d/broken.yaml"));
    Patience.await()
        .until(() -> tollgate.metrics().sum("tollgate_config_last_reload_successful") == 1);
  }

  /** D9 and D10: whatever is in a file, it is refused as a whole and what was there serves on. */
  static List<String> brokenFiles() {
    return List.of(
        "kind: Api\nname: half\nversion: v1\ncontext: /ha",
        "kind: Api\nname: half\noperations: [",
        "a: &a [x]\nb: *a\n",
        "kind: !!java.net.URL [\"http://127.0.0.1\"]\n",
        "kind: Api\nname: x\nname: y\n",
        "kind: Api\n\tname: x\n",
        "\u0000\u0001",
        "[",
        "just text",
        "kind: Nothing\nname: x\n",
        "kind: Upstream\nname: u\ntargets: [{url: \"http://127.0.0.1:1\"}]\n",
        "kind: Gateway\nname: second\nlisteners: [{name: x, bind: \"127.0.0.1:0\"}]\n",
        "kind: Api\n"
            + "name: x\n"
            + "version: v1\n"
            + "context: /x\n"
            + "security: none\n"
            + "route: {upstream: missing}\n",
        "kind: Api\nname: x\nversion: v1\ncontext: /stays\nsecurity: none\nroute: {upstream: u}\n",
        "kind: Api\n"
            + "name: x\n"
            + "version: v1\n"
            + "context: /x\n"
            + "security: none\n"
            + "policies: [missing]\n"
            + "route: {upstream: u}\n",
        "kind: Api\nname: x\nversion: v1\ncontext: /x\nroute: {upstream: u}\n",
        "kind: Upstream\n"
            + "name: ${env:NO_SUCH_VARIABLE_HERE}\n"
            + "targets: [{url: \"http://127.0.0.1:1\"}]\n",
        "kind: Upstream\nname: ${file:no/such/file}\ntargets: [{url: \"http://127.0.0.1:1\"}]\n",
        "kind: Upstream\n"
            + "name: v\n"
            + "targets: [{url: \"http://127.0.0.1:1\"}]\n"
            + "timeouts: {connect: 30}\n");
  }

  @ParameterizedTest
  @MethodSource("brokenFiles")
  void refusesAndNamesThePlace(String content) throws IOException {
    tollgate.edit("conf.d/broken.yaml", content);
    Patience.await()
        .until(() -> tollgate.metrics().sum("tollgate_config_last_reload_successful") == 0);
    assertThat(
            tollgate.log().lines().filter(line -> line.contains("broken.yaml:")).toList().getLast())
        .matches(".*broken\\.yaml:\\d+:\\d+ .*");
    assertThat(tollgate.get("/stays/x").status()).isEqualTo(200);
    assertThat(tollgate.status("/readyz")).isEqualTo(200);
  }

  @Test
  void followsTheDataLinkOfAMountedConfigMap() throws IOException {
    Path folder = tollgate.conf().resolve("conf.d/mounted");
    Files.createDirectories(folder.resolve("..first"));
    Files.writeString(folder.resolve("..first/more.yaml"), api("mounted", "/mounted1", "u"));
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..first"));
    Files.createSymbolicLink(folder.resolve("more.yaml"), Path.of("..data/more.yaml"));
    awaitStatus("/mounted1/x", 200);
    Files.createDirectories(folder.resolve("..second"));
    Files.writeString(folder.resolve("..second/more.yaml"), api("mounted", "/mounted2", "u"));
    Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..second"));
    Files.move(
        folder.resolve("..data_tmp"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    awaitStatus("/mounted2/x", 200);
    assertThat(tollgate.get("/mounted1/x").status()).isEqualTo(404);
    for (String name :
        List.of(
            "more.yaml",
            "..data",
            "..first/more.yaml",
            "..first",
            "..second/more.yaml",
            "..second",
            "")) {
      Files.delete(folder.resolve(name));
    }
    awaitStatus("/mounted2/x", 404);
  }

  @Test
  void takesAChangedReferencedFileUp() throws IOException {
    tollgate.write("texts/hello.txt", "one");
    tollgate.write(
        "conf.d/more.yaml",
        "kind: Policy\nname: hello\nrequest: [{respond: {body: \"${file:texts/hello.txt}\"}}]\n"
            + api("hello", "/hello", "u", "policies: [hello]"));
    awaitText("/hello/x", "one");
    tollgate.write("texts/hello.txt", "two");
    awaitText("/hello/x", "two");
  }

  @Test
  void losesNoRequestWhileItReloads() throws IOException, InterruptedException {
    AtomicBoolean isOver = new AtomicBoolean();
    AtomicInteger served = new AtomicInteger();
    ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      callers.add(
          Thread.ofVirtual()
              .start(() -> {
                try (RawClient client = tollgate.client()) {
                  while (!isOver.get()) {
                    Response response =
                        client
                            .send(
                                "POST /stays/x HTTP/1.1\r\n"
                                    + "Host: x\r\n"
                                    + "Content-Length: 5\r\n\r\n"
                                    + "hello")
                            .read();
                    served.incrementAndGet();
                    if (response.status() != 200 || !response.text().equals("hello")) {
                      failures.add(response.toString());
                    }
                  }
                } catch (IOException | RuntimeException e) {
                  failures.add(e.toString());
                }
              }));
    }
    double before = tollgate.metrics().sum("tollgate_config_generation");
    for (int i = 1; i <= 25; i++) {
      tollgate.write("conf.d/more.yaml", api("more", "/more" + i, "u"));
      tollgate.signal("HUP");
      if (i % 5 == 0) {
        awaitStatus("/more" + i + "/x", 200);
      }
    }
    isOver.set(true);
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(failures).isEmpty();
    assertThat(served.get()).isGreaterThan(25);
    assertThat(tollgate.metrics().sum("tollgate_config_generation"))
        .isGreaterThanOrEqualTo(before + 5);
  }

  @Test
  void finishesWhatIsInFlightOnARemovedRoute() throws IOException {
    CountDownLatch removed = new CountDownLatch(1);
    String path =
        origin.path((request, connection) -> {
          connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst");
          removed.await();
          connection.write("after");
        });
    tollgate.write("conf.d/more.yaml", api("more", "/more", "u"));
    awaitStatus("/more/x", 200);
    try (RawClient client = tollgate.client()) {
      client.send("GET /more" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readHead().status()).isEqualTo(200);
      Files.delete(tollgate.conf().resolve("conf.d/more.yaml"));
      awaitStatus("/more/x", 404);
      removed.countDown();
      assertThat(new String(client.readBytes(10), java.nio.charset.StandardCharsets.US_ASCII))
          .isEqualTo("firstafter");
      assertThat(client.send("GET /more/x HTTP/1.1\r\nHost: x\r\n\r\n").read().status())
          .as("the same connection sees the new routes")
          .isEqualTo(404);
    }
  }

  @Test
  void keepsConnectionsOfUntouchedUpstreams() throws IOException {
    try (RawClient client = tollgate.client()) {
      client.send("GET /stays/kept HTTP/1.1\r\nHost: x\r\n\r\n").read();
      int connection = origin.requests("/kept").getLast().connection().index();
      tollgate.write("conf.d/more.yaml", api("more", "/more", "u"));
      awaitStatus("/more/x", 200);
      client.send("GET /stays/kept HTTP/1.1\r\nHost: x\r\n\r\n").read();
      assertThat(origin.requests("/kept").getLast().connection().index()).isEqualTo(connection);
    }
  }

  @Test
  void closesThePoolOfARemovedUpstream() throws IOException, InterruptedException {
    try (RecordingOrigin other = RecordingOrigin.start()) {
      tollgate.write(
          "conf.d/more.yaml", upstream("other", other.port()) + api("more", "/more", "other"));
      awaitStatus("/more/x", 200);
      Files.delete(tollgate.conf().resolve("conf.d/more.yaml"));
      awaitStatus("/more/x", 404);
      assertThat(other.connections().getFirst().awaitEnd()).isTrue();
    }
  }

  @Test
  void saysThatAListenerNeedsARestart() throws IOException {
    String gateway = Files.readString(tollgate.conf().resolve("gateway.yaml"));
    try {
      tollgate.write(
          "gateway.yaml", gateway.replace("name: http,", "name: http, limits: {body: 1KiB},"));
      tollgate.awaitLog("take effect at the next start");
      assertThat(tollgate.get("/stays/x").status()).isEqualTo(200);
    } finally {
      tollgate.write("gateway.yaml", gateway);
    }
  }

  private static String stays() {
    return upstream("u", origin.port()) + api("stays", "/stays", "u");
  }

  private static void awaitStatus(String path, int status) {
    Patience.await().until(() -> tollgate.get(path).status() == status);
  }

  private static void awaitText(String path, String text) {
    Patience.await().until(() -> tollgate.get(path).text().equals(text));
  }
}
