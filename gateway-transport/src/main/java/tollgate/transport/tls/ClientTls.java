package tollgate.transport.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of TLS: whom to trust and which name to ask for. One serves all upstreams of
 * the same settings, for as long as anybody refers to it. Immutable; any thread.
 */
public final class ClientTls {
  private final SslContext context;
  private final @Nullable String serverName;

  private ClientTls(SslContext context, @Nullable String serverName) {
    this.context = context;
    this.serverName = serverName;
  }

  /** What came of reading the trust file. */
  public sealed interface Created {
    record Ready(ClientTls tls) implements Created {}

    record Refused(TlsProblem problem) implements Created {}
  }

  /** Reads the trust file; blocks on it. */
  public static Created create(ClientTlsSettings settings) {
    Path trust = settings.trust();
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(TlsEngine.choose().clientProvider())
            .protocols(TlsEngine.TLS_1_3, TlsEngine.TLS_1_2)
            // RFC 9110 4.3.4: the certificate must be the host's
            .endpointIdentificationAlgorithm(settings.verifyHostname() ? "HTTPS" : "");
    try {
      if (trust != null) {
        List<X509Certificate> authorities =
            Pem.certificates(trust, LoadedCertificate.readFile(trust));
        builder.trustManager(authorities);
      }
      return new Created.Ready(new ClientTls(builder.build(), settings.serverName()));
    } catch (BadTlsFileException e) {
      return new Created.Refused(e.problem());
    } catch (SSLException | IllegalArgumentException e) {
      return new Created.Refused(
          new TlsProblem(
              trust == null ? Path.of("platform trust") : trust,
              "cannot be used: " + e.getMessage()));
    }
  }

  /** A handler for one connection to {@code host}. For this module's own packages. */
  @SuppressWarnings("exports")
  public SslHandler newHandler(ByteBufAllocator allocator, String host, int port) {
    return context.newHandler(allocator, serverName == null ? host : serverName, port);
  }
}
