package tollgate.core.coding;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;

/**
 * One zstd frame (RFC 8878) with a window of at most 8 MiB (RFC 9659), which is asked for before
 * the library sees the frame. One thread at a time.
 */
final class ZstdDecoder extends DecoderStage {
  private static final int MAGIC = 0xFD2FB528;
  private static final long MAX_WINDOW = 8 << 20;

  /** Magic number, descriptor, window, dictionary, size. */
  private static final int MAX_HEADER = 18;

  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private final ByteBufAllocator allocator;
  private final ByteBuf header;
  private boolean isStarted;
  private boolean isFinished;

  ZstdDecoder(ByteBufAllocator allocator) {
    super(allocator);
    this.allocator = allocator;
    this.header = allocator.directBuffer(MAX_HEADER, MAX_HEADER);
  }

  @Override
  boolean decode(ByteBuf in, Next next) throws MalformedCodingException {
    int at = in.readerIndex();
    while (!isStarted && at < in.writerIndex()) {
      header.writeByte(in.getByte(at++));
      if (isHeaderWhole()) {
        isStarted = true;
        if (!decompress(header.nioBuffer(), next)) {
          return false;
        }
      }
    }
    int length = in.writerIndex() - at;
    if (length == 0) {
      return handOn(next);
    }
    if (in.isDirect() && in.nioBufferCount() == 1) {
      return decompress(in.nioBuffer(at, length), next);
    }
    ByteBuf copy = allocator.directBuffer(length);
    try {
      return decompress(copy.writeBytes(in, at, length).nioBuffer(), next);
    } finally {
      copy.release();
    }
  }

  /** Whether all is there that says how much memory the frame needs; it is not too much. */
  private boolean isHeaderWhole() throws MalformedCodingException {
    int length = header.readableBytes();
    if (length >= 4 && header.getIntLE(0) != MAGIC) {
      throw new MalformedCodingException("not zstd");
    }
    if (length < 5) {
      return false;
    }
    int descriptor = header.getByte(4);
    boolean isSingle = (descriptor & 0x20) != 0;
    int sizeFlag = (descriptor >> 6) & 3;
    if ((descriptor & 8) != 0 || (descriptor & 3) != 0) { // reserved; a dictionary
      throw new MalformedCodingException("needs a dictionary, or is of another version");
    }
    int sizeBytes = sizeFlag == 0 ? (isSingle ? 1 : 0) : 1 << sizeFlag;
    if (length < 5 + (isSingle ? 0 : 1) + sizeBytes) {
      return false;
    }
    long window;
    if (isSingle) {
      window = 0;
      for (int i = sizeBytes - 1; i >= 0; i--) {
        window = (window << 8) | (header.getByte(5 + i) & 0xFF);
      }
      window += sizeBytes == 2 ? 256 : 0;
    } else {
      int exponent = (header.getByte(5) >> 3) & 0x1F;
      long base = 1L << (10 + exponent);
      window = base + (base / 8) * (header.getByte(5) & 7);
    }
    if (window < 0 || window > MAX_WINDOW) {
      throw new MalformedCodingException("a window of more than 8 MiB");
    }
    return true;
  }

  private boolean decompress(ByteBuffer in, Next next) throws MalformedCodingException {
    boolean isFull;
    do {
      if (isFinished) {
        if (in.hasRemaining()) {
          throw new MalformedCodingException("goes on behind its end");
        }
        break;
      }
      ByteBuffer room = out.nioBuffer(out.writerIndex(), out.writableBytes());
      try {
        isFinished = context.decompressDirectByteBufferStream(room, in);
      } catch (ZstdException e) {
        throw new MalformedCodingException("not zstd");
      }
      isFull = !room.hasRemaining();
      out.writerIndex(out.writerIndex() + room.position());
      if (isFull && !handOn(next)) {
        return false;
      }
    } while (in.hasRemaining() || isFull);
    return handOn(next);
  }

  @Override
  boolean isFinished() {
    return isFinished;
  }

  @Override
  void free() {
    header.release();
    context.close();
  }
}
