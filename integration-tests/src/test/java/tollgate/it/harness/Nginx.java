package tollgate.it.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The installed nginx as an origin, with a configuration and folders of its own: {@code /files/}
 * serves files with their length, {@code /chunked/} the same ones chunked, and {@code PUT
 * /uploads/} stores what it gets. One thread.
 */
public final class Nginx implements AutoCloseable {
  private final Path folder;
  private final int port;
  private final int http2Port;
  private final Process process;

  private Nginx(Path folder, int port, int http2Port, Process process) {
    this.folder = folder;
    this.port = port;
    this.http2Port = http2Port;
    this.process = process;
  }

  /** Where nginx is, or null if it is not installed. */
  public static @Nullable Path executable() {
    String path = System.getenv("PATH");
    return Stream.concat(
            Stream.of("/usr/sbin", "/usr/local/sbin"),
            Stream.of((path == null ? "" : path).split(":", -1)))
        .map(directory -> Path.of(directory, "nginx"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  /** Starts it on a free port and waits until it answers. */
  public static Nginx start(Path executable) throws IOException {
    Path folder = Files.createTempDirectory("tollgate-nginx-");
    for (String name : List.of("files", "uploads")) {
      Files.createDirectory(folder.resolve(name));
    }
    Files.writeString(folder.resolve("files/ready"), "ready");
    int port = Tollgate.freePort();
    int http2Port = Tollgate.freePort();
    // A master of root's gives its workers away, who could not write here.
    String user = System.getProperty("user.name").equals("root") ? "user root;" : "";
    Files.writeString(folder.resolve("nginx.conf"), configuration(user, folder, port, http2Port));
    Process process =
        new ProcessBuilder(
                executable.toString(),
                "-p",
                folder.toString(),
                "-c",
                folder.resolve("nginx.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    Nginx nginx = new Nginx(folder, port, http2Port, process);
    Patience.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !process.isAlive() || nginx.isReady());
    if (!process.isAlive()) {
      throw new AssertionError("nginx: " + Files.readString(folder.resolve("output")));
    }
    return nginx;
  }

  public int port() {
    return port;
  }

  /** Where it speaks HTTP/2 without TLS. */
  public int http2Port() {
    return http2Port;
  }

  public void file(String name, byte[] content) throws IOException {
    Files.write(folder.resolve("files").resolve(name), content);
  }

  public byte[] upload(String name) throws IOException {
    return Files.readAllBytes(folder.resolve("uploads").resolve(name));
  }

  /** Numbers of the connections that requests of a path came by. */
  public List<String> connections(String path) throws IOException {
    return Files.readAllLines(folder.resolve("access.log")).stream()
        .filter(line -> line.split(" ", -1)[2].equals(path))
        .map(line -> line.split(" ", -1)[0])
        .toList();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static String configuration(String user, Path folder, int port, int http2Port) {
    return """
    %s
    daemon off;
    worker_processes 1;
    pid %2$s/nginx.pid;
    error_log %2$s/error.log warn;
    events { worker_connections 256; }
    http {
      log_format it '$connection $request_method $uri $status $request_length';
      access_log %2$s/access.log it;
      client_body_temp_path %2$s/body;
      proxy_temp_path %2$s/proxy;
      fastcgi_temp_path %2$s/fastcgi;
      uwsgi_temp_path %2$s/uwsgi;
      scgi_temp_path %2$s/scgi;
      keepalive_requests 100000;
      server {
        listen 127.0.0.1:%3$d;
        listen 127.0.0.1:%4$d http2;
        client_max_body_size 64m;
        location /files/ { alias %2$s/files/; }
        location /chunked/ { alias %2$s/files/; ssi on; ssi_types *; }
        location /uploads/ { alias %2$s/uploads/; dav_methods PUT; }
        location /slow/ { alias %2$s/files/; limit_rate 512k; }
      }
    }
    """
        .formatted(user, folder, port, http2Port);
  }

  private boolean isReady() {
    try {
      return RawClient.get(port, "/files/ready").status() == 200;
    } catch (IOException _) {
      return false;
    }
  }
}
