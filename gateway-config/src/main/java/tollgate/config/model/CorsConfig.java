package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which pages of other origins may call an API. Immutable.
 *
 * @param origins exact origins in their serialised form ({@code https://shop.example.com}), or
 *     {@link #ANY} alone; at least one
 * @param methods allowed methods
 * @param headers allowed request headers, or {@link #ANY} alone
 * @param exposeHeaders response headers a page may read, or {@link #ANY} alone
 * @param credentials whether cookies and authorization are allowed; never together with {@link
 *     #ANY}
 * @param maxAge how long a browser may keep the answer to a preflight, or null to leave it to the
 *     browser
 */
public record CorsConfig(
    List<String> origins,
    List<String> methods,
    List<String> headers,
    List<String> exposeHeaders,
    boolean credentials,
    @Nullable Duration maxAge) {
  /** Stands for every origin or header. */
  public static final String ANY = "*";

  public static final List<String> DEFAULT_METHODS = List.of("GET", "HEAD", "POST");
  public static final List<String> DEFAULT_HEADERS = List.of();
  public static final List<String> DEFAULT_EXPOSE_HEADERS = List.of();
  public static final boolean DEFAULT_CREDENTIALS = false;

  public CorsConfig {
    origins = List.copyOf(origins);
    methods = List.copyOf(methods);
    headers = List.copyOf(headers);
    exposeHeaders = List.copyOf(exposeHeaders);
    requireNonNull(methods, "methods");
    if (origins.isEmpty()) {
      throw new IllegalArgumentException("origins: is empty (expected: at least one)");
    }
    if (credentials
        && (origins.contains(ANY) || headers.contains(ANY) || exposeHeaders.contains(ANY))) {
      throw new IllegalArgumentException(
          "credentials: true together with \"*\" (expected: the exact names)");
    }
  }

  /** Whether every origin is allowed. */
  public boolean anyOrigin() {
    return origins.contains(ANY);
  }
}
