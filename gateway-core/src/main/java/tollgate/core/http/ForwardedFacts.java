package tollgate.core.http;

import org.jspecify.annotations.Nullable;

/**
 * What the caller used to reach us, and the trusted part of the chain of proxies. Immutable.
 *
 * @param scheme {@code http} or {@code https}
 * @param host as the caller wrote it, with its port if it named one; empty if unknown
 * @param port the port the caller connected to
 * @param trustedFor the elements of X-Forwarded-For that trusted proxies vouch for, oldest first,
 *     comma-separated; null if there are none
 * @param trustedForwarded the same as elements of Forwarded (RFC 7239); null unless a trusted proxy
 *     sent that field
 */
public record ForwardedFacts(
    String scheme,
    String host,
    int port,
    @Nullable String trustedFor,
    @Nullable String trustedForwarded) {

  /** Without a field Forwarded. */
  public ForwardedFacts(String scheme, String host, int port, @Nullable String trustedFor) {
    this(scheme, host, port, trustedFor, null);
  }
}
