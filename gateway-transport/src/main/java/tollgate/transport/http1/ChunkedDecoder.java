package tollgate.transport.http1;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.http.HopByHop;
import tollgate.core.http.Tokens;
import tollgate.core.http.Trailers;
import tollgate.transport.wire.FieldLines;
import tollgate.transport.wire.Input;
import tollgate.transport.wire.Malformed;

/**
 * The chunked coding, strictly (RFC 9112 section 7.1): CRLF only, no blanks, sizes up to 2^63 - 1
 * in at most 16 digits. Extensions are checked against their grammar and dropped, 256 bytes of them
 * in one body. Trailer fields that must not stand there are dropped. Event loop only.
 *
 * <pre>
 *   SIZE --digits--> SIZE --;--> EXTENSION... --CR--> SIZE_LF --LF--> DATA --> DATA_CR --> DATA_LF --> SIZE
 *                                                        size 0: TRAILERS --empty line--> END
 * </pre>
 */
final class ChunkedDecoder {
  private static final Fault BAD_SIZE =
      Fault.of(FaultCode.MALFORMED_BODY, "A chunk size is malformed.");
  private static final Fault BAD_END =
      Fault.of(FaultCode.MALFORMED_BODY, "A chunk is not ended by CRLF.");
  private static final Fault BAD_EXTENSION =
      Fault.of(FaultCode.MALFORMED_BODY, "A chunk extension is malformed.");
  private static final Fault LARGE_EXTENSIONS =
      Fault.of(FaultCode.MALFORMED_BODY, "The chunk extensions are too large.");

  private static final int MAX_DIGITS = 16;
  private static final int MAX_EXTENSION_BYTES = 256;
  private static final int MAX_TRAILER_BYTES = 8 * 1024;
  private static final int MAX_TRAILER_LINES = 64;

  /** Chunks shorter than that are put together, once there were more than a few of them. */
  private static final int SMALL = 512;

  private static final int SMALL_ALONE = 4;

  private enum State {
    SIZE,
    NAME_START,
    NAME,
    VALUE_START,
    VALUE,
    QUOTED,
    ESCAPED,
    QUOTE_END,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILERS,
    END
  }

  private final HeadScanner scanner = new HeadScanner(0, MAX_TRAILER_BYTES, MAX_TRAILER_LINES);
  private State state = State.SIZE;
  private long size;
  private int digits;
  private int extensionBytes;
  private int smallChunks;
  private Trailers trailers = Trailers.NONE;

  /** Ready for the next body. */
  void reset() {
    state = State.SIZE;
    size = 0;
    digits = 0;
    extensionBytes = 0;
    smallChunks = 0;
    trailers = Trailers.NONE;
    scanner.reset();
  }

  boolean isEnded() {
    return state == State.END;
  }

  /** Once ended. */
  Trailers trailers() {
    return trailers;
  }

  /**
   * @return the next content, given away and not empty; null if more input is needed or the body
   *     has ended
   */
  @Nullable ByteBuf next(Input in) throws Malformed {
    while (!in.isEmpty() && state != State.END) {
      if (state == State.DATA) {
        if (size < SMALL && ++smallChunks > SMALL_ALONE) {
          return gathered(in);
        }
        ByteBuf piece = in.take(size);
        size -= piece.readableBytes();
        if (size == 0) {
          state = State.DATA_CR;
        }
        return piece;
      }
      if (state == State.TRAILERS) {
        int length = scanner.scan(in.bytes());
        if (length < 0) {
          return null;
        }
        trailers = trailers(in.copy(length), scanner.fieldLines());
        state = State.END;
      } else {
        state = after(in.readByte());
      }
    }
    return null;
  }

