package tollgate.analytics.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class CounterTableTest {
  @Test
  void findsWhatMapFinds() {
    Random random = new Random(7);
    CounterTable table = new CounterTable();
    Map<Long, CounterCell> oracle = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      long key = random.nextInt(4_000);
      assertThat(table.find(key)).isSameAs(oracle.get(key));
      if (i % 3 == 0) {
        CounterCell cell = new CounterCell();
        table.put(key, cell);
        oracle.put(key, cell);
      }
    }
  }
}
