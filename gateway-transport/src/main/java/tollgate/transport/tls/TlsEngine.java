package tollgate.transport.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The TLS implementation: BoringSSL where it loads, else the JDK's. Immutable. */
enum TlsEngine {
  BORINGSSL(SslProvider.OPENSSL_REFCNT, SslProvider.OPENSSL),
  JDK(SslProvider.JDK, SslProvider.JDK);

  /** System property that forces one: {@code jdk} or {@code boringssl}. */
  static final String PROPERTY = "tollgate.tls";

  static final String TLS_1_2 = "TLSv1.2";
  static final String TLS_1_3 = "TLSv1.3";

  /** Forward secret and authenticated only (RFC 9325 section 4.2). */
  static final List<String> SERVER_CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private static final Logger log = LoggerFactory.getLogger(TlsEngine.class);

  static {
    // The JDK's engine offers renegotiation under TLS 1.2 unless told otherwise; BoringSSL never
    // does. Read when its first handshake begins.
    if (System.getProperty("jdk.tls.rejectClientInitiatedRenegotiation") == null) {
      System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }
  }

  private final SslProvider serverProvider;
  private final SslProvider clientProvider;

  TlsEngine(SslProvider serverProvider, SslProvider clientProvider) {
    this.serverProvider = serverProvider;
    this.clientProvider = clientProvider;
  }

  /** Server contexts count their references: a reload drops the old ones at once. */
  SslProvider serverProvider() {
    return serverProvider;
  }

  /** Client contexts are shared by any number of upstreams and go when nobody refers to them. */
  SslProvider clientProvider() {
    return clientProvider;
  }

  /**
   * By the property, else BoringSSL if it loads.
   *
   * @throws IllegalArgumentException if the property names something else
   */
  static TlsEngine choose() {
    String forced = System.getProperty(PROPERTY, "");
    return switch (forced) {
      case "jdk" -> JDK;
      case "boringssl", "" -> {
        if (OpenSsl.isAvailable()) {
          yield BORINGSSL;
        }
        Throwable cause = OpenSsl.unavailabilityCause();
        log.warn(
            "BoringSSL does not load, TLS is the JDK's: {}",
            cause == null ? "no cause given" : cause.toString());
        yield JDK;
      }
      default ->
          throw new IllegalArgumentException(
              PROPERTY + ": " + forced + " (expected: boringssl or jdk)");
    };
  }
}
