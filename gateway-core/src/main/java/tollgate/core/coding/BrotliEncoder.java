package tollgate.core.coding;

import com.aayushatharva.brotli4j.encoder.Encoder.Mode;
import com.aayushatharva.brotli4j.encoder.EncoderJNI;
import com.aayushatharva.brotli4j.encoder.EncoderJNI.Operation;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** A brotli stream (RFC 7932); about 1 MiB of native memory. One thread at a time. */
final class BrotliEncoder implements Encoder {
  private static final int INPUT_BYTES = 16 * 1024;

  /**
   * Log2 of the window: 256 KiB, where the library's default of 4 MiB would cost ten times so much.
   */
  private static final int WINDOW = 18;

  private final EncoderJNI.Wrapper encoder;
  private boolean isClosed;

  BrotliEncoder(int quality) {
    try {
      encoder = new EncoderJNI.Wrapper(INPUT_BYTES, quality, WINDOW, Mode.GENERIC);
    } catch (IOException e) { // no native memory
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void encode(ByteBuf in, ByteBuf out) {
    ByteBuffer input = encoder.getInputBuffer();
    while (in.isReadable()) {
      input.clear().limit(Math.min(in.readableBytes(), input.capacity()));
      int length = input.limit();
      in.readBytes(input);
      push(Operation.PROCESS, length, out);
    }
  }

  @Override
  public void flush(ByteBuf out) {
    push(Operation.FLUSH, 0, out);
  }

  @Override
  public void finish(ByteBuf out) {
    push(Operation.FINISH, 0, out);
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      encoder.destroy();
    }
  }

  private void push(Operation operation, int length, ByteBuf out) {
    boolean isPushed = false;
    while (true) {
      if (!encoder.isSuccess()) {
        throw new IllegalStateException("brotli: the encoder failed");
      }
      if (encoder.hasMoreOutput()) {
        out.writeBytes(encoder.pull());
      } else if (encoder.hasRemainingInput()) {
        encoder.push(operation, 0);
      } else if (!isPushed) {
        isPushed = true;
        encoder.push(operation, length);
      } else {
        return;
      }
    }
  }
}
