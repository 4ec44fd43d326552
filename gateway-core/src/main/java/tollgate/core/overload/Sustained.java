package tollgate.core.overload;

import java.util.Arrays;

/**
 * The least of the last few samples: what has lasted. A collection, a burst or a slow compilation
 * makes a sample high and not all of them. One thread.
 */
public final class Sustained {
  private final double[] samples;
  private int next;

  /**
   * @param count samples to look back at, at least 1
   */
  public Sustained(int count) {
    samples = new double[count];
  }

  /** Takes a sample in; 0 until there are enough. */
  public double add(double sample) {
    samples[next] = sample;
    next = (next + 1) % samples.length;
    return Arrays.stream(samples).min().orElseThrow();
  }
}
