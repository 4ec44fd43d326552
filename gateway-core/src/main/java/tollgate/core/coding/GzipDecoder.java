package tollgate.core.coding;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * One gzip member (RFC 1952), with its checksum and length. A second one is refused: some readers
 * join members and others read the first alone. One thread at a time.
 */
final class GzipDecoder extends Inflating {
  private static final int HEADER_CHECKSUM = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xE0;

  private enum Part {
    FIXED,
    EXTRA_LENGTH,
    EXTRA,
    NAME,
    COMMENT,
    CHECKSUM,
    BODY,
    TRAILER,
    DONE
  }

  private final CRC32 checksum = new CRC32();
  private Part part = Part.FIXED;
  private int flags;
  private int count;
  private int extra;
  private int length;
  private long trailer;

  GzipDecoder(ByteBufAllocator allocator) {
    super(allocator, true);
  }

  @Override
  boolean decode(ByteBuf in, Next next) throws MalformedCodingException {
    int at = in.readerIndex();
    while (at < in.writerIndex()) {
      if (part == Part.BODY) {
        int used = inflate(bytes(in, at), next);
        if (used < 0) {
          return false;
        }
        at += used;
        if (!isInflated()) {
          return true;
        }
        part = Part.TRAILER;
        count = 0;
      } else {
        frame(in.getByte(at++) & 0xFF);
      }
    }
    return true;
  }

  @Override
  boolean isFinished() {
    return part == Part.DONE;
  }

  @Override
  void inflated(ByteBuffer piece) {
    length += piece.remaining(); // RFC 1952 2.3.1: modulo 2^32
    checksum.update(piece);
  }

  /** One byte before or behind the stream. */
  private void frame(int c) throws MalformedCodingException {
    switch (part) {
      case FIXED -> {
        check(count != 0 || c == 0x1f);
        check(count != 1 || c == 0x8b);
        check(count != 2 || c == 8);
        if (count == 3) {
          check((c & RESERVED) == 0); // RFC 1952 2.3.1.2
          flags = c;
        }
        if (++count == 10) {
          after(Part.FIXED);
        }
      }
      case EXTRA_LENGTH -> {
        extra |= c << (8 * count);
        if (++count == 2) {
          part = Part.EXTRA;
          count = 0;
          if (extra == 0) {
            after(Part.EXTRA);
          }
        }
      }
      case EXTRA -> {
        if (++count == extra) {
          after(Part.EXTRA);
        }
      }
      case NAME, COMMENT -> {
        if (c == 0) {
          after(part);
        }
      }
      case CHECKSUM -> {
        if (++count == 2) {
          part = Part.BODY;
        }
      }
      case TRAILER -> {
        trailer |= (long) c << (8 * count);
        if (++count == 8) {
          check(trailer == (checksum.getValue() | ((long) length << 32)));
          part = Part.DONE;
        }
      }
      case BODY, DONE -> throw new MalformedCodingException("goes on behind its end");
    }
  }

  /** Goes to the first part behind {@code done} that the flags announce. */
  private void after(Part done) {
    count = 0;
    if (done == Part.FIXED && (flags & EXTRA) != 0) {
      part = Part.EXTRA_LENGTH;
    } else if (done.compareTo(Part.NAME) < 0 && (flags & NAME) != 0) {
      part = Part.NAME;
    } else if (done.compareTo(Part.COMMENT) < 0 && (flags & COMMENT) != 0) {
      part = Part.COMMENT;
    } else {
      part = (flags & HEADER_CHECKSUM) != 0 ? Part.CHECKSUM : Part.BODY;
    }
  }

  private static void check(boolean isRight) throws MalformedCodingException {
    if (!isRight) {
      throw new MalformedCodingException("not gzip");
    }
  }
}
