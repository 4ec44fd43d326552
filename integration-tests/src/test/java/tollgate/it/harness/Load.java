package tollgate.it.harness;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Callers that call again and again until they are stopped, one thread each. Any thread. */
public final class Load {
  private static final int MOST_FAILURES = 10;
  private static final int SAMPLES = 1 << 20;

  private final AtomicBoolean isOver = new AtomicBoolean();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicLong calls = new AtomicLong();
  private final int[] micros = new int[SAMPLES];
  private final List<Thread> threads = new ArrayList<>();

  private Load() {}

  /** One of them; its thread is the only one that uses it. */
  public interface Caller extends AutoCloseable {
    /** One call, which throws if it fails. */
    void call() throws IOException;

    @Override
    void close() throws IOException;
  }

  /** Makes a caller. */
  @FunctionalInterface
  public interface Callers {
    Caller open() throws IOException;
  }

  public static Load start(int count, Callers callers) {
    Load load = new Load();
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

  private void run(Callers callers) {
    try (Caller caller = callers.open()) {
      while (!isOver.get()) {
        long started = System.nanoTime();
        caller.call();
        long took = (System.nanoTime() - started) / 1000;
        micros[(int) (calls.getAndIncrement() % SAMPLES)] = (int) Math.min(took, Integer.MAX_VALUE);
      }
    } catch (IOException | RuntimeException | AssertionError e) {
      failures.add(e.toString());
    }
  }
}
