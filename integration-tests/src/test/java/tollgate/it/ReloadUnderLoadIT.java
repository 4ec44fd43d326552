package tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tollgate.it.harness.Load;
import tollgate.it.harness.Patience;
import tollgate.it.harness.Run;

/**
 * D10 under load: every answer is from one configuration as a whole, however quickly and by
 * whatever means it changes, and none fails.
 */
final class ReloadUnderLoadIT {
  private static final int CALLERS = 5;

  /** The long form makes a million of them. */
  private static final int CALLS_PER_RELOAD = Run.isLong() ? 1000 : 20;

  /** Well below what a small machine can do, so that it is the reloads that show. */
  private static final int CALLS_PER_SECOND = 1000;

  private static final Duration NEVER = Duration.ofHours(1);

  @Test
  void everyAnswerIsOfOneConfiguration() throws IOException, InterruptedException {
    int reloads = (int) Run.of("reloads under load", 16, 1000).cases();
    try (ReloadScene scene = ReloadScene.start()) {
      Load kept = Load.start(CALLERS, scene::caller);
      Load handshakes = Load.start(1, scene::shakingHands);
      Load removed = Load.start(2, scene::onARouteThatComesAndGoes);
      for (int i = 1; i <= reloads && isFine(kept, handshakes, removed); i++) {
        scene.change(i);
        long calls = (long) i * CALLS_PER_RELOAD;
        Patience.await()
            .pollInterval(Duration.ofMillis(2))
            .until(() -> kept.calls() >= calls || !isFine(kept, handshakes, removed));
      }
      scene.finish();
      System.out.println("kept connections: " + kept.stop());
      System.out.println("a handshake each: " + handshakes.stop());
      System.out.println("on a route that comes and goes: " + removed.stop());
      System.out.println(scene);
      assertThat(kept.failures()).isEmpty();
      assertThat(handshakes.failures()).isEmpty();
      assertThat(removed.failures()).isEmpty();
      scene.assertChanged(reloads);
    }
  }

  /**
   * For people: how long calls take while nothing changes, while there is a reload for every
   * thousand of them, and while there are as many as there can be.
   */
  @Test
  @EnabledIfSystemProperty(named = "long", matches = "true", disabledReason = "a measurement")
  void takesNoLongerWhileItReloads() throws IOException, InterruptedException {
    Duration phase = Duration.ofSeconds(Long.getLong("phase", 20));
    try (ReloadScene scene = ReloadScene.startToMeasure()) {
      measure("to warm up", scene, phase, Duration.ofMillis(100));
      for (int round = 0; round < 2; round++) {
        measure("without reloads", scene, phase, NEVER);
        measure("one a second", scene, phase, Duration.ofSeconds(1));
      }
      measure("ten a second", scene, phase, Duration.ofMillis(100));
    }
  }

  private static void measure(String what, ReloadScene scene, Duration phase, Duration between)
      throws IOException, InterruptedException {
    Load load = Load.paced(CALLERS, CALLS_PER_SECOND, scene::caller);
    long end = System.nanoTime() + phase.toNanos();
    int count = 0;
    for (long next = System.nanoTime(); System.nanoTime() < end; ) {
      if (!between.equals(NEVER)) {
        scene.swap();
        scene.reloadByControl();
        count++;
      }
      next += between.toNanos();
      long due = Math.min(end, next);
      Patience.await().atMost(phase.multipliedBy(2)).until(() -> System.nanoTime() >= due);
    }
    System.out.println(what + ", " + count + " reloads: " + load.stop());
    assertThat(load.failures()).isEmpty();
  }

  private static boolean isFine(Load... loads) {
    for (Load load : loads) {
      if (!load.failures().isEmpty()) {
        return false;
      }
    }
    return true;
  }
}
