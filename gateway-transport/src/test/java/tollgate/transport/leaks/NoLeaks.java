package tollgate.transport.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class that leaves a buffer or a TLS engine behind. Registered for all of them. */
public final class NoLeaks implements AfterAllCallback {
  private static final long LONGEST_COLLECTION_MILLIS = 5_000;

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    collect();
    ByteBufAllocator.DEFAULT.buffer(1).release(); // the detector looks when something is tracked
    String first = RecordingLeakDetector.LEAKS.poll();
    RecordingLeakDetector.LEAKS.clear();
    assertThat(first).as("leaked while %s ran", context.getDisplayName()).isNull();
  }

  /** Returns when references to what was garbage at the call have been put into their queues. */
  private static void collect() throws InterruptedException {
    var queue = new ReferenceQueue<Object>();
    @Nullable Object garbage = new Object();
    var reference = new WeakReference<>(garbage, queue);
    garbage = null;
    System.gc();
    assertThat(queue.remove(LONGEST_COLLECTION_MILLIS)).isSameAs(reference);
  }
}
