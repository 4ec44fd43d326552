package tollgate.analytics.accesslog;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.core.telemetry.ExchangeRecord;
import tollgate.core.time.Ticker;

/**
 * The access log. {@link #offer} on the event loop it names; the rest on any thread.
 *
 * <p>A loop puts a record into its ring and goes on; nothing it does blocks or wakes anybody while
 * traffic flows. One daemon thread empties the rings every few milliseconds. When nothing came for
 * a while it dozes: it announces that, looks once more, and parks for up to half a second. A loop
 * that sees the announcement wakes it, so the first record after a silence costs one unpark and is
 * written at once. The loop looks without a fence between its record and the announcement, so in a
 * window of nanoseconds it may miss it; that record is written when the doze ends.
 *
 * <p>Lines of one loop are in the order in which its exchanges ended; lines of several are not
 * sorted. The writer is never interrupted, which would close its channel.
 */
public final class AccessLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
  private static final long POLL_NANOS = 10_000_000;
  private static final long DOZE_NANOS = 500_000_000;
  private static final int POLLS_BEFORE_DOZE = 20;
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

  private final RecordRing[] rings;
  private final LogWriter writer;
  private final Thread thread;
  private volatile boolean isDozing;
  private volatile boolean isReopening;
  private volatile boolean isClosing;

  private AccessLog(AccessLogOptions options, int loops, Ticker ticker) {
    this.rings = new RecordRing[loops];
    for (int i = 0; i < loops; i++) {
      rings[i] = new RecordRing(options.ringSize());
    }
    this.writer = new LogWriter(options, rings, ticker);
    this.thread = Thread.ofPlatform().daemon().name("tollgate-access-log").unstarted(this::run);
  }

  /**
   * Begins; ends with {@link #close}. Opens nothing before the first record.
   *
   * @param loops number of event loops, whose indices are 0 and up
   */
  public static AccessLog start(AccessLogOptions options, int loops) {
    AccessLog log = new AccessLog(options, loops, System::nanoTime);
    log.thread.start();
    return log;
  }

  /** Takes the record, or drops and counts it if the loop's ring is full. */
  public void offer(int loop, ExchangeRecord ended) {
    if (rings[loop].offer(ended) && isDozing) {
      wake();
    }
  }

  /** For log rotation: what follows goes to a newly opened file. Standard output stays. */
  public void reopen() {
    isReopening = true;
    wake();
  }

  /** Records that were not written: no room in a ring, or a write that failed. */
  public long dropped() {
    long sum = writer.dropped();
    for (RecordRing ring : rings) {
      sum += ring.dropped();
    }
    return sum;
  }

  @Override
  public void close() {
    close(CLOSE_BOUND);
  }

  /**
   * Writes what waits and ends; gives up after {@code bound}, as when nobody reads the other end of
   * a pipe. What is offered later is lost.
   *
   * @return whether everything was handed to the output or counted as dropped
   */
  public boolean close(Duration bound) {
    isClosing = true;
    wake();
    boolean interrupted = false;
    long endNanos = System.nanoTime() + bound.toNanos();
    while (thread.isAlive()) {
      long restMillis = (endNanos - System.nanoTime()) / 1_000_000;
      if (restMillis <= 0) {
        break;
      }
      try {
        thread.join(restMillis);
      } catch (InterruptedException _) {
        interrupted = true;
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      LOG.warn("access log: gave up after {} ms, the output takes nothing", bound.toMillis());
      return false;
    }
    return true;
  }

  private void wake() {
    isDozing = false;
    LockSupport.unpark(thread);
  }

  private void run() {
    int idlePolls = 0;
    while (true) {
      // Read before the rings: what was offered before close() is seen below.
      boolean isLast = isClosing;
      if (isReopening) {
        isReopening = false;
        writer.reopen();
      }
      int taken = writer.drain();
      if (isLast && taken == 0) {
        writer.close();
        return;
      }
      idlePolls = taken > 0 ? 0 : idlePolls + 1;
      if (idlePolls > POLLS_BEFORE_DOZE) {
        doze();
      } else if (!isLast && taken < rings[0].size() / 4) {
        LockSupport.parkNanos(this, POLL_NANOS);
      }
    }
  }

  private void doze() {
    isDozing = true;
    if (writer.isEmpty() && !isClosing && !isReopening) {
      LockSupport.parkNanos(this, DOZE_NANOS);
    }
    isDozing = false;
  }
}
