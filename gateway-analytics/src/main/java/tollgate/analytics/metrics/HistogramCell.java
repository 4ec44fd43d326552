package tollgate.analytics.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.TraceContext;

/**
 * One event loop's share of a histogram. Written by that loop alone; read by any thread. The total
 * is the sum of the buckets, so that a reader always sees the two agree; the sum of the values may
 * be a moment behind.
 */
final class HistogramCell {
  private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle EXEMPLAR = MethodHandles.arrayElementVarHandle(Exemplar[].class);
  private static final VarHandle SUM;
  private static final VarHandle EXEMPLARS;

  /**
   * An exemplar is replaced at most this often, so that a busy series allocates next to nothing.
   */
  private static final long EXEMPLAR_MILLIS = 1_000;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      SUM = lookup.findVarHandle(HistogramCell.class, "sum", double.class);
      EXEMPLARS = lookup.findVarHandle(HistogramCell.class, "exemplars", Exemplar[].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Buckets buckets;
  private final long[] counts;

  /** Nanoseconds: exact up to 104 days of them, and cannot overflow. */
  private double sum;

  private @Nullable Exemplar @Nullable [] exemplars;

  HistogramCell(Buckets buckets) {
    this.buckets = buckets;
    this.counts = new long[buckets.count()];
  }

  /** Owning loop only. */
  void observe(long nanos) {
    count(nanos);
  }

  /** As {@link #observe(long)}, and remembers the trace once in a while. Owning loop only. */
  void observe(long nanos, @Nullable TraceContext trace, long epochMillis) {
    int bucket = count(nanos);
    if (trace == null) {
      return;
    }
    @Nullable Exemplar[] kept = exemplars;
    if (kept == null) {
      kept = new @Nullable Exemplar[buckets.count()];
      EXEMPLARS.setRelease(this, kept);
    }
    Exemplar last = kept[bucket];
    if (last == null || epochMillis - last.epochMillis() >= EXEMPLAR_MILLIS) {
      EXEMPLAR.setRelease(kept, bucket, new Exemplar(trace.traceId(), nanos, epochMillis));
    }
  }

  private int count(long nanos) {
    long value = Math.max(0, nanos);
    int bucket = buckets.find(value);
    COUNT.setOpaque(counts, bucket, counts[bucket] + 1);
    SUM.setOpaque(this, sum + value);
    return bucket;
  }

  /** Not cumulative. Any thread. */
  long count(int bucket) {
    return (long) COUNT.getOpaque(counts, bucket);
  }

  /** Nanoseconds. Any thread. */
  double sum() {
    return (double) SUM.getOpaque(this);
  }

  /** Any thread. */
  @Nullable Exemplar exemplar(int bucket) {
    @Nullable Exemplar[] kept = (@Nullable Exemplar @Nullable []) EXEMPLARS.getAcquire(this);
    return kept == null ? null : (Exemplar) EXEMPLAR.getAcquire(kept, bucket);
  }
}
