package tollgate.core.upstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConsistentHashTest {
  private static final int KEYS = 20_000;

  @Test
  void aKeyGoesToTheSameTargetOnEveryLoopAndInEveryGeneration() {
    Upstream one = upstream(weights(5));
    Upstream other = upstream(weights(5));
    for (int key = 0; key < 500; key++) {
      assertThat(one.pick(0, hash(key), null)).isEqualTo(other.pick(3, hash(key), null));
    }
  }

  @Test
  void removingOneOfManyMovesItsShareAlone() {
    Random random = new Random(7);
    for (int round = 0; round < 10; round++) {
      int count = 3 + random.nextInt(10);
      int removed = random.nextInt(count);
      Upstream before = upstream(weights(count));
      List<Target> left = new ArrayList<>();
      for (Target target : before.targets()) {
        if (target.index() != removed) {
          left.add(Target.of(left.size(), "http", target.host(), 8080, 1));
        }
      }
      Upstream after = upstream(left);
      int moved = 0;
      for (int key = 0; key < KEYS; key++) {
        Target was = picked(before, key);
        Target is = picked(after, key);
        if (was.index() == removed) {
          moved++;
        } else {
          assertThat(is.host()).isEqualTo(was.host());
        }
      }
      assertThat(moved / (double) KEYS).isBetween(0.7 / count, 1.3 / count);
    }
  }

  @Test
  void aTargetThatIsOutMovesItsShareAloneAndGetsItBack() {
    Upstream upstream = upstream(weights(6));
    List<Target> before = new ArrayList<>();
    for (int key = 0; key < KEYS; key++) {
      before.add(picked(upstream, key));
    }
    Target bad = upstream.targets().get(2);
    upstream.probed(bad, false);
    int[] heirs = new int[6];
    for (int key = 0; key < KEYS; key++) {
      Target now = picked(upstream, key);
      if (before.get(key).equals(bad)) {
        heirs[now.index()]++;
      } else {
        assertThat(now).isEqualTo(before.get(key));
      }
    }
    assertThat(heirs[2]).isZero();
    for (int index : new int[] {0, 1, 3, 4, 5}) {
      assertThat(heirs[index]).as("all others share what it had").isPositive();
    }
    upstream.probed(bad, true);
    for (int key = 0; key < KEYS; key++) {
      assertThat(picked(upstream, key)).isEqualTo(before.get(key));
    }
  }

  @Test
  void sharesFollowWeights() {
    Upstream upstream = upstream(targets(3, 1));
    int heavy = 0;
    for (int key = 0; key < KEYS; key++) {
      heavy += picked(upstream, key).index() == 0 ? 1 : 0;
    }
    assertThat(heavy / (double) KEYS).isBetween(0.68, 0.82);
  }

  @Test
  void requestsWithoutAKeyGoInTurn() {
    Upstream upstream = upstream(weights(4));
    int[] counts = new int[4];
    for (int i = 0; i < 40; i++) {
      counts[requireNonNull(upstream.pick(0, HashKey.NONE, null)).index()]++;
    }
    assertThat(counts).containsExactly(10, 10, 10, 10);
  }

  @Test
  void aRetryGoesToTheNextOnTheRing() {
    Upstream upstream = upstream(weights(3));
    for (int key = 0; key < 300; key++) {
      Target first = picked(upstream, key);
      assertThat(upstream.pick(0, hash(key), first)).isNotNull().isNotEqualTo(first);
    }
  }

  private static Target picked(Upstream upstream, int key) {
    return requireNonNull(upstream.pick(0, hash(key), null));
  }

  private static long hash(int key) {
    String text = "customer-" + key;
    return Hash64.of(text, 0, text.length());
  }

  private static List<Target> weights(int count) {
    int[] weights = new int[count];
    java.util.Arrays.fill(weights, 1);
    return targets(weights);
  }

  private static List<Target> targets(int... weights) {
    List<Target> targets = new ArrayList<>();
    for (int weight : weights) {
      targets.add(Target.of(targets.size(), "http", "host" + targets.size(), 8080, weight));
    }
    return targets;
  }

  private static Upstream upstream(List<Target> targets) {
    UpstreamRules rules =
        new UpstreamRules(
            Balance.CONSISTENT_HASH,
            HashKey.Path.PATH,
            PassiveHealth.OFF,
            new ActiveHealth(1, 1),
            RetryRule.DEFAULTS,
            0);
    return new Upstream("u", targets, rules, 4, new WrappingTicker());
  }
}
