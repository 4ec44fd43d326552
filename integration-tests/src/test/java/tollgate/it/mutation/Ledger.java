package tollgate.it.mutation;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Balances what origins and clients saw with what the gateway logged: nothing may be seen that was
 * not logged. Any thread.
 */
final class Ledger {
  private static final int MOST_FAILURES = 20;

  private final Map<String, Integer> unlogged = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger failureCount = new AtomicInteger();
  private final Map<String, LongAdder> sightings = new ConcurrentSkipListMap<>();
  private final LongAdder answers = new LongAdder();
  private final LongAdder lines = new LongAdder();

  /** An origin took something for a request. */
  void seen(String origin, String id, String method, String path) {
    sightings.computeIfAbsent(origin, _ -> new LongAdder()).increment();
    add(key(origin, id, method, path), 1);
  }

  /** A client took something for a final answer. */
  void answered(String id, int status) {
    answers.increment();
    add(id + " " + status, 1);
  }

  /** An attempt that the log tells of. */
  void loggedAttempts(String origin, String id, String method, String path, int attempts) {
    add(key(origin, id, method, path), -attempts);
  }

  /** A line of the log. */
  void loggedAnswer(String id, int status) {
    lines.increment();
    add(id + " " + status, -1);
  }

  /** Something that must not be. */
  void fail(String what) {
    if (failureCount.incrementAndGet() <= MOST_FAILURES) {
      failures.add(what);
    }
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  boolean hasFailed() {
    return failureCount.get() > 0;
  }

  /** What was seen and is not logged, or not yet. */
  List<String> unlogged() {
    return unlogged.entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .map(entry -> entry.getKey() + " x" + entry.getValue())
        .limit(MOST_FAILURES)
        .toList();
  }

  /** How many requests an origin saw. */
  long sightings(String origin) {
    LongAdder count = sightings.get(origin);
    return count == null ? 0 : count.sum();
  }

  long lines() {
    return lines.sum();
  }

  @Override
  public String toString() {
    return "requests seen by "
        + sightings
        + ", "
        + answers
        + " answers, "
        + lines
        + " lines, "
        + failureCount
        + " failures";
  }

  private void add(String key, int count) {
    unlogged.compute(
        key,
        (_, have) -> {
          int sum = (have == null ? 0 : have) + count;
          return sum == 0 ? null : sum;
        });
  }

  /** The log cuts texts at 1 KiB. */
  private static String key(String origin, String id, String method, String path) {
    return origin + " " + id + " " + method + " " + path.substring(0, Math.min(900, path.length()));
  }
}
