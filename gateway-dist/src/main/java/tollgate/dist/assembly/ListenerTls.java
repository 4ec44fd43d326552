package tollgate.dist.assembly;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.ClientAuthConfig;
import tollgate.config.model.Declared;
import tollgate.config.model.GatewayConfig;
import tollgate.config.model.HostPattern;
import tollgate.config.model.ListenerConfig;
import tollgate.config.model.ListenerConfig.Protocol;
import tollgate.config.model.ListenerTlsConfig;
import tollgate.config.model.ListenerTlsConfig.TlsVersion;
import tollgate.config.read.Diagnostic;
import tollgate.transport.tls.ClientCertificates;
import tollgate.transport.tls.TlsContexts;
import tollgate.transport.tls.TlsProblem;
import tollgate.transport.tls.TlsSettings;
import tollgate.transport.wire.HttpVersions;

/** The TLS of listeners, from the configuration to what the transport takes. No state. */
public final class ListenerTls {
  private ListenerTls() {}

  public static TlsSettings settings(ListenerTlsConfig config, HttpVersions versions) {
    List<TlsSettings.CertificateFiles> files =
        config.certificates().stream()
            .map(certificate ->
                new TlsSettings.CertificateFiles(
                    certificate.hosts().stream().map(HostPattern::toString).toList(),
                    certificate.cert(),
                    certificate.key()))
            .toList();
    return new TlsSettings(
        files,
        config.strictSni(),
        config.minVersion() == TlsVersion.TLS_1_3,
        clients(config.clientAuth()),
        versions);
  }

  /** What a listener speaks. */
  public static HttpVersions versions(ListenerConfig config) {
    if (!config.protocols().contains(Protocol.H2)) {
      return HttpVersions.HTTP1;
    }
    return config.protocols().contains(Protocol.HTTP1) ? HttpVersions.BOTH : HttpVersions.HTTP2;
  }

  private static @Nullable ClientCertificates clients(@Nullable ClientAuthConfig config) {
    Path trust = config == null ? null : config.trust();
    if (config == null || trust == null || config.mode() == ClientAuthConfig.Mode.NONE) {
      return null;
    }
    return new ClientCertificates(
        config.mode() == ClientAuthConfig.Mode.REQUIRED, trust, config.crl(), config.depth());
  }

  /** Reads all files of all listeners as a start does, and gives what is wrong with them. */
  static List<Diagnostic> problemsBlocking(Declared<GatewayConfig> gateway) {
    List<Diagnostic> problems = new ArrayList<>();
    List<ListenerConfig> listeners = gateway.value().listeners();
    for (int i = 0; i < listeners.size(); i++) {
      ListenerTlsConfig tls = listeners.get(i).tls();
      if (tls != null) {
        String path = "listeners[" + i + "].tls.";
        for (TlsProblem problem : problemsBlocking(settings(tls, versions(listeners.get(i))))) {
          problems.add(
              Diagnostic.error(
                  gateway.location(), path + key(tls, problem.file()), problem.toString()));
        }
      }
    }
    return problems;
  }

  private static List<TlsProblem> problemsBlocking(TlsSettings settings) {
    return switch (TlsContexts.create(settings)) {
      case TlsContexts.Created.Ready ready -> {
        ready.contexts().close();
        yield List.of();
      }
      case TlsContexts.Created.Refused refused -> refused.problems();
    };
  }

  /** Where the configuration names a file. */
  private static String key(ListenerTlsConfig tls, Path file) {
    ClientAuthConfig clients = tls.clientAuth();
    if (clients != null && file.equals(clients.trust())) {
      return "clientAuth.trust";
    }
    if (clients != null && file.equals(clients.crl())) {
      return "clientAuth.crl";
    }
    for (int i = 0; i < tls.certificates().size(); i++) {
      if (file.equals(tls.certificates().get(i).cert())) {
        return "certificates[" + i + "].cert";
      }
      if (file.equals(tls.certificates().get(i).key())) {
        return "certificates[" + i + "].key";
      }
    }
    return "certificates";
  }
}
