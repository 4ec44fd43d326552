package tollgate.core.websocket;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one direction (RFC 6455 section 5), looked at as they pass. One thread.
 *
 * <pre>
 *   BETWEEN --header of a data frame--> PAYLOAD --its end--> BETWEEN
 *      |  \--whole control frame--> BETWEEN, or after a Close: CLOSED
 *      \--what is wrong, here or in PAYLOAD--> BROKEN
 * </pre>
 *
 * <p>Payload is not copied, and binary payload not even read. A header, and a control frame, is let
 * pass when it is whole and right: what is there of one that is not is kept here, at most {@link
 * #MOST_HELD} bytes. So nothing passes of a control frame that is wrong, and of a data frame only
 * what came before the chunk that shows it.
 *
 * <p>More than 400 lines, because each rule depends on where in a frame and a message this is.
 */
public final class FrameCheck implements AutoCloseable {
  private static final int MAX_CONTROL = 125;

  /** Header, mask and payload of the longest control frame. */
  private static final int MOST_HELD = 2 + 4 + MAX_CONTROL;

  private static final int FIN = 0x80;
  private static final int RSV1 = 0x40;
  private static final int RSV_OTHERS = 0x30;
  private static final int MASKED = 0x80;

  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private enum State {
    BETWEEN,
    PAYLOAD,
    CLOSED,
    BROKEN
  }

  private final boolean isFromClient;
  private final long maxFrameBytes;
  private final long maxMessageBytes;

  /** Null where no compression was agreed on. */
  private final @Nullable Inflaters inflaters;

  private State state = State.BETWEEN;
  private boolean isToStop;
  private int closeCode;
  private int violation;
  private String problem = "";

  // The frame that passes.
  private boolean isLastFrame;
  private long remaining;
  private int mask;
  private int maskAt;

  /** Some of it passed with an earlier chunk. */
  private boolean isBegunEarlier;

  /** Its header is what {@link #released} holds. */
  private boolean isReleased;

  /** Some of it has passed, and no more will. */
  private boolean isCut;

  // The message that passes.
  private boolean isInMessage;
  private long messageBytes;
  private @Nullable Utf8 text;
  private @Nullable MessageInflater inflater;

  /** Kept for the next text, so that a chatty connection makes no garbage. */
  private @Nullable Utf8 spareText;

  private @Nullable ByteBuf held;
  private @Nullable ByteBuf released;

  /**
   * @param inflaters of the loop; null where no compression was agreed on
   */
  public FrameCheck(boolean isFromClient, WebSocketRules rules, @Nullable Inflaters inflaters) {
    this.isFromClient = isFromClient;
    this.maxFrameBytes = rules.maxFrameBytes();
    this.maxMessageBytes = rules.maxMessageBytes();
    this.inflaters = inflaters;
  }

  /**
   * Looks at the next bytes. Those that complete what was kept of earlier ones are read out of the
   * chunk; its indices else stay as they are.
   *
   * @return how many of those left pass, from the first on; {@link #takeReleased} goes before them.
   *     Those behind are kept here, or are not to pass at all
   */
  public int check(ByteBuf chunk) {
    int from = chunk.readerIndex();
    int to = chunk.writerIndex();
    int at = from;
    int passed = from;
    while (at < to || state == State.PAYLOAD) {
      switch (state) {
        case PAYLOAD -> {
          at = payload(chunk, at, to);
          if (state == State.BROKEN) {
            return passed - from;
          }
          if (state == State.PAYLOAD) {
            return at - from; // all of it
          }
          passed = at;
        }
        case BETWEEN -> {
          if (isToStop) {
            return passed - from;
          }
          ByteBuf kept = held;
          if (kept == null) {
            at = begin(chunk, at, to);
          } else {
            at = resume(kept, chunk, at, to);
            chunk.readerIndex(at);
            from = at;
            passed = at;
          }
          if (state == State.BROKEN || held != null) {
            return passed - from;
          }
          if (state != State.PAYLOAD) {
            passed = at;
          }
        }
        case CLOSED, BROKEN -> {
          return passed - from;
        }
      }
    }
    return passed - from;
  }

  /** What was kept earlier and passes now; given away, null if nothing. */
  public @Nullable ByteBuf takeReleased() {
    ByteBuf bytes = released;
    released = null;
    return bytes;
  }

  /** Whether another frame may be put here: nothing has passed of one that is not whole. */
  public boolean isBetweenFrames() {
    return state != State.PAYLOAD && !isCut;
  }

  /** Lets nothing more pass than the rest of the frame that passes. */
  public void stopBetweenFrames() {
    isToStop = true;
  }

  /** The code of the Close frame that has passed: 0 if none has. */
  public int closeCode() {
    return closeCode;
  }

  /** The {@link CloseCode} for what is wrong; 0 if nothing is. */
  public int violation() {
    return violation;
  }

  /** What is wrong. */
  public String problem() {
    return problem;
  }

  /** Gives back what it has borrowed. */
  @Override
  public void close() {
    held = null;
    released = null;
    endMessage();
    if (state == State.BETWEEN || state == State.PAYLOAD) {
      state = State.CLOSED;
    }
  }

  // ---- headers

  /** A frame begins in the chunk. */
  private int begin(ByteBuf chunk, int at, int to) {
    int available = to - at;
    int needed = needed(chunk, at, available);
    if (state == State.BROKEN) {
      return at;
    }
    if (needed > available) {
      ByteBuf kept = Unpooled.wrappedBuffer(new byte[MOST_HELD]).clear();
      kept.writeBytes(chunk, at, available);
      held = kept;
      return to;
    }
    frame(chunk, at, needed);
    return at + needed;
  }

  /** The beginning of a frame came earlier. */
  private int resume(ByteBuf kept, ByteBuf chunk, int at, int to) {
    int next = at;
    while (true) {
      int needed = needed(kept, 0, kept.readableBytes());
      if (state == State.BROKEN) {
        return next;
      }
      int missing = needed - kept.readableBytes();
      if (missing == 0) {
        break;
      }
      if (next == to) {
        return next;
      }
      int more = Math.min(missing, to - next);
      kept.writeBytes(chunk, next, more);
      next += more;
    }
    held = null;
    frame(kept, 0, kept.readableBytes());
    if (state != State.BROKEN) {
      released = kept;
      isReleased = state == State.PAYLOAD;
    }
    return next;
  }

  /**
   * How many bytes there must be before the frame that begins at {@code at} can be judged: its
   * header, or all of a control frame. What the first two show to be wrong is told at once.
   */
  private int needed(ByteBuf bytes, int at, int available) {
    if (available < 2) {
      return 2;
    }
    int first = bytes.getUnsignedByte(at);
    int second = bytes.getUnsignedByte(at + 1);
    int length = second & 0x7f;
    boolean isMasked = (second & MASKED) != 0;
    if (isMasked != isFromClient) {
      // RFC 6455 5.1
      broken(
          CloseCode.PROTOCOL_ERROR, isFromClient ? "a frame is not masked" : "a frame is masked");
      return 2;
    }
    if (!isFirstByteRight(first)) {
      return 2;
    }
    int maskBytes = isMasked ? 4 : 0;
    if ((first & 0x0f) >= CLOSE) {
      if (length > MAX_CONTROL || (first & FIN) == 0) {
        broken(CloseCode.PROTOCOL_ERROR, "a control frame is fragmented or longer than 125 bytes");
        return 2;
      }
      return 2 + maskBytes + length;
    }
    return 2 + maskBytes + (length == 126 ? 2 : length == 127 ? 8 : 0);
  }

  private boolean isFirstByteRight(int first) {
    int opcode = first & 0x0f;
    boolean mayBeCompressed = inflaters != null && (opcode == TEXT || opcode == BINARY);
    if ((first & RSV_OTHERS) != 0 || ((first & RSV1) != 0 && !mayBeCompressed)) {
      broken(CloseCode.PROTOCOL_ERROR, "a reserved bit is set");
      return false;
    }
    switch (opcode) {
      case CONTINUATION -> {
        if (!isInMessage) {
          broken(CloseCode.PROTOCOL_ERROR, "a continuation has nothing to continue");
        }
      }
      case TEXT, BINARY -> {
        if (isInMessage) {
          broken(CloseCode.PROTOCOL_ERROR, "a message begins within another");
        }
      }
      case CLOSE, PING, PONG -> {}
      default -> broken(CloseCode.PROTOCOL_ERROR, "an opcode is not known");
    }
    return state != State.BROKEN;
  }

  /** A header, or a control frame, is whole. */
  private void frame(ByteBuf bytes, int at, int length) {
    int first = bytes.getUnsignedByte(at);
    int opcode = first & 0x0f;
    if (opcode == CLOSE) {
      close(bytes, at, length);
    } else if (opcode < CLOSE) {
      data(bytes, at, first, opcode);
    }
  }

  private void close(ByteBuf bytes, int at, int length) {
    int from = at + (isFromClient ? 6 : 2);
    int count = at + length - from;
    int key = isFromClient ? bytes.getInt(at + 2) : 0;
    if (count == 0) {
      closeCode = CloseCode.NO_STATUS;
      state = State.CLOSED;
      return;
    }
    if (count == 1) {
      broken(CloseCode.PROTOCOL_ERROR, "a Close frame holds one byte");
      return;
    }
    int code = (bytes.getUnsignedShort(from) ^ (key >>> 16)) & 0xffff;
    if (!CloseCode.mayBeSent(code)) {
      broken(CloseCode.PROTOCOL_ERROR, "a Close frame holds a code that may not be sent");
      return;
    }
    Utf8 reason = new Utf8();
    if (!reason.accepts(bytes, from + 2, from + count, key, 2) || !reason.isComplete()) {
      broken(CloseCode.INVALID_DATA, "the reason of a Close frame is not UTF-8");
      return;
    }
    closeCode = code;
    state = State.CLOSED;
  }

  private void data(ByteBuf bytes, int at, int first, int opcode) {
    int length = bytes.getUnsignedByte(at + 1) & 0x7f;
    long payload = length;
    int maskFrom = at + 2;
    if (length == 126) {
      payload = bytes.getUnsignedShort(at + 2);
      maskFrom = at + 4;
    } else if (length == 127) {
      payload = bytes.getLong(at + 2);
      maskFrom = at + 10;
    }
    // RFC 6455 5.2: the minimal number of bytes, the most significant bit 0.
    if (payload < 0 || (length == 126 && payload < 126) || (length == 127 && payload < 65536)) {
      broken(CloseCode.PROTOCOL_ERROR, "a length is not written as it must be");
      return;
    }
    if (payload > maxFrameBytes) {
      broken(CloseCode.TOO_BIG, "a frame is larger than allowed");
      return;
    }
    if (opcode != CONTINUATION) {
      beginMessage(opcode, (first & RSV1) != 0);
    }
    if (payload > maxMessageBytes - messageBytes) {
      broken(CloseCode.TOO_BIG, "a message is larger than allowed");
      return;
    }
    messageBytes += payload;
    isLastFrame = (first & FIN) != 0;
    remaining = payload;
    mask = isFromClient ? bytes.getInt(maskFrom) : 0;
    maskAt = 0;
    state = State.PAYLOAD;
  }

  // ---- payload

  /** Where the frame ends, or the chunk. */
  private int payload(ByteBuf chunk, int at, int to) {
    int count = (int) Math.min(remaining, to - at);
    int end = at + count;
    if (count > 0) {
      Utf8 utf8 = text;
      MessageInflater compressed = inflater;
      if (compressed != null) {
        int wrong = compressed.feed(chunk, at, end, mask, maskAt);
        if (wrong != 0) {
          cut(wrong);
          return at;
        }
      } else if (utf8 != null && !utf8.accepts(chunk, at, end, mask, maskAt)) {
        cut(CloseCode.INVALID_DATA);
        return at;
      }
      remaining -= count;
      maskAt = (maskAt + count) & 3;
    }
    if (remaining == 0) {
      frameEnded();
    } else {
      isBegunEarlier = true;
      isReleased = false;
    }
    return end;
  }

  private void frameEnded() {
    if (isLastFrame) {
      MessageInflater compressed = inflater;
      Utf8 utf8 = text;
      int wrong = compressed == null ? 0 : compressed.end();
      if (wrong == 0 && utf8 != null && !utf8.isComplete()) {
        wrong = CloseCode.INVALID_DATA;
      }
      endMessage();
      if (wrong != 0) {
        cut(wrong);
        return;
      }
    }
    isBegunEarlier = false;
    isReleased = false;
    state = State.BETWEEN;
  }

  /** In mid-frame: if some of it has passed already, no other frame can follow it. */
  private void cut(int code) {
    isCut = isBegunEarlier;
    if (isReleased) {
      released = null;
    }
    broken(
        code,
        code == CloseCode.TOO_BIG
            ? "a message decompresses to more than allowed"
            : "text is not UTF-8, or compressed data is broken");
  }

  private void beginMessage(int opcode, boolean isCompressed) {
    isInMessage = true;
    messageBytes = 0;
    if (opcode == TEXT) {
      Utf8 utf8 = spareText;
      text = utf8 == null ? new Utf8() : utf8;
    }
    if (isCompressed) {
      MessageInflater taken = requireNonNull(inflaters).take();
      taken.begin(maxMessageBytes, text);
      inflater = taken;
    }
  }

  private void endMessage() {
    isInMessage = false;
    Utf8 utf8 = text;
    if (utf8 != null) {
      utf8.reset();
      spareText = utf8;
      text = null;
    }
    MessageInflater compressed = inflater;
    if (compressed != null) {
      inflater = null;
      requireNonNull(inflaters).giveBack(compressed);
    }
  }

  private void broken(int code, String what) {
    violation = code;
    problem = what;
    held = null;
    state = State.BROKEN;
  }
}
