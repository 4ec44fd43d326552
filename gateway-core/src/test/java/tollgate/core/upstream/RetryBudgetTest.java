package tollgate.core.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  @Test
  void neverAllowsMoreThanItsShareAndTheReserveInAnyStretch() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      int percent = 1 + random.nextInt(100);
      RetryBudget budget = new RetryBudget(percent, 2);
      long worst = 0;
      long excess = 0;
      for (int i = 0; i < 20_000; i++) {
        if (random.nextInt(3) > 0) {
          budget.requested(1);
          excess = Math.max(0, excess - percent);
        } else if (budget.tryTake(1)) {
          excess += 100;
        }
        worst = Math.max(worst, excess);
      }
      assertThat(worst).as("seed %s", seed).isLessThanOrEqualTo(RetryBudget.RESERVE * 100L);
    }
  }

  @Test
  void countsWhatItForbids() {
    RetryBudget budget = new RetryBudget(20, 1);
    int allowed = 0;
    for (int i = 0; i < 100; i++) {
      allowed += budget.tryTake(0) ? 1 : 0;
    }
    assertThat(allowed).isEqualTo(RetryBudget.RESERVE);
    assertThat(budget.denied()).isEqualTo(100 - RetryBudget.RESERVE);
    for (int i = 0; i < 5; i++) {
      budget.requested(0);
    }
    assertThat(budget.tryTake(0)).isTrue();
    assertThat(budget.tryTake(0)).isFalse();
  }

  @Test
  void aShareOfNothingAllowsNothing() {
    RetryBudget budget = new RetryBudget(0, 1);
    budget.requested(0);
    assertThat(budget.tryTake(0)).isFalse();
  }
}
