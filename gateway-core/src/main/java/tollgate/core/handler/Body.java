package tollgate.core.handler;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import tollgate.core.http.Owned;
import tollgate.core.http.Trailers;

/**
 * A collected body. Event loop only; valid during the call, or until the {@link Verdict.Later} it
 * was answered with completes.
 */
public final class Body implements AutoCloseable {
  private ByteBuf bytes;
  private final Trailers trailers;
  private boolean changed;

  public Body(@Owned ByteBuf bytes, Trailers trailers) {
    this.bytes = bytes;
    this.trailers = trailers;
  }

  /** Borrowed: neither its indices nor its contents are to be changed. */
  public ByteBuf bytes() {
    return bytes;
  }

  public Trailers trailers() {
    return trailers;
  }

  /** Sends {@code replacement} in its place; the length is then its own. */
  public void replace(@Owned ByteBuf replacement) {
    requireNonNull(replacement, "replacement");
    bytes.release();
    bytes = replacement;
    changed = true;
  }

  public boolean isChanged() {
    return changed;
  }

  /** Releases the bytes. */
  @Override
  public void close() {
    bytes.release();
  }
}
