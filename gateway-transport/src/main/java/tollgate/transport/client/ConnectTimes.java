package tollgate.transport.client;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long connections took to open (name, TCP and TLS together), as a histogram. Counted when a
 * connection has opened, not per request. Any thread.
 */
final class ConnectTimes {
  /** Upper bounds of all classes but the last, which has none. */
  static final List<Double> BOUNDS_SECONDS =
      List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0);

  private static final long[] BOUNDS_NANOS =
      BOUNDS_SECONDS.stream().mapToLong(s -> (long) (s * TimeUnit.SECONDS.toNanos(1))).toArray();

  private final LongAdder[] classes = new LongAdder[BOUNDS_NANOS.length + 1];
  private final LongAdder sumNanos = new LongAdder();

  ConnectTimes() {
    for (int i = 0; i < classes.length; i++) {
      classes[i] = new LongAdder();
    }
  }

  void add(long nanos) {
    int at = 0;
    while (at < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[at]) {
      at++;
    }
    classes[at].increment();
    sumNanos.add(nanos);
  }

  /** Not cumulative; one more than there are bounds. */
  List<Long> counts() {
    return java.util.Arrays.stream(classes).map(LongAdder::sum).toList();
  }

  long sumNanos() {
    return sumNanos.sum();
  }
}
