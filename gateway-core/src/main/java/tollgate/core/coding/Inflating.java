package tollgate.core.coding;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** What gzip and deflate share: a deflate stream by the JDK; about 50 KiB of native memory. */
abstract class Inflating extends DecoderStage {
  private Inflater inflater;

  Inflating(ByteBufAllocator allocator, boolean isBare) {
    super(allocator);
    inflater = new Inflater(isBare);
  }

  final boolean isInflated() {
    return inflater.finished();
  }

  /** Before anything was inflated: the frame of zlib is there after all. */
  final void expectFrame() {
    inflater.end();
    inflater = new Inflater(false);
  }

  /** Sees what was inflated before it is handed on. */
  void inflated(ByteBuffer piece) {}

  /**
   * Inflates as much of {@code in} as the stream has; -1 if no more is wanted, else how much of it
   * was used.
   */
  final int inflate(ByteBuffer in, Next next) throws MalformedCodingException {
    inflater.setInput(in);
    int before = in.remaining();
    try {
      while (!inflater.finished()) {
        ByteBuffer room = out.nioBuffer(out.writerIndex(), out.writableBytes());
        int written = inflater.inflate(room);
        if (written > 0) {
          inflated(room.flip());
          out.writerIndex(out.writerIndex() + written);
          if (!out.isWritable() && !handOn(next)) {
            return -1;
          }
        } else if (inflater.needsDictionary()) {
          throw new MalformedCodingException("needs a dictionary");
        } else if (inflater.needsInput()) {
          break;
        }
      }
    } catch (DataFormatException e) {
      throw new MalformedCodingException("not a deflate stream");
    }
    return handOn(next) ? before - in.remaining() : -1;
  }

  /** The bytes of a buffer as they can be inflated; one piece. */
  static ByteBuffer bytes(ByteBuf in, int from) {
    return in.nioBuffer(from, in.writerIndex() - from);
  }

  @Override
  final void free() {
    inflater.end();
  }
}
