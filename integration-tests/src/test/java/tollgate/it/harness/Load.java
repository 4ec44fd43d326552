package tollgate.it.harness;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Callers that call again and again until they are stopped, one thread each. Any thread. */
public final class Load {
  private static final int MOST_FAILURES = 10;
  private static final int SAMPLES = 1 << 20;

  private final AtomicBoolean isOver = new AtomicBoolean();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicLong calls = new AtomicLong();
  private final int[] micros = new int[SAMPLES];
  private final List<Thread> threads = new ArrayList<>();

  /** Between the calls of one caller; 0: each follows the one before. */
  private final long periodNanos;

  private Load(long periodNanos) {
    this.periodNanos = periodNanos;
  }

  /** One of them; its thread is the only one that uses it. */
  public interface Caller extends AutoCloseable {
    /** One call, which throws if it fails. */
    void call() throws IOException;

    @Override
    void close() throws IOException;

    /** One that does the same each time, with something that is closed at the end. */
    static Caller of(Closeable kept, Call call) {
      return new Caller() {
        @Override
        public void call() throws IOException {
          call.call();
        }

        @Override
        public void close() throws IOException {
          kept.close();
        }
      };
    }
  }

  /** What a caller does. */
  @FunctionalInterface
  public interface Call {
    void call() throws IOException;
  }

  /** Makes a caller. */
  @FunctionalInterface
  public interface Callers {
    Caller open() throws IOException;
  }

  /** As many calls as there can be. */
  public static Load start(int count, Callers callers) {
    return start(count, 0, callers);
  }

  /**
   * So many calls a second in all, at times that are fixed beforehand: a call that comes too late
   * counts from when it should have begun.
   */
  public static Load paced(int count, int perSecond, Callers callers) {
    return start(count, count * 1_000_000_000L / perSecond, callers);
  }

  private static Load start(int count, long periodNanos, Callers callers) {
    Load load = new Load(periodNanos);
    for (int i = 0; i < count; i++) {
      load.threads.add(Thread.ofPlatform().start(() -> load.run(callers)));
    }
    return load;
  }

  /** How many calls were made so far. */
  public long calls() {
    return calls.get();
  }

  /** The first failures; each caller ends with its first. */
  public List<String> failures() {
    return failures.stream().limit(MOST_FAILURES).toList();
  }

  /** Waits for the end of all calls under way. */
  public Load stop() throws InterruptedException {
    isOver.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    return this;
  }

  /** Calls and how long they took, for people. */
  @Override
  public String toString() {
    int[] sorted = Arrays.copyOf(micros, (int) Math.min(calls.get(), SAMPLES));
    Arrays.sort(sorted);
    int last = sorted.length - 1;
    return last < 0
        ? "no calls"
        : String.format(
            "%d calls, p50 %d us, p99 %d us, most %d us",
            calls.get(), sorted[last / 2], sorted[(int) (last * 0.99)], sorted[last]);
  }

  /** When it is due, which has come. */
  private static long awaited(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    return due;
  }

  private void run(Callers callers) {
    try (Caller caller = callers.open()) {
      long due = System.nanoTime();
      while (!isOver.get()) {
        long started = periodNanos == 0 ? System.nanoTime() : awaited(due);
        due += periodNanos;
        caller.call();
        long took = (System.nanoTime() - started) / 1000;
        micros[(int) (calls.getAndIncrement() % SAMPLES)] = (int) Math.min(took, Integer.MAX_VALUE);
      }
    } catch (IOException | RuntimeException | AssertionError e) {
      failures.add(e.toString());
    }
  }
}
