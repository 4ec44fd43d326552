package tollgate.transport.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of TLS: whom to trust, which name to ask for, which certificate to show. One
 * serves all upstreams of the same settings, for as long as anybody refers to it. Immutable; any
 * thread.
 */
public final class ClientTls {
  private final SslContext context;
  private final @Nullable String serverName;
  private final String identity;

  private ClientTls(SslContext context, @Nullable String serverName, String identity) {
    this.context = context;
    this.serverName = serverName;
    this.identity = identity;
  }

  /** What came of reading the files. */
  public sealed interface Created {
    record Ready(ClientTls tls) implements Created {}

    record Refused(TlsProblem problem) implements Created {}
  }

  /** Reads the files; blocks on them. */
  public static Created create(ClientTlsSettings settings) {
    Path trust = settings.trust();
    Path certificate = settings.certificate();
    Path key = settings.key();
    StringBuilder identity = new StringBuilder(settings.toString());
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(TlsEngine.choose().clientProvider())
            .protocols(TlsEngine.TLS_1_3, TlsEngine.TLS_1_2)
            // RFC 9110 4.3.4: the certificate must be the host's
            .endpointIdentificationAlgorithm(settings.verifyHostname() ? "HTTPS" : "");
    if (!settings.protocols().isEmpty()) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              Protocol.ALPN,
              SelectorFailureBehavior.NO_ADVERTISE,
              SelectedListenerFailureBehavior.ACCEPT,
              settings.protocols()));
    }
    try {
      if (trust != null) {
        byte[] content = LoadedCertificate.readFile(trust);
        identity.append(LoadedCertificate.digest(content, new byte[0]));
        List<X509Certificate> authorities = Pem.certificates(trust, content);
        builder.trustManager(authorities);
      }
      if (certificate != null && key != null) {
        identity.append(show(builder, certificate, key));
      }
      return new Created.Ready(
          new ClientTls(builder.build(), settings.serverName(), identity.toString()));
    } catch (BadTlsFileException e) {
      return new Created.Refused(e.problem());
    } catch (SSLException | IllegalArgumentException e) {
      return new Created.Refused(
          new TlsProblem(
              trust == null ? Path.of("platform trust") : trust,
              "cannot be used: " + e.getMessage()));
    }
  }

  /** Gives the builder our own certificate; gives a digest of both files. */
  private static String show(SslContextBuilder builder, Path certificate, Path key)
      throws BadTlsFileException {
    byte[] certificateBytes = LoadedCertificate.readFile(certificate);
    byte[] keyBytes = LoadedCertificate.readFile(key);
    List<X509Certificate> chain = Pem.certificates(certificate, certificateBytes);
    PrivateKey privateKey = Pem.privateKey(key, keyBytes);
    if (!LoadedCertificate.belongTogether(chain.getFirst().getPublicKey(), privateKey)) {
      throw new BadTlsFileException(key, "is not the key of " + certificate);
    }
    builder.keyManager(privateKey, chain);
    return LoadedCertificate.digest(certificateBytes, keyBytes);
  }

  /** The same for the same settings and the same content of the files. */
  public String identity() {
    return identity;
  }

  /** A handler for one connection to {@code host}. For this module's own packages. */
  @SuppressWarnings("exports")
  public SslHandler newHandler(ByteBufAllocator allocator, String host, int port) {
    return context.newHandler(allocator, serverName == null ? host : serverName, port);
  }
}
