package tollgate.core.coding;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * A brotli stream (RFC 7932). Native memory up to a window of 16 MiB, of which no more is touched
 * than was decoded. One thread at a time.
 */
final class BrotliDecoder extends DecoderStage {
  private static final int INPUT_BYTES = 4 * 1024;

  private final DecoderJNI.Wrapper decoder;
  private boolean isFinished;

  BrotliDecoder(ByteBufAllocator allocator) {
    super(allocator);
    try {
      decoder = new DecoderJNI.Wrapper(INPUT_BYTES);
    } catch (IOException e) { // no native memory
      out.release();
      throw new UncheckedIOException(e);
    }
  }

  @Override
  boolean decode(ByteBuf in, Next next) throws MalformedCodingException {
    int at = in.readerIndex();
    while (at < in.writerIndex()) {
      if (isFinished) {
        throw new MalformedCodingException("goes on behind its end");
      }
      ByteBuffer input = decoder.getInputBuffer();
      int length = Math.min(in.writerIndex() - at, input.capacity());
      input.clear().limit(length);
      in.getBytes(at, input);
      at += length;
      decoder.push(length);
      if (!pull(next)) {
        return false;
      }
    }
    return handOn(next);
  }

  /** Takes what can be decoded of what was pushed. */
  private boolean pull(Next next) throws MalformedCodingException {
    boolean hasPulled = false;
    while (true) {
      switch (decoder.getStatus()) {
        case OK -> decoder.push(0);
        case NEEDS_MORE_OUTPUT -> {
          if (!take(decoder.pull(), next)) {
            return false;
          }
          hasPulled = true;
        }
        case NEEDS_MORE_INPUT -> {
          if (decoder.hasOutput()) {
            if (!take(decoder.pull(), next)) {
              return false;
            }
          } else if (!hasPulled) {
            return true;
          } else {
            decoder.push(0); // all input is used, and yet it may have more to say
            hasPulled = false;
          }
        }
        case DONE -> {
          isFinished = true;
          while (decoder.hasOutput()) {
            if (!take(decoder.pull(), next)) {
              return false;
            }
          }
          if (decoder.getInputBuffer().hasRemaining()) {
            throw new MalformedCodingException("goes on behind its end");
          }
          return true;
        }
        case ERROR -> throw new MalformedCodingException("not brotli");
      }
    }
  }

  private boolean take(ByteBuffer piece, Next next) {
    while (piece.hasRemaining()) {
      int length = Math.min(piece.remaining(), out.writableBytes());
      out.writeBytes(piece.slice(piece.position(), length));
      piece.position(piece.position() + length);
      if (!out.isWritable() && !handOn(next)) {
        return false;
      }
    }
    return true;
  }

  @Override
  boolean isFinished() {
    return isFinished;
  }

  @Override
  void free() {
    decoder.destroy();
  }
}
