package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One address that traffic comes in by. Immutable.
 *
 * @param protocols at least one
 * @param tls null for plain text
 * @param trustedProxies peers whose {@code Forwarded} and {@code X-Forwarded-*} are believed; none
 *     by default
 * @param proxyProtocol peers that begin every connection with a PROXY header; none by default
 */
public record ListenerConfig(
    String name,
    BindAddress bind,
    List<Protocol> protocols,
    @Nullable ListenerTlsConfig tls,
    List<Cidr> trustedProxies,
    ListenerLimits limits,
    List<Cidr> proxyProtocol) {
  public static final List<Protocol> DEFAULT_PROTOCOLS = List.of(Protocol.HTTP1, Protocol.H2);

  /** A protocol a listener can speak. */
  public enum Protocol {
    HTTP1("http1"),
    H2("h2");

    private final String word;

    Protocol(String word) {
      this.word = word;
    }

    /** As written in the configuration. */
    public String word() {
      return word;
    }
  }

  public ListenerConfig {
    requireNonNull(name, "name");
    requireNonNull(bind, "bind");
    protocols = List.copyOf(protocols);
    if (protocols.isEmpty()) {
      throw new IllegalArgumentException("protocols: is empty (expected: at least one)");
    }
    trustedProxies = List.copyOf(trustedProxies);
    requireNonNull(limits, "limits");
    proxyProtocol = List.copyOf(proxyProtocol);
  }
}
