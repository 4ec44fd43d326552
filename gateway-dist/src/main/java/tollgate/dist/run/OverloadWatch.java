package tollgate.dist.run;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.config.model.OverloadConfig;
import tollgate.core.chain.Traffic;
import tollgate.core.overload.ConcurrencyLimit;
import tollgate.core.overload.OverloadJudge;
import tollgate.core.overload.OverloadState;
import tollgate.core.overload.Resource;
import tollgate.core.overload.Sustained;
import tollgate.core.port.Loop;

/**
 * Measures ten times a second how much there is to do, and lets as much begin as can be ended. A
 * thread of its own, so that no event loop has to be well for it. What it tells the metrics may be
 * read by any thread.
 */
final class OverloadWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OverloadWatch.class);
  private static final long SAMPLE_MILLIS = 100;
  private static final int SAMPLES_PER_CLOSING = 10;

  /** So many samples without a collection, and one is asked for. */
  private static final int SAMPLES_PER_COLLECTION = 100;

  /** Half a second: a lag that is shorter is a collection or a burst. */
  private static final int SAMPLES_OF_LAG = 5;

  /** How much longer than where shedding begins the loops may lag before nothing is begun. */
  private static final double CRITICAL_LAG = 8;

  /** See {@link ConcurrencyLimit}. */
  private static final int LEAST_PER_LOOP = 16;

  private final Traffic traffic;
  private final List<? extends Loop> loops;
  private final Listeners listeners;
  private final Supplier<Map<Resource, Double>> measured;
  private final ProcessResources resources = new ProcessResources();
  private final OverloadJudge judge;
  private final ConcurrencyLimit limit;
  private final int most;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("tollgate-overload").factory());

  private volatile OverloadState state = OverloadState.NORMAL;
  private volatile Map<Resource, Double> pressures = Map.of();
  private int pressedSamples;
  private int uncollectedSamples;
  private long collections;
  private int setLimit;

  private OverloadWatch(
      OverloadConfig config, Traffic traffic, List<? extends Loop> loops, Listeners listeners) {
    this.traffic = traffic;
    this.loops = loops;
    this.listeners = listeners;
    LoopDelay delay = new LoopDelay(loops);
    Sustained lag = new Sustained(SAMPLES_OF_LAG);
    this.measured = () -> measure(config, lag.add((double) delay.askNanos()));
    Map<Resource, Double> critical = new EnumMap<>(Resource.class);
    critical.put(Resource.HEAP, halfway(config.heap().value()));
    critical.put(Resource.DIRECT_MEMORY, halfway(config.directMemory().value()));
    critical.put(Resource.FILE_DESCRIPTORS, halfway(config.fileDescriptors().value()));
    critical.put(Resource.LOOP_LAG, CRITICAL_LAG);
    this.judge = new OverloadJudge(critical);
    this.most = config.maxInFlight();
    this.limit = new ConcurrencyLimit(most, LEAST_PER_LOOP * loops.size());
  }

  /** Begins, or does nothing where the configuration has it off. */
  static OverloadWatch start(
      OverloadConfig config, Traffic traffic, List<? extends Loop> loops, Listeners listeners) {
    OverloadWatch watch = new OverloadWatch(config, traffic, loops, listeners);
    if (config.enabled()) {
      watch.limitTo(watch.most);
      var _ =
          watch.clock.scheduleAtFixedRate(
              watch::sampleSafely, SAMPLE_MILLIS, SAMPLE_MILLIS, MILLISECONDS);
    }
    return watch;
  }

  OverloadState state() {
    return state;
  }

  /** By resource; 1 is where shedding begins. Empty before the first sample and where it is off. */
  Map<Resource, Double> pressures() {
    return pressures;
  }

  private void sampleSafely() {
    try {
      sample();
    } catch (RuntimeException e) {
      LOG.error("overload could not be measured; the limits stay", e);
    }
  }

  private void sample() {
    Map<Resource, Double> now = measured.get();
    OverloadState before = state;
    OverloadState next = judge.judge(now);
    boolean isPressed = now.values().stream().anyMatch(pressure -> pressure >= 1);
    pressures = now;
    state = next;
    int running = 0;
    for (Loop loop : loops) {
      running += traffic.running(loop.index());
    }
    limitTo(limit.update(next, isPressed, running));
    if (next != before) {
      tell(before, next, now);
      listeners.pauseAccepting(next == OverloadState.CRITICAL);
    }
    relieve(next, now);
  }

  /** Frees what idle clients and garbage hold while it is scarce. */
  private void relieve(OverloadState next, Map<Resource, Double> now) {
    boolean isHeld =
        next != OverloadState.NORMAL
            && now.entrySet().stream()
                .anyMatch(entry -> entry.getValue() >= 1 && entry.getKey().isHeldByConnections());
    pressedSamples = isHeld ? pressedSamples + 1 : 0;
    if (isHeld && pressedSamples % SAMPLES_PER_CLOSING == 1) {
      listeners.closeIdle();
    }
    long collected = resources.collections();
    boolean isStale = collected == collections && now.getOrDefault(Resource.HEAP, 0.0) >= 1;
    collections = collected;
    uncollectedSamples = isStale ? uncollectedSamples + 1 : 0;
    if (uncollectedSamples >= SAMPLES_PER_COLLECTION) {
      // What the last collection left is all that is known, and while little is begun there may be
      // no next one for a long time.
      uncollectedSamples = 0;
      System.gc();
    }
  }

  private void limitTo(int now) {
    if (now == setLimit && now == most) {
      return;
    }
    setLimit = now;
    int share = now == 0 ? 0 : Math.max(1, now / loops.size());
    for (Loop loop : loops) {
      loop.execute(() -> traffic.limit(loop.index(), share));
    }
  }

  private static void tell(
      OverloadState before, OverloadState next, Map<Resource, Double> pressures) {
    String why =
        pressures.entrySet().stream()
            .map(entry -> "%s %.2f".formatted(entry.getKey().word(), entry.getValue()))
            .reduce((one, other) -> one + ", " + other)
            .orElse("");
    if (next.compareTo(before) > 0) {
      LOG.warn("overload: {} (pressures: {})", next, why);
    } else {
      LOG.info("overload: {} (pressures: {})", next, why);
    }
  }

  private Map<Resource, Double> measure(OverloadConfig config, double lagNanos) {
    Map<Resource, Double> now = new EnumMap<>(Resource.class);
    now.put(
        Resource.HEAP, resources.heapAfterCollection() * 100 / atLeastOne(config.heap().value()));
    now.put(
        Resource.DIRECT_MEMORY,
        resources.directMemory() * 100 / atLeastOne(config.directMemory().value()));
    now.put(
        Resource.FILE_DESCRIPTORS,
        resources.fileDescriptors() * 100 / atLeastOne(config.fileDescriptors().value()));
    now.put(Resource.LOOP_LAG, lagNanos / config.loopLag().toNanos());
    return now;
  }

  private static int atLeastOne(int percent) {
    return Math.max(1, percent);
  }

  /** The pressure in the middle between the threshold and all there is. */
  private static double halfway(int percent) {
    return Math.max(1.01, (100.0 + atLeastOne(percent)) / 2 / atLeastOne(percent));
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
