package tollgate.it.harness;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much one test mutates, and from which seed. {@code -Dseed=N} runs another sequence, and
 * {@code -Dlong=true} (the profile {@code long}) the long form, whose seed is the clock's. Each
 * case has a generator of its own, so that {@code -Dseed=N -Dfirst=I -Dcases=1} repeats a single
 * one. Any thread.
 */
public final class Run {
  /** Of the short form: CI sees the same cases each time. */
  private static final long SEED = 20261125;

  private final long seed;
  private final long first;
  private final long end;
  private final AtomicLong next;

  private Run(long seed, long first, long cases) {
    this.seed = seed;
    this.first = first;
    this.end = first + cases;
    this.next = new AtomicLong(first);
  }

  public static boolean isLong() {
    return Boolean.getBoolean("long");
  }

  /** Prints what it is, so that a failure can be repeated. */
  public static Run of(String name, long shortCases, long longCases) {
    long seed = Long.getLong("seed", isLong() ? System.nanoTime() & 0xffff_ffffL : SEED);
    Run run =
        new Run(
            seed,
            Long.getLong("first", 0),
            Long.getLong("cases", isLong() ? longCases : shortCases));
    System.out.println(name + ": " + run);
    return run;
  }

  /** The number of the next case, or -1 when all were given out. */
  public long next() {
    long index = next.getAndIncrement();
    return index < end ? index : -1;
  }

  /** How many cases there are. */
  public long cases() {
    return end - first;
  }

  /** How many cases were given out. */
  public long given() {
    return Math.min(next.get(), end) - first;
  }

  /** The generator of one case: nothing but seed and index decides what it gives. */
  public SplittableRandom random(long index) {
    return new SplittableRandom(seed * 0x9e37_79b9_7f4a_7c15L + index);
  }

  /** How to repeat one case. */
  public String repeat(long index) {
    return "-Dseed=" + seed + " -Dfirst=" + index + " -Dcases=1";
  }

  @Override
  public String toString() {
    return cases() + " cases, -Dseed=" + seed;
  }
}
