package tollgate.core.media;

import org.jspecify.annotations.Nullable;

/** Bytes that are no text of the charset they claim to be in, or a charset that is not read. */
public final class UndecodableException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean isUnsupported;
  private final int offset;

  UndecodableException(String reason, boolean isUnsupported, int offset) {
    super(reason, null, false, false);
    this.isUnsupported = isUnsupported;
    this.offset = offset;
  }

  /** Whether it is the charset that is at fault, and not the bytes. */
  public boolean isUnsupported() {
    return isUnsupported;
  }

  /** Of the first byte that does not belong; 0 where the charset is at fault. */
  public int offset() {
    return offset;
  }

  @Override
  public @Nullable Throwable getCause() {
    return null;
  }
}
