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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.core.exchange.ExchangeStarter;
import tollgate.core.time.Ticker;

/** An address that is listened on. Any thread. */
public final class Listener {
  private static final Logger log = LoggerFactory.getLogger(Listener.class);

  private final Server server;
  private final ListenerSettings settings;
  private final ExchangeStarter starter;
  private final Accepting accepting;
  private final RefusalLog refusals;
  private final Admission admission;
  private volatile @Nullable Channel channel;

  Listener(Server server, ListenerSettings settings, ExchangeStarter starter, Ticker ticker) {
    this.server = server;
    this.settings = settings;
    this.starter = starter;
    this.accepting = new Accepting(settings.name());
    this.refusals = new RefusalLog(settings.name(), ticker);
    this.admission = new Admission(settings.connections(), settings.tls() != null, refusals);
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
    return admission.connections();
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
    accepting.pause(isPaused);
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

  Accepting accepting() {
    return accepting;
  }

  RefusalLog refusals() {
    return refusals;
  }

  Admission admission() {
    return admission;
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
