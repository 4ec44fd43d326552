package tollgate.it.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Node as an origin that speaks HTTP/2: {@code plain} by prior knowledge, {@code tls} by ALPN, and
 * {@code one}, plain, which takes one stream at a time on a connection. Each knows the paths of its
 * script.
 */
public final class NodeOrigin implements AutoCloseable {
  private static final String SCRIPT =
      """
      const http2 = require('http2');
      const fs = require('fs');
      const refused = new Set();
      function serve(name, server) {
        const stats = {sessions: 0, most: 0};
        server.on('session', session => {
          stats.sessions++;
          session.on('error', () => {});
        });
        server.on('stream', (stream, headers) => {
          const session = stream.session;
          session.now = (session.now || 0) + 1;
          stats.most = Math.max(stats.most, session.now);
          stream.on('close', () => session.now--);
          stream.on('error', () => {});
          const url = new URL(headers[':path'], 'http://x');
          const paths = {
            '/echo': () => {
              let trailers = {};
              stream.on('trailers', came => trailers = came);
              stream.respond({':status': 200, 'x-method': headers[':method']}, {waitForTrailers: true});
              stream.on('wantTrailers', () => stream.sendTrailers({'x-got': trailers['x-sum'] || 'none'}));
              stream.pipe(stream);
            },
            '/headers': () => {
              stream.respond({':status': 200, 'content-type': 'application/json'});
              stream.end(JSON.stringify(headers));
            },
            '/large': () => {
              const size = Number(url.searchParams.get('size'));
              stream.respond({':status': 200, 'content-length': size});
              stream.end(Buffer.alloc(size, 'abcdefghijklmnop'));
            },
            '/hint': () => {
              stream.additionalHeaders({':status': 103, link: '</a>'});
              stream.respond({':status': 204}, {endStream: true});
            },
            '/early': () => {
              stream.respond({':status': 403});
              stream.end('no');
            },
            '/slow': () => setTimeout(() => {
              if (!stream.destroyed) {
                stream.respond({':status': 200});
                stream.end('slow');
              }
            }, 30),
            '/reset': () => stream.close(Number(url.searchParams.get('code'))),
            '/refuse-once': () => {
              const id = url.searchParams.get('id');
              if (refused.has(id)) {
                stream.respond({':status': 200});
                stream.end('taken');
              } else {
                refused.add(id);
                stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
              }
            },
            '/cut': () => {
              stream.respond({':status': 200, 'content-length': 100});
              stream.write('a part');
              setTimeout(() => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR), 30);
            },
            '/leave': () => {
              stream.respond({':status': 200});
              stream.end('left');
              session.close();
            },
            '/stats': () => {
              stream.respond({':status': 200});
              stream.end(JSON.stringify(stats));
            },
          };
          (paths[url.pathname] || (() => stream.respond({':status': 404}, {endStream: true})))();
        });
        server.listen(0, '127.0.0.1', () => console.log(['PORT', name, server.address().port].join(' ')));
      }
      // In MB; beyond it a session refuses streams.
      const maxSessionMemory = 1000;
      serve('plain', http2.createServer({maxSessionMemory}));
      serve('one', http2.createServer({maxSessionMemory, settings: {maxConcurrentStreams: 1}}));
      serve('tls', http2.createSecureServer({maxSessionMemory,
          key: fs.readFileSync(__dirname + '/key.pem'), cert: fs.readFileSync(__dirname + '/cert.pem')}));
      """;

  private final Path folder;
  private final Process process;
  private final Map<String, Integer> ports = new ConcurrentHashMap<>();

  private NodeOrigin(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  /** Starts it and waits until it listens; null if it is not installed. */
  public static @Nullable NodeOrigin start(Certificates certificate) throws IOException {
    Path folder = Files.createTempDirectory("tollgate-node-");
    Files.writeString(folder.resolve("key.pem"), certificate.keyPem());
    Files.writeString(folder.resolve("cert.pem"), certificate.certificatePem());
    Path script = Files.writeString(folder.resolve("origin.js"), SCRIPT);
    Process process;
    try {
      process =
          new ProcessBuilder("node", script.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException _) {
      return null;
    }
    NodeOrigin origin = new NodeOrigin(folder, process);
    CountDownLatch isListening = new CountDownLatch(3);
    Thread.ofPlatform().daemon().name("node").start(() -> origin.read(isListening));
    try {
      if (!isListening.await(20, TimeUnit.SECONDS)) {
        throw new IOException("Node does not listen");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return origin;
  }

  private void read(CountDownLatch isListening) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", -1);
        ports.put(words[1], Integer.parseInt(words[2]));
        isListening.countDown();
      }
    } catch (IOException _) {
      // it was ended
    }
  }

  /** Of {@code plain}, {@code tls} or {@code one}. */
  public int port(String name) {
    Integer port = ports.get(name);
    if (port == null) {
      throw new IllegalArgumentException(name);
    }
    return port;
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
