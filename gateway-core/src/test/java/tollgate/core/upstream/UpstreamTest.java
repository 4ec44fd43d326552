package tollgate.core.upstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UpstreamTest {
  private static final long EJECT = 1000;
  private final WrappingTicker ticker = new WrappingTicker();

  @Test
  void sharesFollowWeightsExactlyOverEveryCycle() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      int[] weights = new int[1 + random.nextInt(6)];
      int sum = 0;
      for (int i = 0; i < weights.length; i++) {
        weights[i] = 1 + random.nextInt(20);
        sum += weights[i];
      }
      Upstream upstream = upstream(Balance.ROUND_ROBIN, 50, weights);
      int loop = random.nextInt(4);
      for (int i = random.nextInt(50); i > 0; i--) {
        upstream.pick(loop, null);
      }
      assertThat(counts(upstream, loop, sum)).as("round %s", round).containsExactly(weights);
    }
  }

  @Test
  void spreadsTheTurnsOfAHeavyTarget() {
    Upstream upstream = upstream(Balance.ROUND_ROBIN, 50, 5, 1, 1);
    int inARow = 0;
    for (int i = 0; i < 70; i++) {
      inARow = picked(upstream, 0, null).index() == 0 ? inARow + 1 : 0;
      assertThat(inARow).isLessThanOrEqualTo(4);
    }
  }

  @Test
  void loopsBeginAtDifferentTargets() {
    Upstream upstream = upstream(Balance.ROUND_ROBIN, 50, 1, 1, 1, 1);
    List<Integer> first = new ArrayList<>();
    for (int loop = 0; loop < 4; loop++) {
      first.add(picked(upstream, loop, null).index());
    }
    assertThat(first).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @Test
  void avoidsTheTargetOfTheAttemptBeforeIfThereIsAnother() {
    for (Balance balance : Balance.values()) {
      Upstream two = upstream(balance, 50, 1, 9);
      for (int i = 0; i < 20; i++) {
        assertThat(two.pick(0, two.targets().get(1))).isEqualTo(two.targets().get(0));
      }
      Upstream one = upstream(balance, 50, 1);
      assertThat(one.pick(0, one.targets().get(0))).isEqualTo(one.targets().get(0));
      eject(two, 0);
      assertThat(two.pick(0, two.targets().get(1))).isEqualTo(two.targets().get(1));
    }
  }

  @Test
  void takesTheTargetWithTheFewestRequestsByWeight() {
    Upstream upstream = upstream(Balance.LEAST_REQUEST, 50, 3, 1);
    for (int i = 0; i < 400; i++) {
      upstream.started(picked(upstream, i % 4, null));
    }
    assertThat(upstream.inFlight(upstream.targets().get(0))).isEqualTo(300);
    assertThat(upstream.inFlight(upstream.targets().get(1))).isEqualTo(100);
    for (int i = 0; i < 100; i++) {
      upstream.ended(upstream.targets().get(1));
    }
    for (int i = 0; i < 100; i++) {
      Target target = picked(upstream, 0, null);
      assertThat(target.index()).isEqualTo(1);
      upstream.started(target);
    }
  }

  @Test
  void leastRequestGoesRoundWhileAllAreIdle() {
    Upstream upstream = upstream(Balance.LEAST_REQUEST, 50, 3, 1);
    assertThat(counts(upstream, 0, 40)).containsExactly(30, 10);
  }

  @Test
  void ejectsAfterConsecutiveFailuresForItsTime() {
    Upstream upstream = upstream(Balance.ROUND_ROBIN, 50, 1, 1);
    Target bad = upstream.targets().get(0);
    upstream.failed(bad);
    upstream.failed(bad);
    assertThat(upstream.isOut(bad)).isFalse();
    upstream.failed(bad);
    assertThat(upstream.isOut(bad)).isTrue();
    assertThat(upstream.ejections()).isEqualTo(1);
    assertThat(counts(upstream, 0, 10)).containsExactly(0, 10);
    ticker.pass(EJECT - 1);
    assertThat(counts(upstream, 0, 10)).containsExactly(0, 10);
    ticker.pass(2);
    assertThat(upstream.isOut(bad)).isFalse();
    assertThat(counts(upstream, 0, 10)).containsExactly(5, 5);
  }

  @Test
  void targetThatIsBackNeedsAllFailuresAgain() {
    Upstream upstream = upstream(Balance.ROUND_ROBIN, 50, 1, 1);
    eject(upstream, 0);
    upstream.failed(upstream.targets().get(0));
    ticker.pass(EJECT + 2);
    upstream.failed(upstream.targets().get(0));
    upstream.failed(upstream.targets().get(0));
    assertThat(upstream.isOut(upstream.targets().get(0))).isFalse();
    upstream.failed(upstream.targets().get(0));
    assertThat(upstream.isOut(upstream.targets().get(0))).isTrue();
    assertThat(upstream.ejections()).isEqualTo(2);
  }

  @Test
  void successEndsARowOfFailures() {
    Upstream upstream = upstream(Balance.ROUND_ROBIN, 50, 1, 1);
    Target target = upstream.targets().get(0);
    for (int i = 0; i < 10; i++) {
      upstream.failed(target);
      upstream.failed(target);
      upstream.succeeded(target);
    }
    assertThat(upstream.isOut(target)).isFalse();
  }

  @Test
  void neverEjectsALoneTarget() {
    Upstream upstream = upstream(Balance.ROUND_ROBIN, 100, 1);
    eject(upstream, 0);
    assertThat(upstream.isOut(upstream.targets().get(0))).isFalse();
    assertThat(upstream.pick(0, null)).isNotNull();
  }

  @Test
  void ejectsNoMoreThanTheShareRoundedDown() {
    Upstream upstream = upstream(Balance.ROUND_ROBIN, 50, 1, 1, 1);
    eject(upstream, 0);
    eject(upstream, 1);
    assertThat(upstream.isOut(upstream.targets().get(0))).isTrue();
    assertThat(upstream.isOut(upstream.targets().get(1))).isFalse();
    assertThat(counts(upstream, 0, 10)).containsExactly(0, 5, 5);
    ticker.pass(EJECT + 2);
    upstream.failed(upstream.targets().get(1));
    assertThat(upstream.isOut(upstream.targets().get(1))).isTrue();
    assertThat(counts(upstream, 0, 10)).containsExactly(5, 0, 5);
  }

  @Test
  void givesNoTargetWhereAllMayBeEjectedAndAre() {
    for (Balance balance : Balance.values()) {
      Upstream upstream = upstream(balance, 100, 1, 1);
      eject(upstream, 0);
      eject(upstream, 1);
      assertThat(upstream.pick(0, null)).isNull();
      assertThat(upstream.pick(0, upstream.targets().get(0))).isNull();
    }
  }

  @Test
  void failuresWithoutPassiveHealthEjectNothing() {
    Upstream upstream =
        new Upstream(
            "u",
            targets(1, 1),
            UpstreamRules.of(Balance.ROUND_ROBIN, PassiveHealth.OFF),
            1,
            ticker);
    eject(upstream, 0);
    assertThat(upstream.isOut(upstream.targets().get(0))).isFalse();
  }

  @Test
  void neverEjectsMoreThanTheShareUnderConcurrency() throws InterruptedException {
    AtomicInteger clock = new AtomicInteger();
    Upstream upstream =
        new Upstream(
            "u",
            targets(1, 1, 1, 1, 1),
            UpstreamRules.of(Balance.LEAST_REQUEST, new PassiveHealth(2, 50, 50)),
            4,
            clock::get);
    AtomicBoolean isTooMany = new AtomicBoolean();
    AtomicBoolean isNone = new AtomicBoolean();
    CountDownLatch done = new CountDownLatch(4);
    for (int i = 0; i < 4; i++) {
      int loop = i;
      Thread.ofPlatform().start(() -> hammer(upstream, loop, clock, isTooMany, isNone, done));
    }
    done.await();
    assertThat(isTooMany).isFalse();
    assertThat(isNone).isFalse();
    assertThat(upstream.ejections()).isPositive();
    clock.addAndGet(1000);
    for (Target target : upstream.targets()) {
      assertThat(upstream.isOut(target)).isFalse();
      assertThat(upstream.inFlight(target)).isZero();
    }
    // The places of all that were ejected are free again.
    eject(upstream, 0);
    eject(upstream, 1);
    eject(upstream, 2);
    assertThat(upstream.isOut(upstream.targets().get(0))).isTrue();
    assertThat(upstream.isOut(upstream.targets().get(1))).isTrue();
    assertThat(upstream.isOut(upstream.targets().get(2))).isFalse();
  }

  private static void hammer(
      Upstream upstream,
      int loop,
      AtomicInteger clock,
      AtomicBoolean isTooMany,
      AtomicBoolean isNone,
      CountDownLatch done) {
    for (int i = 0; i < 50_000; i++) {
      Target target = upstream.pick(loop, null);
      if (target == null) {
        isNone.set(true);
        break;
      }
      upstream.started(target);
      if (ThreadLocalRandom.current().nextInt(3) == 0) {
        upstream.succeeded(target);
      } else {
        upstream.failed(target);
      }
      upstream.ended(target);
      clock.incrementAndGet();
      if (upstream.outCount() > 2) {
        isTooMany.set(true);
      }
    }
    done.countDown();
  }

  private static int[] counts(Upstream upstream, int loop, int picks) {
    int[] counts = new int[upstream.targets().size()];
    for (int i = 0; i < picks; i++) {
      counts[picked(upstream, loop, null).index()]++;
    }
    return counts;
  }

  private static void eject(Upstream upstream, int index) {
    for (int i = 0; i < 3; i++) {
      upstream.failed(upstream.targets().get(index));
    }
  }

  private static Target picked(Upstream upstream, int loop, @Nullable Target avoid) {
    return requireNonNull(upstream.pick(loop, avoid));
  }

  private Upstream upstream(Balance balance, int maxEjected, int... weights) {
    HashKey hash = balance == Balance.CONSISTENT_HASH ? HashKey.Path.PATH : null;
    PassiveHealth passive = new PassiveHealth(3, EJECT, maxEjected);
    return new Upstream(
        "u",
        targets(weights),
        new UpstreamRules(balance, hash, passive, null, RetryRule.DEFAULTS, 0),
        4,
        ticker);
  }

  private static List<Target> targets(int... weights) {
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      targets.add(Target.of(i, "http", "host" + i, 8080, weights[i]));
    }
    return targets;
  }
}
