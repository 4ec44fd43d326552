package tollgate.dist.assembly;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.core.chain.Site;
import tollgate.core.chain.Traffic;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.port.Loop;
import tollgate.core.time.Ticker;

/**
 * Which generation serves, by one volatile reference, and the end of those that did. {@link
 * #present} and {@link #sites} from any thread; the rest on the one thread that reloads.
 *
 * <p>Exchanges of a replaced generation go on under the new one if it has their route unchanged, so
 * that the longest stream keeps no old generation alive. Those whose API was changed or removed may
 * go on for {@code reload.streamGrace}.
 *
 * <p>A replaced generation is closed when nothing runs on it. Its count may be read as zero while a
 * loop holds the old reference and is about to begin an exchange, so a task is sent through every
 * loop first: after it, no loop can take that reference up again.
 */
public final class Generations implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Generations.class);
  private static final long BARRIER_SECONDS = 5;

  private final Iterable<? extends Loop> loops;
  private final int loopCount;
  private final Traffic traffic;
  private final Ticker ticker;
  private final Queue<Replaced> replaced = new ArrayDeque<>();
  private volatile @Nullable GatewaySnapshot present;

  private record Replaced(GatewaySnapshot snapshot, long sinceNanos) {}

  /**
   * @param traffic what runs on these generations
   */
  public Generations(
      Iterable<? extends Loop> loops, int loopCount, Traffic traffic, Ticker ticker) {
    this.traffic = traffic;
    this.ticker = ticker;
    this.loops = loops;
    this.loopCount = loopCount;
  }

  /**
   * @throws NullPointerException before the first {@link #serve}
   */
  public GatewaySnapshot present() {
    return requireNonNull(present, "no generation serves yet");
  }

  /** What a listener's exchanges begin on, read anew for each. */
  public Supplier<Site> sites(String listener) {
    return () -> present().site(listener);
  }

  /** From now on exchanges begin on {@code next}; those that run go on there if they can. */
  public void serve(GatewaySnapshot next) {
    GatewaySnapshot before = present;
    present = next;
    Rotation.turn(before, next);
    if (before != null) {
      replaced.add(new Replaced(before, ticker.nanos()));
      Predicate<RouteHandle> serves = next.serves();
      loops.forEach(loop -> loop.execute(() -> traffic.handOver(loop.index(), next::site, serves)));
    }
  }

  /**
   * Ends exchanges whose time is over, and closes replaced generations on which nothing runs any
   * more; called now and then. Waits for the loops to answer, briefly.
   */
  public void closeFinishedBlocking() throws InterruptedException {
    if (replaced.isEmpty()) {
      return;
    }
    endOutlived();
    if (!passedThroughAllLoopsBlocking()) {
      return;
    }
    replaced.removeIf(old -> {
      GatewaySnapshot snapshot = old.snapshot();
      boolean isFinished = snapshot.inFlight().sum() == 0;
      if (isFinished) {
        LOG.debug("generation {} has ended", snapshot.generation());
        snapshot.close();
      }
      return isFinished;
    });
  }

  private void endOutlived() {
    long now = ticker.nanos();
    long graceNanos = present().configuration().gateway().value().reload().streamGrace().toNanos();
    for (Replaced old : replaced) {
      if (now - old.sinceNanos() >= graceNanos && old.snapshot().inFlight().sum() != 0) {
        long generation = old.snapshot().generation();
        loops.forEach(loop -> loop.execute(() -> traffic.endThrough(loop.index(), generation)));
      }
    }
  }

  private boolean passedThroughAllLoopsBlocking() throws InterruptedException {
    CountDownLatch passed = new CountDownLatch(loopCount);
    loops.forEach(loop -> loop.execute(passed::countDown));
    return passed.await(BARRIER_SECONDS, TimeUnit.SECONDS);
  }

  /** Closes all; when no exchange is left. */
  @Override
  public void close() {
    replaced.forEach(old -> old.snapshot().close());
    replaced.clear();
    GatewaySnapshot last = present;
    if (last != null) {
      last.close();
    }
  }
}
