package tollgate.transport.http1;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.BodyLength;
import tollgate.core.http.Trailers;
import tollgate.transport.wire.Input;
import tollgate.transport.wire.Malformed;

/**
 * Takes the bodies of one direction of a connection out of its input, one after the other. Event
 * loop only.
 */
final class BodyDecoder {
  private enum Kind {
    SIZED,
    CHUNKED,
    UNTIL_CLOSE
  }

  /** Null until a body was chunked: most connections never have one. */
  private @Nullable ChunkedDecoder chunks;

  private Kind kind = Kind.SIZED;
  private long remaining;

  /** No body, or {@code length} bytes of it, or a chunked one. */
  void begin(long length) {
    if (length == BodyLength.UNKNOWN) {
      kind = Kind.CHUNKED;
      beginChunks();
    } else {
      kind = Kind.SIZED;
      remaining = Math.max(0, length);
    }
  }

  void beginUntilClose() {
    kind = Kind.UNTIL_CLOSE;
  }

  boolean isUntilClose() {
    return kind == Kind.UNTIL_CLOSE;
  }

  /** Never true for a body that ends with the connection. */
  boolean isEnded() {
    return switch (kind) {
      case SIZED -> remaining == 0;
      case CHUNKED -> requireNonNull(chunks).isEnded();
      case UNTIL_CLOSE -> false;
    };
  }

  /** Bytes still to come; {@link Long#MAX_VALUE} if nobody knows. */
  long remaining() {
    return kind == Kind.SIZED ? remaining : Long.MAX_VALUE;
  }

  /** Once ended. */
  Trailers trailers() {
    return kind == Kind.CHUNKED ? requireNonNull(chunks).trailers() : Trailers.NONE;
  }

  /**
   * @return the next content, given away and not empty; null if more input is needed or the body
   *     has ended
   */
  @Nullable ByteBuf next(Input in) throws Malformed {
    return switch (kind) {
      case SIZED -> {
        if (remaining == 0 || in.isEmpty()) {
          yield null;
        }
        ByteBuf piece = in.take(remaining);
        remaining -= piece.readableBytes();
        yield piece;
      }
      case CHUNKED -> requireNonNull(chunks).next(in);
      case UNTIL_CLOSE -> in.isEmpty() ? null : in.take(Long.MAX_VALUE);
    };
  }

  private void beginChunks() {
    if (chunks == null) {
      chunks = new ChunkedDecoder();
    } else {
      chunks.reset();
    }
  }
}
