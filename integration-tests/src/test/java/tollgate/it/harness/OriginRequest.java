package tollgate.it.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request as an origin received it. The origin's thread reads the body; any thread may look at
 * what is there.
 */
public final class OriginRequest {
  private final WireReader in;
  private final OriginConnection connection;
  private final String line;
  private final Headers headers;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private volatile boolean isComplete;
  private volatile Headers trailers = Headers.NONE;

  OriginRequest(OriginConnection connection, WireReader in, String line, List<String> headerLines) {
    this.connection = connection;
    this.in = in;
    this.line = line;
    this.headers = Headers.parse(headerLines);
    this.isComplete = !isChunked() && length() == 0;
  }

  /** The request line without its end. */
  public String line() {
    return line;
  }

  public String method() {
    return line.substring(0, line.indexOf(' '));
  }

  /** As it stands in the request line. */
  public String target() {
    return line.substring(line.indexOf(' ') + 1, line.lastIndexOf(' '));
  }

  public String path() {
    String target = target();
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  public Headers headers() {
    return headers;
  }

  public @Nullable String header(String name) {
    return headers.first(name);
  }

  public OriginConnection connection() {
    return connection;
  }

  public boolean isChunked() {
    return headers.has("Transfer-Encoding");
  }

  /** Declared length; 0 if none. */
  public long length() {
    String length = header("Content-Length");
    return length == null ? 0 : Long.parseLong(length);
  }

  /** Whether the whole body came. */
  public boolean isComplete() {
    return isComplete;
  }

  /** The body as far as it was read. */
  public byte[] body() {
    return body.toByteArray();
  }

  public Headers trailers() {
    return trailers;
  }

  /** Reads what is left of the body. */
  public byte[] readBody() throws IOException {
    if (!isComplete) {
      if (isChunked()) {
        trailers = in.readChunkedInto(body);
      } else {
        in.readInto(body, length() - body.size());
      }
      isComplete = true;
    }
    return body();
  }

  /** Reads so many bytes of a body of declared length. */
  public void readBody(int count) throws IOException {
    in.readInto(body, count);
    isComplete = body.size() == length();
  }

  @Override
  public String toString() {
    return line + " " + headers;
  }
}
