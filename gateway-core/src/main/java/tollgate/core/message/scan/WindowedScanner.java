package tollgate.core.message.scan;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What both scanners share: the way from buffers to arrays, the count of bytes, and the finding.
 *
 * <p>Memory outside the heap is looked at through a window of a few KiB, into which it is copied
 * piece by piece: the loops over an array are so much faster that the copy costs less than it
 * saves. The window belongs to the caller and may serve any number of scanners of one thread.
 */
abstract sealed class WindowedScanner implements PayloadScanner permits JsonScanner, XmlScanner {
  private final byte[] window;
  private final long maxBytes;
  private long base;
  private @Nullable Finding finding;

  WindowedScanner(byte[] window, long maxBytes) {
    if (window.length == 0) {
      throw new IllegalArgumentException("window: 0 bytes (expected: some)");
    }
    this.window = window;
    this.maxBytes = maxBytes;
  }

  @Override
  public final boolean scan(ByteBuf chunk) {
    int from = chunk.readerIndex();
    int to = chunk.writerIndex();
    if (chunk.hasArray()) {
      int offset = chunk.arrayOffset();
      return scan(chunk.array(), offset + from, offset + to);
    }
    boolean isGood = finding == null;
    while (from < to && isGood) {
      int length = Math.min(to - from, window.length);
      chunk.getBytes(from, window, 0, length);
      isGood = scan(window, 0, length);
      from += length;
    }
    return isGood;
  }

  /** As {@link #scan(ByteBuf)}, of bytes {@code from} to {@code to}, exclusively. */
  public final boolean scan(byte[] bytes, int from, int to) {
    if (finding != null) {
      return false;
    }
    long left = maxBytes - offset();
    int end = to - from <= left ? to : from + (int) left;
    if (from < end) {
      base = offset() - from;
      look(bytes, from, end);
      base += end;
    }
    if (finding == null && end < to) {
      refuse(Finding.Kind.SIZE, base, "more than " + maxBytes + " bytes");
    }
    return finding == null;
  }

  @Override
  public final boolean end() {
    if (finding == null) {
      complete();
    }
    return finding == null;
  }

  @Override
  public final @Nullable Finding finding() {
    return finding;
  }

  @Override
  public final long offset() {
    return base;
  }

  /** Looks at the next bytes; stops at the first finding. */
  abstract void look(byte[] bytes, int from, int to);

  /** The payload ends here. */
  abstract void complete();

  /** The offset in the payload of index {@code at} of the array that is looked at. */
  final long offset(int at) {
    return base + at;
  }

  final boolean isRefused() {
    return finding != null;
  }

  final void refuse(Finding.Kind kind, long offset, String reason) {
    if (finding == null) {
      finding = new Finding(kind, offset, reason);
    }
  }
}
