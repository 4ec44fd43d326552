package tollgate.it.harness;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client got for one request. Immutable.
 *
 * @param text the body, one character per byte
 * @param informational the 1xx answers before it
 * @param isComplete whether the end of the body was seen as its framing says; a body that ends with
 *     the connection is complete at its close
 */
public record Response(
    String statusLine,
    Headers headers,
    String text,
    Headers trailers,
    List<Response> informational,
    boolean isComplete) {
  public int status() {
    return Integer.parseInt(statusLine.substring(9, 12));
  }

  public @Nullable String header(String name) {
    return headers.first(name);
  }

  /** The body. */
  public byte[] body() {
    return Bytes.of(text);
  }

  /** The statuses of the 1xx answers. */
  public List<Integer> informationalStatuses() {
    return informational.stream().map(Response::status).toList();
  }

  @Override
  public String toString() {
    return statusLine
        + " "
        + headers
        + " "
        + (text.length() > 2000 ? text.length() + " bytes" : text)
        + (isComplete ? "" : " CUT OFF");
  }
}
