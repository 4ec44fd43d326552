package tollgate.core.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses messages to see what they are, not to keep them: how large they become, and whether
 * their text is UTF-8. No message refers to one before it (no context is taken over), so that it
 * serves one message after the other, of whomever. One thread.
 */
final class MessageInflater {
  /** More than a message may grow by, once it has become {@link #FREE_BYTES}. */
  private static final long MAX_RATIO = 100;

  private static final long FREE_BYTES = 64 * 1024;

  /** RFC 7692 7.2.2: what the sender took off the end of each message. */
  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

  private final Inflater inflater = new Inflater(true);
  private final byte[] in = new byte[4096];
  private final byte[] out = new byte[8192];
  private final ByteBuf outView = Unpooled.wrappedBuffer(out);
  private long maxBytes;
  private long read;
  private long made;
  private @Nullable Utf8 text;

  /**
   * @param text what checks the message's text; null for a binary one
   */
  void begin(long maxBytes, @Nullable Utf8 text) {
    this.maxBytes = maxBytes;
    this.text = text;
    this.read = 0;
    this.made = 0;
    inflater.reset();
  }

  /**
   * @param maskAt which byte of the mask the first one's is
   * @return 0, or the {@link CloseCode} for what is wrong
   */
  int feed(ByteBuf bytes, int from, int to, int mask, int maskAt) {
    for (int at = from; at < to; at += in.length) { // a multiple of four: the mask keeps its turn
      int count = Math.min(in.length, to - at);
      bytes.getBytes(at, in, 0, count);
      unmask(count, Integer.rotateLeft(mask, 8 * maskAt));
      read += count;
      int problem = inflate(in, count);
      if (problem != 0) {
        return problem;
      }
    }
    return 0;
  }

  /** The message is over; as {@link #feed}. */
  int end() {
    return inflate(TAIL, TAIL.length);
  }

  void close() {
    inflater.end();
  }

  private void unmask(int count, int mask) {
    if (mask == 0) {
      return;
    }
    for (int i = 0; i < count; i++) {
      in[i] ^= (byte) (mask >>> (24 - 8 * (i & 3)));
    }
  }

  private int inflate(byte[] source, int count) {
    inflater.setInput(source, 0, count);
    try {
      while (true) {
        int more = inflater.inflate(out);
        if (more > 0) {
          made += more;
          if (made > maxBytes || (made > FREE_BYTES && made > MAX_RATIO * read)) {
            return CloseCode.TOO_BIG;
          }
          Utf8 check = text;
          if (check != null && !check.accepts(outView, 0, more, 0, 0)) {
            return CloseCode.INVALID_DATA;
          }
        } else if (inflater.finished()) {
          // RFC 7692 7.2.3.4: a last block need not be the message's last.
          int rest = inflater.getRemaining();
          inflater.reset();
          if (rest == 0) {
            return 0;
          }
          inflater.setInput(source, count - rest, rest);
        } else if (inflater.needsDictionary()) {
          return CloseCode.INVALID_DATA;
        } else {
          return 0;
        }
      }
    } catch (DataFormatException _) {
      return CloseCode.INVALID_DATA;
    }
  }
}
