package tollgate.transport.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Permits under contention. */
final class PermitsTest {
  @Test
  void neverHandsOutMoreThanThereAre() throws Exception {
    int count = 3;
    var permits = new Permits(count, 4);
    var taken = new AtomicInteger();
    var most = new AtomicInteger();
    var done = new CountDownLatch(4);
    for (int thread = 0; thread < 4; thread++) {
      Thread.ofPlatform()
          .start(() -> {
            for (int i = 0; i < 20_000; i++) {
              if (permits.tryAcquire()) {
                most.accumulateAndGet(taken.incrementAndGet(), Math::max);
                taken.decrementAndGet();
                permits.release();
              }
            }
            done.countDown();
          });
    }
    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(most.get()).isBetween(1, count);
    for (int i = 0; i < count; i++) {
      assertThat(permits.tryAcquire()).isTrue();
    }
    assertThat(permits.tryAcquire()).isFalse();
  }

  @Test
  void knowsWhoHasWaitedLongest() {
    var permits = new Permits(1, 3);
    assertThat(permits.longestWaiting()).isEqualTo(-1);
    permits.waitSince(1, 50);
    permits.waitSince(2, 40);
    assertThat(permits.longestWaiting()).isEqualTo(2);
    assertThat(permits.isOlderElsewhere(1, 50)).isTrue();
    assertThat(permits.isOlderElsewhere(2, 40)).isFalse();
    permits.waitNoMore(2);
    assertThat(permits.longestWaiting()).isEqualTo(1);
    permits.waitNoMore(1);
    permits.waitNoMore(1);
    assertThat(permits.isAnyWaiting()).isFalse();
  }

  @Test
  void comparesInstantsAcrossTheOverflowOfTheClock() {
    var permits = new Permits(1, 2);
    permits.waitSince(0, Long.MAX_VALUE - 5);
    permits.waitSince(1, Long.MIN_VALUE + 5);
    assertThat(permits.longestWaiting()).isEqualTo(0);
  }
}