  /**
   * As many small chunks as are there in one piece: each piece costs a hundred times what a byte
   * does on its way, and a chunk can be one byte.
   */
  private ByteBuf gathered(Input in) {
    ByteBuf gathered = in.room();
    try {
      while (!in.isEmpty() && state != State.TRAILERS && (state != State.DATA || size < SMALL)) {
        if (state == State.DATA) {
          size -= in.copyTo(gathered, size);
          state = size == 0 ? State.DATA_CR : State.DATA;
        } else {
          state = after(in.peek());
          in.readByte();
        }
      }
    } catch (Malformed _) {
      // Its byte is still there: it is refused when what came before it has been taken.
    }
    return gathered;
  }

  private State after(byte b) throws Malformed {
    return switch (state) {
      case SIZE -> size(b);
      case NAME_START -> {
        require(Tokens.isTokenByte(b), BAD_EXTENSION);
        yield extension(State.NAME);
      }
      case NAME -> {
        if (b == '=') {
          yield extension(State.VALUE_START);
        }
        yield Tokens.isTokenByte(b) ? extension(State.NAME) : extensionEnd(b);
      }
      case VALUE_START -> {
        if (b == '"') {
          yield extension(State.QUOTED);
        }
        require(Tokens.isTokenByte(b), BAD_EXTENSION);
        yield extension(State.VALUE);
      }
      case VALUE -> Tokens.isTokenByte(b) ? extension(State.VALUE) : extensionEnd(b);
      case QUOTED -> {
        if (b == '"') {
          yield extension(State.QUOTE_END);
        }
        // RFC 9110 5.6.4: no controls, so no CRLF either (CVE-2026-33870).
        require(isText(b), BAD_EXTENSION);
        yield extension(b == '\\' ? State.ESCAPED : State.QUOTED);
      }
      case ESCAPED -> {
        require(isText(b), BAD_EXTENSION);
        yield extension(State.QUOTED);
      }
      case QUOTE_END -> extensionEnd(b);
      case SIZE_LF -> {
        require(b == '\n', BAD_SIZE);
        digits = 0;
        yield size == 0 ? State.TRAILERS : State.DATA;
      }
      case DATA_CR -> {
        require(b == '\r', BAD_END);
        yield State.DATA_LF;
      }
      case DATA_LF -> {
        require(b == '\n', BAD_END);
        yield State.SIZE;
      }
      case DATA, TRAILERS, END -> throw new IllegalStateException(state.name());
    };
  }

  private State size(byte b) throws Malformed {
    int digit = hex(b);
    if (digit >= 0) {
      // The sign bit stays clear: sizes of 2^63 and more are refused.
      require(digits < MAX_DIGITS && size >>> 59 == 0, BAD_SIZE);
      size = (size << 4) | digit;
      digits++;
      return State.SIZE;
    }
    require(digits > 0, BAD_SIZE);
    if (b == ';') {
      return extension(State.NAME_START);
    }
    require(b == '\r', BAD_SIZE);
    return State.SIZE_LF;
  }

  private State extension(State following) throws Malformed {
    require(++extensionBytes <= MAX_EXTENSION_BYTES, LARGE_EXTENSIONS);
    return following;
  }

  private State extensionEnd(byte b) throws Malformed {
    if (b == ';') {
      return extension(State.NAME_START);
    }
    require(b == '\r', BAD_EXTENSION);
    return State.SIZE_LF;
  }

  private static void require(boolean holds, Fault otherwise) throws Malformed {
    if (!holds) {
      throw new Malformed(otherwise);
    }
  }

  private static boolean isText(byte b) {
    int c = b & 0xff;
    return (c >= ' ' && c != 0x7f) || c == '\t';
  }

  private static int hex(byte b) {
    if (b >= '0' && b <= '9') {
      return b - '0';
    }
    int letter = b | 0x20;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
  }

  private static Trailers trailers(byte[] block, int count) throws Malformed {
    if (count == 0) {
      return Trailers.NONE;
    }
    FieldLines fields = FieldLines.parse(block, 0, count);
    List<Trailers.Line> lines = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String name = fields.name(i);
      if (!HopByHop.isForbiddenTrailer(name)) {
        lines.add(new Trailers.Line(name, fields.value(i)));
      }
    }
    return lines.isEmpty() ? Trailers.NONE : new Trailers(lines);
  }
}
