package tollgate.analytics.accesslog;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/** An output in memory that can be full. Any thread. */
final class FakeOutput implements LogOutput, WritableByteChannel {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private int room = Integer.MAX_VALUE;
  private int opened;
  private boolean isReopened;

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public synchronized Opened open() {
    opened++;
    return new Opened(this, false);
  }

  @Override
  public synchronized boolean isReopened() {
    return isReopened;
  }

  synchronized void reopens() {
    isReopened = true;
  }

  /** How many bytes it still takes. */
  synchronized void room(int bytes) {
    room = bytes;
  }

  @Override
  public synchronized int write(ByteBuffer bytes) throws IOException {
    if (room == 0) {
      throw new IOException("No space left on device");
    }
    int count = Math.min(room, bytes.remaining());
    room -= count;
    for (int i = 0; i < count; i++) {
      written.write(bytes.get());
    }
    return count;
  }

  synchronized int opened() {
    return opened;
  }

  synchronized String text() {
    return written.toString(US_ASCII);
  }

  List<String> lines() {
    return text().lines().toList();
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
