package tollgate.it.mutation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tollgate.it.harness.Bytes;
import tollgate.it.harness.Nginx;
import tollgate.it.harness.Patience;
import tollgate.it.harness.RawClient;
import tollgate.it.harness.Tollgate;

/**
 * Servers of other makes as origins: nginx and Node, each where it is installed (Node twice: as it
 * comes, and with its lenient parser), and the JDK's. Each tells the ledger of whatever it takes
 * for a request, and answers with the id it saw.
 */
final class ForeignOrigins implements AutoCloseable {
  private static final String NODE =
      """
      const http = require('http');
      function serve(name, insecureHTTPParser) {
        const server = http.createServer({insecureHTTPParser, maxHeaderSize: 1 << 18,
            keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0}, (request, response) => {
          const id = request.headers['x-request-id'] || '-';
          console.log(['SEEN', name, id, request.method, request.url].join(' '));
          request.resume();
          request.on('end', () => { response.setHeader('X-Seen', id); response.end('seen by Node\\n'); });
        });
        server.on('clientError', (error, socket) => {
          console.log(['BROKEN', name, error.code, JSON.stringify(String(error.rawPacket || ''))].join(' '));
          socket.destroy();
        });
        server.listen(0, '127.0.0.1', () => console.log(['PORT', name, server.address().port].join(' ')));
      }
      serve('node', false);
      serve('lenient', true);
      """;

  /** Node's words for a connection that ended in the middle of a request. */
  private static final List<String> ENDED =
      List.of("ECONNRESET", "EPIPE", "HPE_INVALID_EOF_STATE", "HPE_CLOSED_CONNECTION");

  private final Ledger ledger;
  private final Path folder;
  private final Map<String, Integer> ports = new ConcurrentSkipListMap<>();
  private final List<Process> processes = new ArrayList<>();
  private final HttpServer jdk;
  private @Nullable LineFollower nginxLog;

  private ForeignOrigins(Ledger ledger) throws IOException {
    this.ledger = ledger;
    this.folder = Files.createTempDirectory("tollgate-origins-");
    this.jdk = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
  }

  static ForeignOrigins start(Ledger ledger) throws IOException {
    ForeignOrigins origins = new ForeignOrigins(ledger);
    origins.startJdk();
    origins.startNginx();
    origins.startNode();
    return origins;
  }

  /** Port by name. */
  Map<String, Integer> ports() {
    return ports;
  }

  /** Takes what was logged since the last call. */
  void follow() throws IOException {
    LineFollower log = nginxLog;
    if (log != null) {
      log.follow(this::nginxLine);
    }
  }

  @Override
  public void close() throws IOException {
    jdk.stop(0);
    for (Process process : processes) {
      process.destroy();
      try {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void startJdk() {
    jdk.createContext("/", this::serveJdk);
    jdk.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    jdk.start();
    ports.put("jdk", jdk.getAddress().getPort());
  }

  private void serveJdk(HttpExchange exchange) throws IOException {
    String id = exchange.getRequestHeaders().getFirst("X-Request-Id");
    ledger.seen(
        "jdk", id, exchange.getRequestMethod(), withoutQuery(exchange.getRequestURI().toString()));
    try (InputStream body = exchange.getRequestBody()) {
      body.transferTo(OutputStream.nullOutputStream());
    }
    byte[] answer = Bytes.of("seen by the JDK\n");
    exchange.getResponseHeaders().add("X-Seen", id);
    boolean isHead = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(200, isHead ? -1 : answer.length);
    if (!isHead) {
      exchange.getResponseBody().write(answer);
    }
    exchange.close();
  }

  private void startNginx() throws IOException {
    Path executable = Nginx.executable();
    if (executable == null) {
      return;
    }
    int port = Tollgate.freePort();
    String user = System.getProperty("user.name").equals("root") ? "user root;" : "";
    Path configuration = folder.resolve("nginx.conf");
    Files.writeString(configuration, nginxConfiguration(user, port));
    Path log = Files.createFile(folder.resolve("access.log"));
    processes.add(
        new ProcessBuilder(
                executable.toString(), "-p", folder.toString(), "-c", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start());
    Patience.await().ignoreExceptions().until(() -> RawClient.get(port, "/ready").status() == 200);
    nginxLog = LineFollower.of(log);
    ports.put("nginx", port);
  }

  private String nginxConfiguration(String user, int port) {
    return """
    %s
    daemon off;
    worker_processes 1;
    pid %2$s/nginx.pid;
    error_log %2$s/error.log error;
    events { worker_connections 1024; }
    http {
      log_format seen escape=none '$http_x_request_id $request';
      access_log %2$s/access.log seen;
      client_body_temp_path %2$s/body;
      proxy_temp_path %2$s/proxy;
      fastcgi_temp_path %2$s/fastcgi;
      uwsgi_temp_path %2$s/uwsgi;
      scgi_temp_path %2$s/scgi;
      keepalive_requests 100000000;
      keepalive_timeout 600s;
      client_header_buffer_size 64k;
      large_client_header_buffers 8 128k;
      client_max_body_size 0;
      server {
        listen 127.0.0.1:%3$d;
        location = /ready { access_log off; return 200 "ready\\n"; }
        location / { add_header X-Seen $http_x_request_id always; return 200 "seen by nginx\\n"; }
      }
    }
    """
        .formatted(user, folder, port);
  }

  private void nginxLine(String line) {
    String[] words = line.split(" ", -1);
    if (words.length == 4) {
      ledger.seen("nginx", words[0], words[1], withoutQuery(words[2]));
    } else if (!line.isBlank()) {
      // An empty one: the gateway gave up before the request line was there.
      ledger.fail("nginx took for a request: " + line);
    }
  }

  private void startNode() throws IOException {
    Path script = Files.writeString(folder.resolve("origin.js"), NODE);
    Process process;
    try {
      process =
          new ProcessBuilder("node", script.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException _) {
      // not installed
      return;
    }
    processes.add(process);
    CountDownLatch isListening = new CountDownLatch(2);
    Thread.ofPlatform().daemon().name("node").start(() -> readNode(process, isListening));
    try {
      if (!isListening.await(20, TimeUnit.SECONDS)) {
        throw new IOException("Node does not listen");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void readNode(Process process, CountDownLatch isListening) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
          case "PORT" -> {
            ports.put(words[1], Integer.parseInt(words[2]));
            isListening.countDown();
          }
          case "SEEN" -> ledger.seen(words[1], words[2], words[3], withoutQuery(words[4]));
          default -> {
            if (!ENDED.contains(words[2])) {
              ledger.fail("Node refuses: " + line);
            }
          }
        }
      }
    } catch (IOException _) {
      // it was ended
    }
  }

  private static String withoutQuery(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }
}
