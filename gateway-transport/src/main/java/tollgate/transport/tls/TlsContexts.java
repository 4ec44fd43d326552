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
  private volatile CertificateChoice current;

  private TlsContexts(TlsSettings settings, TlsEngine engine, CertificateChoice first) {
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
    CertificateChoice first = read(settings, engine, List.of(), problems);
    return first == null
        ? new Created.Refused(List.copyOf(problems))
        : new Created.Ready(new TlsContexts(settings, engine, first));
  }

  /**
   * Reads the files again; blocks on them. All or nothing: with a problem in any of them the old
   * certificates stay. A pair that did not change keeps its context, and with it its sessions.
   *
   * @return the problems; empty if what the files hold is now in use
   */
  public synchronized List<TlsProblem> reload() {
    CertificateChoice old = current;
    var problems = new ArrayList<TlsProblem>();
    CertificateChoice next = read(settings, engine, old.certificates(), problems);
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
    return files;
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
      CertificateChoice choice = current;
      LoadedCertificate certificate = choice.choose(serverName);
      if (certificate == null) {
        return null;
      }
      try {
        return ReferenceCountUtil.retain(certificate.context());
      } catch (IllegalReferenceCountException e) {
        // Dropped by a reload between the two reads, so there is a newer one; or closed.
        if (choice == current) {
          throw e;
        }
      }
    }
  }

  private static @Nullable CertificateChoice read(
      TlsSettings settings,
      TlsEngine engine,
      List<LoadedCertificate> old,
      List<TlsProblem> problems) {
    var loaded = new ArrayList<LoadedCertificate>();
    for (int i = 0; i < settings.certificates().size(); i++) {
      try {
        if (!old.isEmpty() && old.get(i).isUnchanged()) {
          ReferenceCountUtil.retain(old.get(i).context());
          loaded.add(old.get(i));
        } else {
          loaded.add(
              LoadedCertificate.read(settings.certificates().get(i), settings.onlyTls13(), engine));
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
    return new CertificateChoice(loaded, settings.strictSni());
  }

  private static void release(List<LoadedCertificate> certificates) {
    for (LoadedCertificate certificate : certificates) {
      ReferenceCountUtil.release(certificate.context());
    }
  }
}
