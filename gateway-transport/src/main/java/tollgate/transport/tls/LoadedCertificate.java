package tollgate.transport.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tollgate.transport.tls.TlsSettings.CertificateFiles;
import tollgate.transport.wire.HttpVersions;

/**
 * One certificate and key as they were read, with the context made of them. Immutable; the context
 * counts its references, the one given to the constructor is released by whoever drops this.
 *
 * @param digest of both files, to see whether they changed
 */
record LoadedCertificate(
    CertificateFiles files,
    String digest,
    List<String> hosts,
    Instant notAfter,
    SslContext context) {
  private static final int DNS_NAME = 2; // RFC 5280 4.2.1.6: dNSName [2]
  private static final byte[] SESSION_ID_CONTEXT = "tollgate".getBytes(StandardCharsets.US_ASCII);

  /** Reads both files and checks that they belong together. */
  static LoadedCertificate read(
      CertificateFiles files, TlsSettings settings, @Nullable LoadedTrust clients, TlsEngine engine)
      throws BadTlsFileException {
    byte[] certificateBytes = readFile(files.certificate());
    byte[] keyBytes = readFile(files.key());
    List<X509Certificate> chain = Pem.certificates(files.certificate(), certificateBytes);
    PrivateKey key = Pem.privateKey(files.key(), keyBytes);
    X509Certificate leaf = chain.getFirst();
    if (!belongTogether(leaf.getPublicKey(), key)) {
      throw new BadTlsFileException(files.key(), "is not the key of " + files.certificate());
    }
    List<String> hosts = files.hosts().isEmpty() ? namedHosts(leaf) : files.hosts();
    return new LoadedCertificate(
        files,
        digest(certificateBytes, keyBytes),
        hosts,
        leaf.getNotAfter().toInstant(),
        context(files, chain, key, settings, clients, engine));
  }

  /** Whether the files still hold what this was made of; false too if they cannot be read. */
  boolean isUnchanged() {
    try {
      return digest.equals(digest(readFile(files.certificate()), readFile(files.key())));
    } catch (BadTlsFileException _) {
      return false;
    }
  }

  static byte[] readFile(Path file) throws BadTlsFileException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException _) {
      throw new BadTlsFileException(file, "does not exist");
    } catch (IOException e) {
      throw new BadTlsFileException(file, "cannot be read: " + e.getMessage());
    }
  }

  private static SslContext context(
      CertificateFiles files,
      List<X509Certificate> chain,
      PrivateKey key,
      TlsSettings settings,
      @Nullable LoadedTrust clients,
      TlsEngine engine)
      throws BadTlsFileException {
    List<String> versions =
        settings.onlyTls13()
            ? List.of(TlsEngine.TLS_1_3)
            : List.of(TlsEngine.TLS_1_3, TlsEngine.TLS_1_2);
    try {
      SslContextBuilder builder =
          SslContextBuilder.forServer(key, chain)
              .sslProvider(engine.serverProvider())
              .protocols(versions)
              .ciphers(TlsEngine.SERVER_CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      Protocol.ALPN,
                      SelectorFailureBehavior.NO_ADVERTISE,
                      SelectedListenerFailureBehavior.ACCEPT,
                      names(settings.versions())));
      if (clients != null) {
        builder
            .trustManager(clients.trust())
            .clientAuth(clients.settings().isRequired() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
      }
      SslContext context = builder.build();
      if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
        sessions.setSessionIdContext(SESSION_ID_CONTEXT);
        sessions.setTicketKeys(); // none given: BoringSSL makes and rotates its own
      }
      return context;
    } catch (SSLException | IllegalArgumentException e) {
      throw new BadTlsFileException(
          files.certificate(), "cannot be used with " + files.key() + ": " + e.getMessage());
    }
  }

  /** In the order we like them. */
  private static List<String> names(HttpVersions versions) {
    return switch (versions) {
      case HTTP1 -> List.of(ApplicationProtocolNames.HTTP_1_1);
      case HTTP2 -> List.of(ApplicationProtocolNames.HTTP_2);
      case BOTH -> List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
    };
  }

  static boolean belongTogether(PublicKey publicKey, PrivateKey key) {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> publicKey.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(SESSION_ID_CONTEXT);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(SESSION_ID_CONTEXT);
      return signature.verify(signed);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private static List<String> namedHosts(X509Certificate leaf) {
    var hosts = new ArrayList<String>();
    try {
      Collection<List<?>> names = leaf.getSubjectAlternativeNames();
      if (names != null) {
        for (List<?> name : names) {
          if (name.get(0) instanceof Integer type && type == DNS_NAME) {
            hosts.add((String) name.get(1));
          }
        }
      }
    } catch (CertificateParsingException _) {
      // names nobody can read name no host: only the default of the listener can be this one
    }
    return hosts;
  }

  static String digest(byte[] certificate, byte[] key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(digestOf(certificate));
      return HexFormat.of().formatHex(digest.digest(digestOf(key)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] digestOf(byte[] bytes) throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }
}
