package tollgate.analytics.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import tollgate.analytics.telemetry.Recorded;
import tollgate.core.telemetry.ExchangeRecord;

final class AccessLogTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void writesFromSeveralLoopsAndDrainsOnClose() throws Exception {
    FakeOutput output = new FakeOutput();
    AccessLog log = AccessLog.start(AccessLogOptions.to(output), 3);
    CyclicBarrier together = new CyclicBarrier(3);
    Thread[] loops = new Thread[3];
    for (int loop = 0; loop < 3; loop++) {
      int index = loop;
      loops[loop] =
          Thread.ofPlatform()
              .start(() -> {
                ExchangeRecord record = Recorded.exchange().requestId("l" + index).build();
                await(together);
                for (int i = 0; i < 1_000; i++) {
                  log.offer(index, record);
                }
              });
    }
    for (Thread loop : loops) {
      loop.join();
    }

    assertThat(log.close(LONG)).isTrue();
    assertThat(output.lines()).hasSize(3_000);
    assertThat(log.dropped()).isZero();
  }

  @Test
  void writesTheFirstRecordAfterSilence() throws Exception {
    CountDownLatch written = new CountDownLatch(1);
    try (AccessLog log =
        AccessLog.start(AccessLogOptions.to(new ChannelOutput(new Telling(written))), 1)) {
      log.offer(0, Recorded.exchange().build());
      written.await();
    }
    assertThat(written.getCount()).isZero();
  }

  @Test
  void blockedOutputCostsRecordsNotTheLoopAndCloseGivesUp() throws Exception {
    Blocked sink = new Blocked();
    AccessLog log =
        AccessLog.start(new AccessLogOptions(new ChannelOutput(sink), null, false, 16), 1);
    ExchangeRecord record = Recorded.exchange().build();
    log.offer(0, record);
    sink.entered.await();
    while (log.dropped() == 0) {
      log.offer(0, record);
    }

    assertThat(log.close(Duration.ofMillis(1))).isFalse();
    sink.released.countDown();
    assertThat(log.close(LONG)).isTrue();
  }

  /** An output that takes nothing until it is told to. */
  private static final class Blocked implements WritableByteChannel {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch released = new CountDownLatch(1);

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      entered.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      int length = bytes.remaining();
      bytes.position(bytes.limit());
      return length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private record ChannelOutput(WritableByteChannel channel) implements LogOutput {
    @Override
    public String name() {
      return "channel";
    }

    @Override
    public Opened open() {
      return new Opened(channel, false);
    }

    @Override
    public boolean isReopened() {
      return false;
    }
  }

  private record Telling(CountDownLatch written) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) {
      int count = bytes.remaining();
      bytes.position(bytes.limit());
      written.countDown();
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
