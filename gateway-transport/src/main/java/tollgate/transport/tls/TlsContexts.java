package tollgate.transport.tls;

import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.transport.tls.TlsSettings.CertificateFiles;

/**
 * The certificates of one listener, swapped as a whole when their files change. Any thread.
 *
 * <p>Handshakes read one volatile reference. A context counts its references; one that a reload has
 * dropped lives on until the last connection that uses it has closed.
 */
public final class TlsContexts implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TlsContexts.class);

  private final TlsSettings settings;
  private final TlsEngine engine;
  private volatile Loaded current;

  /** All that was read at one time. */
  private static final class Loaded {
    private final CertificateChoice choice;

    /** Null where clients are asked for nothing. */
    private final @Nullable LoadedTrust clients;

    Loaded(CertificateChoice choice, @Nullable LoadedTrust clients) {
      this.choice = choice;
      this.clients = clients;
    }

    List<LoadedCertificate> certificates() {
      return choice.certificates();
    }
  }

  private TlsContexts(TlsSettings settings, TlsEngine engine, Loaded first) {
    this.settings = settings;
    this.engine = engine;
    this.current = first;
  }

  /** What came of reading the files for the first time. */
  public sealed interface Created {
    record Ready(TlsContexts contexts) implements Created {}

    /** Nothing is held. */
    record Refused(List<TlsProblem> problems) implements Created {}
  }

  /** Reads all files; blocks on them. All problems at once. */
  public static Created create(TlsSettings settings) {
    TlsEngine engine = TlsEngine.choose();
    var problems = new ArrayList<TlsProblem>();
    Loaded first = read(settings, engine, null, problems);
    return first == null
        ? new Created.Refused(List.copyOf(problems))
        : new Created.Ready(new TlsContexts(settings, engine, first));
  }

  /**
   * Reads the files again; blocks on them. All or nothing: with a problem in any of them the old
   * certificates stay. A pair that did not change keeps its context, and with it its sessions; but
   * where the clients' authorities or revocation lists did, all sessions go: they would let clients
   * in by what was true when they began.
   *
   * @return the problems; empty if what the files hold is now in use
   */
  public synchronized List<TlsProblem> reload() {
    Loaded old = current;
    var problems = new ArrayList<TlsProblem>();
    Loaded next = read(settings, engine, old, problems);
    if (next == null) {
      return List.copyOf(problems);
    }
    current = next;
    release(old.certificates());
    return List.of();
  }

  /** All files these are made of, for whoever watches them. */
  public List<Path> files() {
    var files = new ArrayList<Path>();
    for (CertificateFiles pair : settings.certificates()) {
      files.add(pair.certificate());
      files.add(pair.key());
    }
    ClientCertificates clients = settings.clients();
    if (clients != null) {
      files.add(clients.trust());
      Path crl = clients.crl();
      if (crl != null) {
        files.add(crl);
      }
    }
    return files;
  }

  /** Whether clients are asked for a certificate. */
  public boolean asksClients() {
    return settings.clients() != null;
  }

  /** Until when each certificate is valid, by its file. */
  public Map<Path, Instant> notAfter() {
    var instants = new LinkedHashMap<Path, Instant>();
    for (LoadedCertificate certificate : current.certificates()) {
      instants.put(certificate.files().certificate(), certificate.notAfter());
    }
    return instants;
  }

  /**
   * The first handler of a connection: reads the ClientHello, chooses the certificate and puts the
   * TLS handler in its own place.
   */
  public ChannelHandler newHandler(Duration handshakeTimeout) {
    return new ServerNameHandler(this, handshakeTimeout.toMillis());
  }

  /** Drops the contexts; connections that use them go on. */
  @Override
  public synchronized void close() {
    release(current.certificates());
  }

  /**
   * A context with a reference for the caller.
   *
   * @return null if a client that asks for this name must be refused
   */
  @Nullable SslContext acquire(@Nullable String serverName) {
    while (true) {
      Loaded loaded = current;
      LoadedCertificate certificate = loaded.choice.choose(serverName);
      if (certificate == null) {
        return null;
      }
      try {
        return ReferenceCountUtil.retain(certificate.context());
      } catch (IllegalReferenceCountException e) {
        // Dropped by a reload between the two reads, so there is a newer one; or closed.
        if (loaded == current) {
          throw e;
        }
      }
    }
  }

  private static @Nullable Loaded read(
      TlsSettings settings, TlsEngine engine, @Nullable Loaded old, List<TlsProblem> problems) {
    LoadedTrust clients = readClients(settings, old, problems);
    boolean areClientsTheSame = old != null && Objects.equals(old.clients, clients);
    var loaded = new ArrayList<LoadedCertificate>();
    for (int i = 0; i < settings.certificates().size(); i++) {
      try {
        if (old != null && areClientsTheSame && old.certificates().get(i).isUnchanged()) {
          LoadedCertificate unchanged = old.certificates().get(i);
          ReferenceCountUtil.retain(unchanged.context());
          loaded.add(unchanged);
        } else {
          loaded.add(
              LoadedCertificate.read(settings.certificates().get(i), settings, clients, engine));
        }
      } catch (BadTlsFileException e) {
        problems.add(e.problem());
      }
    }
    if (!problems.isEmpty()) {
      release(loaded);
      return null;
    }
    log.debug("{} certificates read for {}", loaded.size(), engine);
    return new Loaded(new CertificateChoice(loaded, settings.strictSni()), clients);
  }

  /**
   * Those of before if their files did not change; null where none are asked, or with a problem.
   */
  private static @Nullable LoadedTrust readClients(
      TlsSettings settings, @Nullable Loaded old, List<TlsProblem> problems) {
    ClientCertificates asked = settings.clients();
    LoadedTrust before = old == null ? null : old.clients;
    if (asked == null || (before != null && before.isUnchanged())) {
      return before;
    }
    try {
      return LoadedTrust.read(asked);
    } catch (BadTlsFileException e) {
      problems.add(e.problem());
      return null;
    }
  }

  private static void release(List<LoadedCertificate> certificates) {
    for (LoadedCertificate certificate : certificates) {
      ReferenceCountUtil.release(certificate.context());
    }
  }
}
