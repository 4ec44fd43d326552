package tollgate.core.http;

import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A request method, case-sensitive (RFC 9110 section 9). Registered ones are one object each.
 * Immutable.
 */
public final class Method {
  public static final Method GET = new Method("GET", true, true);
  public static final Method HEAD = new Method("HEAD", true, true);
  public static final Method POST = new Method("POST", true, false);
  public static final Method PUT = new Method("PUT", true, true);
  public static final Method DELETE = new Method("DELETE", true, true);
  public static final Method PATCH = new Method("PATCH", true, false);
  public static final Method OPTIONS = new Method("OPTIONS", true, true);
  public static final Method TRACE = new Method("TRACE", true, true);
  public static final Method CONNECT = new Method("CONNECT", true, false);

  private static final Map<String, Method> REGISTERED =
      Stream.concat(
              Stream.of(GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS, TRACE, CONNECT),
              // IANA HTTP Method Registry, those not above; idempotent as registered.
              Stream.of(
                  new Method("ACL", true, true),
                  new Method("BASELINE-CONTROL", true, true),
                  new Method("BIND", true, true),
                  new Method("CHECKIN", true, true),
                  new Method("CHECKOUT", true, true),
                  new Method("COPY", true, true),
                  new Method("LABEL", true, true),
                  new Method("LINK", true, true),
                  new Method("LOCK", true, false),
                  new Method("MERGE", true, true),
                  new Method("MKACTIVITY", true, true),
                  new Method("MKCALENDAR", true, true),
                  new Method("MKCOL", true, true),
                  new Method("MKREDIRECTREF", true, true),
                  new Method("MKWORKSPACE", true, true),
                  new Method("MOVE", true, true),
                  new Method("ORDERPATCH", true, true),
                  new Method("PROPFIND", true, true),
                  new Method("PROPPATCH", true, true),
                  new Method("QUERY", true, true),
                  new Method("REBIND", true, true),
                  new Method("REPORT", true, true),
                  new Method("SEARCH", true, true),
                  new Method("UNBIND", true, true),
                  new Method("UNCHECKOUT", true, true),
                  new Method("UNLINK", true, true),
                  new Method("UNLOCK", true, true),
                  new Method("UPDATE", true, true),
                  new Method("UPDATEREDIRECTREF", true, true),
                  new Method("VERSION-CONTROL", true, true)))
          .collect(Collectors.toUnmodifiableMap(Method::name, Function.identity()));

  private final String name;
  private final boolean registered;
  private final boolean idempotent;

  private Method(String name, boolean registered, boolean idempotent) {
    this.name = name;
    this.registered = registered;
    this.idempotent = idempotent;
  }

  /** The registered method of this name, or a new unregistered one; {@code name} is a token. */
  public static Method of(String name) {
    Method known = REGISTERED.get(name);
    return known != null ? known : new Method(name, false, false);
  }

  public String name() {
    return name;
  }

  /**
   * Whether the IANA registry lists it; what is not listed gets 501 and the metric label {@code
   * _other}.
   */
  public boolean isRegistered() {
    return registered;
  }

  /**
   * Whether doing it twice is as good as once (RFC 9110 section 9.2.2); an unregistered one is not.
   */
  public boolean isIdempotent() {
    return idempotent;
  }

  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof Method method && method.name.equals(name));
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(name);
  }

  @Override
  public String toString() {
    return name;
  }
}
