package tollgate.transport.http1;

import io.netty.buffer.ByteBuf;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.transport.wire.Malformed;

/**
 * Finds the end of a block of lines that ends with an empty one, in input that grows, and counts
 * the lines. Keeps its place, so that no byte is looked at twice however the input is chopped.
 * Knows only CRLF as a line's end (RFC 9112 section 2.2 allows to accept a bare LF; we refuse).
 * Event loop only.
 */
final class HeadScanner {
  private static final Fault BARE_LF =
      Fault.of(FaultCode.MALFORMED_REQUEST, "A line is not ended by CRLF.");
  private static final Fault LONG_START_LINE =
      Fault.of(FaultCode.TARGET_TOO_LONG, "The request line is too long.");
  private static final Fault LARGE_BLOCK =
      Fault.of(FaultCode.FIELDS_TOO_LARGE, "The header fields are too large.");
  private static final Fault MANY_LINES =
      Fault.of(FaultCode.FIELDS_TOO_LARGE, "There are too many header fields.");

  private final int startLineMax;
  private final int blockMax;
  private final int linesMax;

  /**
   * Relative to the reader index: the next byte to look at, the line it is in, the first field
   * line.
   */
  private int next;

  private int line;
  private int block;
  private int lines;

  /**
   * @param startLineMax 0: the block has field lines only
   */
  HeadScanner(int startLineMax, int blockMax, int linesMax) {
    this.startLineMax = startLineMax;
    this.blockMax = blockMax;
    this.linesMax = linesMax;
  }

  void reset() {
    next = 0;
    line = 0;
    block = 0;
    lines = 0;
  }

  /** Field lines seen. */
  int fieldLines() {
    return startLineMax == 0 ? lines : Math.max(0, lines - 1);
  }

  /**
   * @param in has the same reader index as before, or the same bytes at its new one
   * @return the length of the block with the empty line, or -1 if its end has not come yet
   */
  int scan(ByteBuf in) throws Malformed {
    int base = in.readerIndex();
    int available = in.readableBytes();
    while (true) {
      int lf = in.indexOf(base + next, base + available, (byte) '\n');
      if (lf < 0) {
        next = available;
        checkSize(available);
        return -1;
      }
      int length = lf - base - line;
      if (length == 0 || in.getByte(lf - 1) != '\r') {
        throw new Malformed(BARE_LF);
      }
      next = lf + 1 - base;
      checkSize(next);
      if (length == 1) {
        return next;
      }
      line = next;
      lines++;
      if (lines == 1 && startLineMax > 0) {
        block = next;
      } else if (fieldLines() > linesMax) {
        throw new Malformed(MANY_LINES);
      }
    }
  }

  private void checkSize(int seen) throws Malformed {
    if (startLineMax > 0 && lines == 0) {
      if (seen > startLineMax) {
        throw new Malformed(LONG_START_LINE);
      }
    } else if (seen - block > blockMax) {
      throw new Malformed(LARGE_BLOCK);
    }
  }
}
