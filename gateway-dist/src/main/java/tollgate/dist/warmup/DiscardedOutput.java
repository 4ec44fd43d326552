package tollgate.dist.warmup;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import tollgate.analytics.accesslog.LogOutput;

/** Where the access log of the warm-up goes: its lines are made, and dropped. Any thread. */
final class DiscardedOutput implements LogOutput {
  @Override
  public String name() {
    return "nothing";
  }

  @Override
  public Opened open() {
    return new Opened(new Nothing(), false);
  }

  @Override
  public boolean isReopened() {
    return false;
  }

  private static final class Nothing implements WritableByteChannel {
    @Override
    public int write(ByteBuffer lines) {
      int length = lines.remaining();
      lines.position(lines.limit());
      return length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
