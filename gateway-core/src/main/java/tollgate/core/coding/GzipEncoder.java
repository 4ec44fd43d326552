package tollgate.core.coding;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** A gzip member (RFC 1952); about 256 KiB of native memory. One thread at a time. */
final class GzipEncoder implements Encoder {
  /** RFC 1952 2.3: deflate, no flags, no time, unknown system. */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private static final int ROOM = 1024;

  private final Deflater deflater;
  private final CRC32 checksum = new CRC32();
  private int length;
  private boolean isBegun;

  GzipEncoder(int level) {
    deflater = new Deflater(level, true);
  }

  @Override
  public void encode(ByteBuf in, ByteBuf out) {
    begin(out);
    length += in.readableBytes(); // RFC 1952 2.3.1: modulo 2^32
    for (ByteBuffer part : in.nioBuffers()) {
      checksum.update(part.duplicate());
      deflater.setInput(part);
      while (!deflater.needsInput()) {
        deflate(out, Deflater.NO_FLUSH);
      }
    }
    in.skipBytes(in.readableBytes());
  }

  @Override
  public void flush(ByteBuf out) {
    begin(out);
    while (deflate(out, Deflater.SYNC_FLUSH)) {
      // there was no room for all of it
    }
  }

  @Override
  public void finish(ByteBuf out) {
    begin(out);
    deflater.finish();
    while (!deflater.finished()) {
      deflate(out, Deflater.NO_FLUSH);
    }
    out.writeIntLE((int) checksum.getValue());
    out.writeIntLE(length);
  }

  @Override
  public void close() {
    deflater.end();
  }

  private void begin(ByteBuf out) {
    if (!isBegun) {
      isBegun = true;
      out.writeBytes(HEADER);
    }
  }

  /** Whether all the room was used, so that there may be more. */
  private boolean deflate(ByteBuf out, int mode) {
    out.ensureWritable(ROOM);
    ByteBuffer room = out.nioBuffer(out.writerIndex(), out.writableBytes());
    int written = deflater.deflate(room, mode);
    out.writerIndex(out.writerIndex() + written);
    return !room.hasRemaining();
  }
}
