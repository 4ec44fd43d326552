package tollgate.config.schema;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** Resolution of references (RFC 3986 section 5). Any thread. */
final class Iri {
  private Iri() {}

  /** The absolute form of a reference, with its fragment; null if it is malformed. */
  static @Nullable String resolve(String base, String reference) {
    if (reference.startsWith("#")) {
      return withoutFragment(base) + reference;
    }
    if (reference.isEmpty()) {
      return withoutFragment(base);
    }
    try {
      URI relative = new URI(reference);
      if (relative.isAbsolute()) {
        return reference;
      }
      URI resolved = new URI(withoutFragment(base)).resolve(relative);
      return resolved.isAbsolute() ? resolved.toString() : null;
    } catch (URISyntaxException _) {
      return null;
    }
  }

  static String withoutFragment(String iri) {
    int hash = iri.indexOf('#');
    return hash < 0 ? iri : iri.substring(0, hash);
  }

  /** Behind the hash, percent-decoded; empty if there is none. */
  static String fragment(String iri) {
    int hash = iri.indexOf('#');
    if (hash < 0) {
      return "";
    }
    String raw = iri.substring(hash + 1);
    if (raw.indexOf('%') < 0) {
      return raw;
    }
    try {
      String decoded = new URI("#" + raw).getFragment();
      return decoded == null ? raw : decoded;
    } catch (URISyntaxException _) {
      return raw;
    }
  }

  static boolean hasScheme(String reference) {
    return reference.matches("[A-Za-z][A-Za-z0-9+.-]*:.*");
  }
}
