package tollgate.dist.run;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.config.model.BindAddress;
import tollgate.config.model.Cidr;
import tollgate.config.model.HandshakeLimit;
import tollgate.config.model.ListenerConfig;
import tollgate.config.model.ListenerLimits;
import tollgate.config.model.ListenerTlsConfig;
import tollgate.config.read.Diagnostic;
import tollgate.config.text.Location;
import tollgate.core.exchange.ExchangeStarter;
import tollgate.core.http.CidrSet;
import tollgate.dist.assembly.Assembly;
import tollgate.dist.assembly.ListenerTls;
import tollgate.transport.server.ConnectionLimits;
import tollgate.transport.server.Listener;
import tollgate.transport.server.ListenerSettings;
import tollgate.transport.server.Server;
import tollgate.transport.tls.TlsContexts;
import tollgate.transport.tls.TlsProblem;
import tollgate.transport.wire.HttpLimits;

/**
 * The listeners of the process and their certificates. One thread at a time, but for idle
 * connections and accepting; what blocks says so.
 */
final class Listeners implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
  private static final long BIND_SECONDS = 30;

  private final Server server;
  private final Set<String> traffic = ConcurrentHashMap.newKeySet();
  private final Map<String, TlsContexts> certificates = new HashMap<>();

  Listeners(Server server) {
    this.server = server;
  }

  /**
   * @throws IOException if the address cannot be bound, or the certificates cannot be used
   */
  void openTrafficBlocking(ListenerConfig config, ExchangeStarter starter) throws IOException {
    TlsContexts tls = config.tls() == null ? null : contextsBlocking(config, config.tls());
    traffic.add(config.name());
    ListenerLimits limits = config.limits();
    Duration age = limits.connectionAge();
    HttpLimits http =
        new HttpLimits(
            Math.toIntExact(limits.requestLine().bytes()),
            Math.toIntExact(limits.headers().bytes()),
            limits.headerCount(),
            limits.headerTimeout().toNanos(),
            limits.idleTimeout().toNanos(),
            limits.bodyTimeout().toNanos(),
            limits.minRequestRate().bytes(),
            limits.minResponseRate().bytes(),
            age == null ? 0 : age.toNanos(),
            limits.streams());
    openBlocking(
        new ListenerSettings(
            config.name(),
            address(config.bind()),
            http,
            tls,
            limits.handshakeTimeout(),
            connectionLimits(config),
            ranges(config.proxyProtocol()),
            ListenerTls.versions(config)),
        starter);
  }

  private static ConnectionLimits connectionLimits(ListenerConfig config) {
    ListenerLimits limits = config.limits();
    Integer perClient = limits.connectionsPerClient();
    HandshakeLimit handshakes = limits.handshakesPerClient();
    return new ConnectionLimits(
        limits.connections(),
        perClient == null ? 0 : perClient,
        handshakes == null
            ? null
            : new ConnectionLimits.HandshakeRate(
                handshakes.rate().count(), handshakes.rate().per(), handshakes.burst()),
        ranges(config.trustedProxies()));
  }

  private static CidrSet ranges(List<Cidr> configured) {
    return CidrSet.of(configured.stream().map(Assembly::cidr).toList());
  }

  void openStatusBlocking(BindAddress bind, ExchangeStarter starter) throws IOException {
    openBlocking(ListenerSettings.plain("status", address(bind), HttpLimits.DEFAULTS), starter);
  }

  void openControlBlocking(Path socket, ExchangeStarter starter) throws IOException {
    openBlocking(
        ListenerSettings.plain("control", UnixDomainSocketAddress.of(socket), HttpLimits.DEFAULTS),
        starter);
  }

  private void openBlocking(ListenerSettings settings, ExchangeStarter starter) throws IOException {
    try {
      Listener listener =
          server.listen(settings, starter).toCompletableFuture().get(BIND_SECONDS, SECONDS);
      LOG.info(
          "{} listens on {}{}",
          listener.name(),
          print(listener.address()),
          settings.tls() == null ? "" : " (TLS)");
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          settings.name()
              + " cannot listen on "
              + print(settings.address())
              + ": "
              + cause.getMessage(),
          cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(settings.name() + ": interrupted", e);
    }
  }

  private TlsContexts contextsBlocking(ListenerConfig config, ListenerTlsConfig tls)
      throws IOException {
    String listener = config.name();
    return switch (TlsContexts.create(ListenerTls.settings(tls, ListenerTls.versions(config)))) {
      case TlsContexts.Created.Ready ready -> {
        certificates.put(listener, ready.contexts());
        yield ready.contexts();
      }
      case TlsContexts.Created.Refused refused ->
          throw new IOException(listener + ": " + refused.problems().getFirst());
    };
  }

  /** Closes the connections of clients that wait for their next request. */
  void closeIdle() {
    server.closeIdle(listener -> traffic.contains(listener.name()));
  }

  /** Leaves new connections of clients in the kernel's queue, or takes them from it again. */
  void pauseAccepting(boolean isPaused) {
    for (Listener listener : server.listeners()) {
      if (traffic.contains(listener.name())) {
        listener.pauseAccepting(isPaused);
      }
    }
  }

  /** Reads all certificate files again; with a problem in a listener's files its old ones stay. */
  List<Diagnostic> reloadCertificates() {
    List<Diagnostic> problems = new ArrayList<>();
    for (TlsContexts contexts : certificates.values()) {
      for (TlsProblem problem : contexts.reload()) {
        problems.add(
            Diagnostic.error(Location.ofFile(problem.file().toString()), "", problem.what()));
      }
    }
    return problems;
  }

  /** When each certificate file in use ends. */
  Map<Path, Instant> notAfter() {
    Map<Path, Instant> ends = new HashMap<>();
    certificates.values().forEach(contexts -> ends.putAll(contexts.notAfter()));
    return ends;
  }

  /**
   * Stops accepting and lets what runs finish.
   *
   * @return how many connections had to be cut
   */
  int drainBlocking(Duration timeout) {
    try {
      server.stopAccepting().toCompletableFuture().get(BIND_SECONDS, SECONDS);
      return server
          .drain(timeout)
          .toCompletableFuture()
          .get(timeout.toSeconds() + BIND_SECONDS, SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("the drain did not end", e);
      return server.connections();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return server.connections();
    }
  }

  @Override
  public void close() {
    certificates.values().forEach(TlsContexts::close);
  }

  private static InetSocketAddress address(BindAddress bind) {
    return new InetSocketAddress(bind.host(), bind.port());
  }

  private static String print(@Nullable SocketAddress address) {
    if (address instanceof InetSocketAddress inet) {
      InetAddress host = inet.getAddress();
      String text = host == null ? inet.getHostString() : host.getHostAddress();
      return (text.indexOf(':') >= 0 ? "[" + text + "]" : text) + ":" + inet.getPort();
    }
    return String.valueOf(address);
  }
}
