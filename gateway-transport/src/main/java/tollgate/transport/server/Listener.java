package tollgate.transport.server;

import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.core.exchange.ExchangeStarter;

/** An address that is listened on. Any thread. */
public final class Listener {
  private static final Logger log = LoggerFactory.getLogger(Listener.class);

  private final Server server;
  private final ListenerSettings settings;
  private final ExchangeStarter starter;
  private final AtomicInteger connections = new AtomicInteger();
  private volatile @Nullable Channel channel;

  Listener(Server server, ListenerSettings settings, ExchangeStarter starter) {
    this.server = server;
    this.settings = settings;
    this.starter = starter;
  }

  public String name() {
    return settings.name();
  }

  /** Where it really listens: the port that was chosen, or the Unix socket's path. */
  public SocketAddress address() {
    Channel bound = channel;
    SocketAddress local = bound == null ? null : bound.localAddress();
    return switch (local) {
      case null -> settings.address();
      case DomainSocketAddress unix -> UnixDomainSocketAddress.of(unix.path());
      default -> local;
    };
  }

  /** The port of {@link #address}; 0 for a Unix socket. */
  public int port() {
    return address() instanceof InetSocketAddress inet ? inet.getPort() : 0;
  }

  /** Connections that are open now. */
  public int connections() {
    return connections.get();
  }

  /** Accepts no further connection; those there are go on. */
  public CompletionStage<Void> stopAccepting() {
    var stopped = new CompletableFuture<Void>();
    Channel bound = channel;
    if (bound == null) {
      stopped.complete(null);
    } else {
      bound
          .close()
          .addListener(_ -> {
            deleteSocketFile();
            stopped.complete(null);
          });
    }
    return stopped;
  }

  /** Leaves new connections in the kernel's queue, or takes them from it again. */
  public void pauseAccepting(boolean isPaused) {
    Channel bound = channel;
    if (bound != null) {
      bound.config().setAutoRead(!isPaused);
    }
  }

  void bound(Channel bound) {
    channel = bound;
  }

  /** As if accepting had failed; for tests. */
  void failAccept(IOException cause) {
    Channel bound = channel;
    if (bound != null) {
      bound.pipeline().fireExceptionCaught(cause);
    }
  }

  Server server() {
    return server;
  }

  ListenerSettings settings() {
    return settings;
  }

  ExchangeStarter starter() {
    return starter;
  }

  /** Counts one more; false if that is too many. */
  boolean opened() {
    int now = connections.incrementAndGet();
    return settings.maxConnections() == 0 || now <= settings.maxConnections();
  }

  void closed() {
    connections.decrementAndGet();
  }

  private void deleteSocketFile() {
    if (settings.address() instanceof UnixDomainSocketAddress unix) {
      try {
        Files.deleteIfExists(unix.getPath());
      } catch (IOException e) {
        log.warn("Socket file stays behind: {}", e.toString());
      }
    }
  }
}
