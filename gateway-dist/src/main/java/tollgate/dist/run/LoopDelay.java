package tollgate.dist.run;

import java.util.List;
import tollgate.core.port.Loop;

/**
 * How far the event loops are behind, to be asked again and again: a task that still waits tells
 * more than one that has run. One thread asks; the loops answer.
 */
final class LoopDelay {
  private final List<Probe> probes;

  LoopDelay(List<? extends Loop> loops) {
    this.probes = loops.stream().map(Probe::new).toList();
  }

  /** The longest wait of any loop since it was last asked, and the next question. */
  long askNanos() {
    long longest = 0;
    for (Probe probe : probes) {
      longest = Math.max(longest, probe.askNanos());
    }
    return longest;
  }

  private static final class Probe implements Runnable {
    private final Loop loop;
    private volatile boolean isUnderWay;
    private volatile long sentNanos;
    private volatile long waitedNanos;

    Probe(Loop loop) {
      this.loop = loop;
    }

    long askNanos() {
      if (isUnderWay) {
        return System.nanoTime() - sentNanos;
      }
      sentNanos = System.nanoTime();
      isUnderWay = true;
      loop.execute(this);
      return waitedNanos;
    }

    @Override
    public void run() {
      waitedNanos = System.nanoTime() - sentNanos;
      isUnderWay = false;
    }
  }
}
