package tollgate.core.http;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** A request head: what was received and the edits made on its way. Event loop only. */
public final class RequestHead implements Head {
  private final ReceivedRequest received;
  private final Fields fields;
  private Method method;
  private String authority;
  private String path;
  private @Nullable String query;
  private boolean isAuthorityChanged;

  private RequestHead(
      ReceivedRequest received,
      Fields fields,
      String authority,
      String path,
      @Nullable String query) {
    this.received = received;
    this.method = received.method();
    this.fields = fields;
    this.authority = authority;
    this.path = path;
    this.query = query;
  }

  /** No edits yet over {@code received}. */
  public static RequestHead over(ReceivedRequest received) {
    return new RequestHead(
        received,
        Fields.over(received.fields()),
        received.authority(),
        received.path(),
        received.query());
  }

  /**
   * The same received part with the edits so far; later edits of either do not show in the other.
   * One per attempt.
   */
  public RequestHead copy() {
    RequestHead copy = new RequestHead(received, fields.copy(), authority, path, query);
    copy.method = method;
    copy.isAuthorityChanged = isAuthorityChanged;
    return copy;
  }

  /** What came in, frozen. */
  public ReceivedRequest received() {
    return received;
  }

  /** What is asked of the backend; {@code received().method()} is what the client asked. */
  public Method method() {
    return method;
  }

  /** Asks for something else; neither may be one whose answer has no body. */
  public void method(Method method) {
    if (method.equals(Method.HEAD) != this.method.equals(Method.HEAD)
        || method.equals(Method.CONNECT)) {
      throw new IllegalArgumentException("method: " + method + " in place of " + this.method);
    }
    this.method = method;
  }

  /** Host and optional port. */
  public String authority() {
    return authority;
  }

  /** Whether {@link #authority(String)} was called. */
  public boolean isAuthorityChanged() {
    return isAuthorityChanged;
  }

  /** Starts with a slash (or is {@code *}); percent-encoded. */
  public String path() {
    return path;
  }

  /** Without the question mark; null if there is none. */
  public @Nullable String query() {
    return query;
  }

  /**
   * @param authority visible ASCII
   * @throws IllegalArgumentException if it could break the head apart
   */
  public void authority(String authority) {
    this.authority = checked(authority, "authority");
    this.isAuthorityChanged = true;
  }

  /**
   * @param path percent-encoded, starts with a slash
   * @throws IllegalArgumentException if it does not, or could break the request line apart
   */
  public void path(String path) {
    if (path.isEmpty() || path.charAt(0) != '/') {
      throw new IllegalArgumentException("path: does not start with a slash");
    }
    this.path = checked(path, "path");
  }

  /**
   * @param query percent-encoded, without the question mark; null for none
   * @throws IllegalArgumentException if it could break the request line apart
   */
  public void query(@Nullable String query) {
    this.query = query == null ? null : checked(query, "query");
  }

  @Override
  public Fields fields() {
    return fields;
  }

  private static String checked(String text, String what) {
    requireNonNull(text, what);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#') {
        throw new IllegalArgumentException(
            what + ": space, control, '#' or non-ASCII character at " + i);
      }
    }
    return text;
  }
}
