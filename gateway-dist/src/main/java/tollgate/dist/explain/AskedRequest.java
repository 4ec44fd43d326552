package tollgate.dist.explain;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.BodyLength;
import tollgate.core.http.CanonicalPath;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.ReceivedRequest;

/**
 * The request somebody asks about. Immutable.
 *
 * @param scheme {@code http} or {@code https}
 * @param authority host and optional port, lower-cased
 * @param path as written, without query
 * @param query without the question mark; null for none
 * @param lines field names and values in turn
 */
public record AskedRequest(
    Method method,
    String scheme,
    String authority,
    String path,
    @Nullable String query,
    List<String> lines) {
  private static final String DEFAULT_AUTHORITY = "localhost";

  public AskedRequest {
    requireNonNull(method, "method");
    lines = List.copyOf(lines);
  }

  /**
   * Reads what a user typed.
   *
   * @param url {@code http://host:port/path?query}, or only the path for any host
   * @param headers each as {@code Name: value}
   * @throws IllegalArgumentException with what was found and expected
   */
  public static AskedRequest parse(String method, String url, List<String> headers) {
    String scheme = "http";
    String rest = url;
    int mark = url.indexOf("://");
    if (mark > 0) {
      scheme = url.substring(0, mark).toLowerCase(Locale.ROOT);
      rest = url.substring(mark + 3);
    }
    boolean isUrl =
        mark > 0 && (scheme.equals("http") || scheme.equals("https")) && !rest.isEmpty();
    if (!isUrl && !url.startsWith("/")) {
      throw new IllegalArgumentException(
          url + " (expected: http://host/path, https://host/path or /path)");
    }
    int slash = rest.indexOf('/');
    String authority = mark < 0 ? DEFAULT_AUTHORITY : slash < 0 ? rest : rest.substring(0, slash);
    String target = slash < 0 ? "/" : rest.substring(slash);
    int question = target.indexOf('?');
    List<String> lines = new ArrayList<>();
    for (String header : headers) {
      int colon = header.indexOf(':');
      if (colon < 1) {
        throw new IllegalArgumentException(header + " (expected: Name: value)");
      }
      String name = header.substring(0, colon).strip();
      String value = header.substring(colon + 1).strip();
      if (name.equalsIgnoreCase("Host")) {
        authority = value;
      } else {
        lines.add(name);
        lines.add(value);
      }
    }
    return new AskedRequest(
        Method.of(method.toUpperCase(Locale.ROOT)),
        scheme,
        authority.toLowerCase(Locale.ROOT),
        question < 0 ? target : target.substring(0, question),
        question < 0 ? null : target.substring(question + 1),
        lines);
  }

  /** The one spelling of the path; null if such a path is refused. */
  @Nullable String canonicalPath() {
    return CanonicalPath.of(path);
  }

  boolean isTls() {
    return scheme.equals("https");
  }

  /** The port the client would connect to. */
  int port() {
    int colon = authority.lastIndexOf(':');
    if (colon > authority.lastIndexOf(']')) {
      try {
        return Integer.parseInt(authority.substring(colon + 1));
      } catch (NumberFormatException _) {
        return -1;
      }
    }
    return isTls() ? 443 : 80;
  }

  /** As the codec would hand it over. */
  ReceivedRequest received() {
    String canonical = canonicalPath();
    return new ReceivedRequest(
        "HTTP/1.1",
        method,
        scheme,
        authority,
        canonical == null ? path : canonical,
        query,
        new Lines(lines),
        BodyLength.ABSENT,
        false,
        upgrade());
  }

  /** RFC 9110 7.8, as the codec reads it. */
  private @Nullable String upgrade() {
    String options = value("Connection");
    String protocols = value("Upgrade");
    boolean isAsked = options != null && options.toLowerCase(Locale.ROOT).contains("upgrade");
    return isAsked && protocols != null ? protocols.toLowerCase(Locale.ROOT) : null;
  }

  private @Nullable String value(String name) {
    for (int i = 0; i < lines.size(); i += 2) {
      if (lines.get(i).equalsIgnoreCase(name)) {
        return lines.get(i + 1);
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return method.name()
        + " "
        + scheme
        + "://"
        + authority
        + path
        + (query == null ? "" : "?" + query);
  }

  private record Lines(List<String> namesAndValues) implements ReceivedFields {
    @Override
    public int count() {
      return namesAndValues.size() / 2;
    }

    @Override
    public String name(int index) {
      return namesAndValues.get(2 * index);
    }

    @Override
    public String value(int index) {
      return namesAndValues.get(2 * index + 1);
    }

    @Override
    public int indexOf(FieldName name, int from) {
      for (int i = from; i < count(); i++) {
        if (name(i).equalsIgnoreCase(name.text())) {
          return i;
        }
      }
      return -1;
    }
  }
}
