import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The training run behind an AOT cache (JEP 483, 514, 515): starts the package's gateway on a configuration of its own, takes it
 * through what gateways do - plain and TLS traffic, bodies, refusals, reloads good and bad, a scrape, the control socket - and ends it
 * by SIGTERM, upon which the JVM writes the cache. Fails if any answer is not what it should be. Loopback only.
 *
 * <pre>java Training.java PACKAGE CACHE Serial|G1</pre>
 */
public final class Training {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int FILES = 20;
  private static final int APIS_PER_FILE = 50;
  private static final int ROUNDS = 4_000;

  private final Path home;
  private final Path work;
  private final int backend;
  private final int http = freePort();
  private final int https = freePort();
  private final int status = freePort();
  private final HttpClient client = client();

  private Training(Path home, Path work, int backend) throws Exception {
    this.home = home;
    this.work = work;
    this.backend = backend;
  }

  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]);
    Path cache = Path.of(arguments[1]);
    Path work = Files.createTempDirectory("tollgate-training-");
    HttpServer backend = backend();
    try {
      new Training(home, work, backend.getAddress().getPort()).run(cache, arguments[2]);
    } catch (Exception | AssertionError e) {
      System.err.println(Files.exists(work.resolve("err")) ? Files.readString(work.resolve("err")) : "nothing was started");
      throw e;
    } finally {
      backend.stop(0);
      delete(work);
    }
    if (!Files.isRegularFile(cache)) {
      throw new AssertionError("no cache was written: " + cache);
    }
    System.exit(0);
  }

  private void run(Path cache, String collector) throws Exception {
    write(work.resolve("conf"));
    ProcessBuilder builder = command("run", "--conf", work.resolve("conf").toString());
    builder.environment().put("TOLLGATE_JAVA_OPTS", "-XX:AOTCacheOutput=" + cache);
    builder.environment().put("TOLLGATE_COLLECTOR", collector);
    Process gateway = builder.start();
    try {
      until(() -> get("http", status, "/readyz") == 200, gateway);
      until(() -> get("http", http, "/shop/v1/items") == 200, gateway);
      traffic();
      reloads();
      expect(0, command("reload").directory(work.toFile()).start().waitFor());
      gateway.destroy();
      if (!gateway.waitFor(180, TimeUnit.SECONDS) || gateway.exitValue() != 0) {
        throw new AssertionError("the gateway did not end well: " + gateway);
      }
    } finally {
      gateway.destroyForcibly();
    }
  }

  private ProcessBuilder command(String... arguments) throws IOException {
    List<String> line = new java.util.ArrayList<>(List.of(home.resolve("bin/tollgate").toString()));
    line.addAll(List.of(arguments));
    return new ProcessBuilder(line)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(work.resolve("out").toFile()))
        .redirectError(ProcessBuilder.Redirect.appendTo(work.resolve("err").toFile()));
  }

  /** Enough rounds for the profiles of the request path to be worth keeping. */
  private void traffic() throws Exception {
    String large = "x".repeat(200_000);
    for (int i = 0; i < ROUNDS; i++) {
      String scheme = i % 4 == 0 ? "https" : "http";
      int port = i % 4 == 0 ? https : http;
      expect(200, get(scheme, port, "/shop/v1/items?page=" + i));
      expect(200, get(scheme, port, "/api" + i % (FILES * APIS_PER_FILE) + "/v1/items/" + i));
      if (i % 4 == 0) {
        expect(200, send(request(scheme, port, "/shop/v1/items?page=" + i).version(HttpClient.Version.HTTP_2)));
      }
      if (i % 40 == 0) {
        expect(200, send(request(scheme, port, "/shop/v1/items").version(HttpClient.Version.HTTP_2)
            .POST(BodyPublishers.ofString("{\"name\":\"lamp\"}"))));
      }
      if (i % 10 == 0) {
        expect(200, send(request(scheme, port, "/shop/v1/items").POST(BodyPublishers.ofString("{\"name\":\"lamp\"}"))));
        expect(200, send(request(scheme, port, "/shop/v1/items").method("HEAD", BodyPublishers.noBody())));
        expect(404, get(scheme, port, "/nowhere"));
        expect(405, send(request(scheme, port, "/shop/v1/items").DELETE()));
      }
      if (i % 500 == 0) {
        expect(200, send(request(scheme, port, "/shop/v1/items").POST(BodyPublishers.ofString(large))));
        expect(200, send(request(scheme, port, "/shop/v1/items")
            .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large.getBytes())))));
        expect(200, get("http", status, "/metrics"));
        expect(200, get("http", status, "/livez"));
      }
    }
  }

  private void reloads() throws Exception {
    for (int i = 1; i <= 10; i++) {
      replace("conf.d/more.yaml", api("more", "/more" + i));
      int number = i;
      until(() -> get("http", http, "/more" + number + "/x") == 200, null);
    }
    replace("conf.d/more.yaml", "kind: Api\nnme: more\n");
    replace("conf.d/other.yaml", api("other", "/other"));
    until(() -> scrape().contains("result=\"invalid\"") || scrape().contains("tollgate_config_last_reload_successful 0"), null);
    expect(404, get("http", http, "/other/x"));
    replace("conf.d/more.yaml", api("more", "/more"));
    until(() -> get("http", http, "/other/x") == 200, null);
  }

  private String scrape() throws Exception {
    return client.send(request("http", status, "/metrics").build(), BodyHandlers.ofString()).body();
  }

  private void write(Path conf) throws Exception {
    Files.createDirectories(conf.resolve("conf.d/many"));
    certificate(conf);
    Files.writeString(conf.resolve("gateway.yaml"), """
        kind: Gateway
        name: training
        listeners:
          - {name: http, bind: "127.0.0.1:%d"}
          - name: https
            bind: "127.0.0.1:%d"
            tls: {certificates: [{cert: cert.pem, key: key.pem}]}
        status: {bind: "127.0.0.1:%d"}
        drain: {delay: 0s, timeout: 10s}
        reload: {poll: 200ms}
        """.formatted(http, https, status));
    Files.writeString(conf.resolve("conf.d/shop.yaml"), """
        kind: Upstream
        name: shop
        targets: [{url: "http://localhost:%d"}, {url: "http://127.0.0.1:%d"}]
        timeouts: {connect: 1s, response: 10s, idle: 60s}
        ---
        kind: Policy
        name: tidy
        request:
          - headers: {set: {X-Trained: "yes"}}
        response:
          - headers: {set: {X-Served-By: tollgate}}
        ---
        kind: Api
        name: shop
        version: v1
        context: /shop/v1
        security: none
        subscription: none
        policies: [tidy]
        cors: {origins: ["http://localhost:3000"], methods: [GET, POST]}
        route: {upstream: shop}
        operations:
          - {id: listItems, match: GET /items}
          - {id: addItem, match: POST /items}
          - {id: item, match: "GET /items/{number}"}
        """.formatted(backend, backend));
    for (int file = 0; file < FILES; file++) {
      StringBuilder text = new StringBuilder();
      for (int i = file * APIS_PER_FILE; i < (file + 1) * APIS_PER_FILE; i++) {
        text.append("---\n").append(api("api" + i, "/api" + i + "/v1"))
            .append("operations: [{id: item, match: 'GET /items/{id}'}, {id: create, match: POST /items}]\n");
      }
      Files.writeString(conf.resolve("conf.d/many/" + file + ".yaml"), text);
    }
  }

  private static String api(String name, String context) {
    return """
        kind: Api
        name: %s
        version: v1
        context: %s
        security: none
        subscription: none
        route: {upstream: shop}
        """.formatted(name, context);
  }

  private void replace(String name, String text) throws IOException {
    Path file = work.resolve("conf").resolve(name);
    Path next = file.resolveSibling(file.getFileName() + ".tmp");
    Files.writeString(next, text);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** A certificate for localhost by the JDK's keytool, as PEM files. */
  private static void certificate(Path conf) throws Exception {
    Path store = conf.resolve("store.p12");
    Process keytool = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin/keytool").toString(), "-genkeypair", "-alias", "a", "-keyalg", "EC",
            "-dname", "CN=localhost", "-validity", "2", "-storetype", "PKCS12", "-storepass", "changeit", "-keystore", store.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
    expect(0, keytool.waitFor());
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    pem(conf.resolve("cert.pem"), "CERTIFICATE", keys.getCertificate("a").getEncoded());
    pem(conf.resolve("key.pem"), "PRIVATE KEY", keys.getKey("a", "changeit".toCharArray()).getEncoded());
    Files.delete(store);
  }

  private static void pem(Path file, String what, byte[] der) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
  }

  private int get(String scheme, int port, String target) throws Exception {
    return send(request(scheme, port, target));
  }

  private int send(HttpRequest.Builder request) throws Exception {
    try {
      return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    } catch (IOException _) {
      return 0;
    }
  }

  private static HttpRequest.Builder request(String scheme, int port, String target) {
    return HttpRequest.newBuilder(URI.create(scheme + "://localhost:" + port + target))
        .version(HttpClient.Version.HTTP_1_1)
        .timeout(PATIENCE);
  }

  /** Trusts whatever it meets: it is our own gateway on loopback. */
  private static HttpClient client() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAll()}, null);
    return HttpClient.newBuilder().sslContext(context).connectTimeout(PATIENCE).build();
  }

  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override public void checkClientTrusted(X509Certificate[] chain, String type) {}
    @Override public void checkServerTrusted(X509Certificate[] chain, String type) {}
    @Override public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}
    @Override public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}
    @Override public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}
    @Override public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}
    @Override public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
  }

  private static HttpServer backend() throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    byte[] body = "[{\"id\":1,\"name\":\"lamp\"}]\n".repeat(40).getBytes();
    server.createContext("/", exchange -> {
      exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      boolean hasBody = !exchange.getRequestMethod().equals("HEAD");
      boolean isChunked = exchange.getRequestURI().getPath().endsWith("7");
      exchange.sendResponseHeaders(200, !hasBody ? -1 : isChunked ? 0 : body.length);
      if (hasBody) {
        exchange.getResponseBody().write(body);
      }
      exchange.close();
    });
    server.start();
    return server;
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void until(Condition condition, Process process) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (process != null && !process.isAlive()) {
        throw new AssertionError("the gateway ended: " + process);
      }
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("waited in vain");
      }
      Thread.sleep(50);
    }
  }

  private static void expect(int expected, int found) {
    if (expected != found) {
      throw new AssertionError("answer " + found + " (expected: " + expected + ")");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var walk = Files.walk(folder)) {
      for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
