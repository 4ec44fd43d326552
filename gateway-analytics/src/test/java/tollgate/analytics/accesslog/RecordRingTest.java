package tollgate.analytics.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tollgate.analytics.telemetry.Recorded;
import tollgate.core.telemetry.ExchangeRecord;

final class RecordRingTest {
  @Test
  void refusesAndCountsWhenFull() {
    RecordRing ring = new RecordRing(4);
    ExchangeRecord record = Recorded.exchange().build();
    for (int i = 0; i < 4; i++) {
      assertThat(ring.offer(record)).isTrue();
    }

    assertThat(ring.offer(record)).isFalse();
    assertThat(ring.dropped()).isOne();
    assertThat(ring.poll()).isSameAs(record);
    assertThat(ring.offer(record)).isTrue();
  }

  @Test
  void handsOverEveryRecordInOrderBetweenTwoThreads() throws InterruptedException {
    RecordRing ring = new RecordRing(64);
    ExchangeRecord[] records = new ExchangeRecord[64];
    for (int i = 0; i < records.length; i++) {
      records[i] = Recorded.exchange().requestId(Integer.toString(i)).build();
    }
    int total = 300_000;
    Thread producer =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < total; i++) {
                while (!ring.offer(records[i & 63])) {
                  Thread.onSpinWait();
                }
              }
            });

    int wrong = 0;
    for (int i = 0; i < total; i++) {
      ExchangeRecord record = ring.poll();
      while (record == null) {
        Thread.onSpinWait();
        record = ring.poll();
      }
      wrong += record.requestId().equals(records[i & 63].requestId()) ? 0 : 1;
    }
    producer.join();
    assertThat(wrong).isZero();
    assertThat(ring.isEmpty()).isTrue();
  }

  @Test
  void everyRecordIsEitherTakenOrCountedAsDropped() throws InterruptedException {
    RecordRing ring = new RecordRing(8);
    ExchangeRecord record = Recorded.exchange().build();
    int total = 200_000;
    Thread producer =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < total; i++) {
                ring.offer(record);
              }
            });

    long taken = 0;
    while (producer.isAlive() || !ring.isEmpty()) {
      taken += ring.poll() == null ? 0 : 1;
    }
    assertThat(taken + ring.dropped()).isEqualTo(total);
  }
}
