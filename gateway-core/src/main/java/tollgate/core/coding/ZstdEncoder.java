package tollgate.core.coding;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** A zstd frame (RFC 8878); below 1 MiB of native memory. One thread at a time. */
final class ZstdEncoder implements Encoder {
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

  /** Log2 of the window: 128 KiB. RFC 9659 allows up to 8 MiB. */
  private static final int WINDOW = 17;

  private static final int ROOM = 1024;

  private final ZstdCompressCtx context = new ZstdCompressCtx();

  ZstdEncoder(int level) {
    context.setLevel(level).setWindowLog(WINDOW);
  }

  @Override
  public void encode(ByteBuf in, ByteBuf out) {
    if (in.isDirect()) {
      encodeDirect(in, out);
      return;
    }
    ByteBuf copy = out.alloc().directBuffer(in.readableBytes());
    try {
      encodeDirect(copy.writeBytes(in), out);
    } finally {
      copy.release();
    }
  }

  private void encodeDirect(ByteBuf in, ByteBuf out) {
    for (ByteBuffer part : in.nioBuffers()) {
      while (part.hasRemaining()) {
        compress(part, EndDirective.CONTINUE, out);
      }
    }
    in.skipBytes(in.readableBytes());
  }

  @Override
  public void flush(ByteBuf out) {
    while (!compress(NOTHING.duplicate(), EndDirective.FLUSH, out)) {
      // there was no room for all of it
    }
  }

  @Override
  public void finish(ByteBuf out) {
    while (!compress(NOTHING.duplicate(), EndDirective.END, out)) {
      // there was no room for all of it
    }
  }

  @Override
  public void close() {
    context.close();
  }

  /** Whether nothing is left inside. */
  private boolean compress(ByteBuffer in, EndDirective directive, ByteBuf out) {
    out.ensureWritable(ROOM);
    ByteBuffer room = out.nioBuffer(out.writerIndex(), out.writableBytes());
    boolean isEmptied = context.compressDirectByteBufferStream(room, in, directive);
    out.writerIndex(out.writerIndex() + room.position());
    return isEmptied;
  }
}
