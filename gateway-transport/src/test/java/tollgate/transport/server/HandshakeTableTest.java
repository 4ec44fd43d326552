package tollgate.transport.server;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tollgate.transport.server.ConnectionLimits.HandshakeRate;

/** Buckets of clients in a table of one size. */
final class HandshakeTableTest {
  private static final long START = -1_234_567_890_123L; // nanoTime may be negative

  @Test
  void givesTheBurstThenTheRate() {
    HandshakeTable table = table(10, 1, 30);
    assertThat(taken(table, 7, START, 100)).isEqualTo(30);
    assertThat(taken(table, 7, START + MILLISECONDS.toNanos(99), 5)).isZero();
    assertThat(taken(table, 7, START + MILLISECONDS.toNanos(101), 5)).isEqualTo(1);
    assertThat(taken(table, 7, START + SECONDS.toNanos(2), 100)).isEqualTo(19);
    assertThat(taken(table, 7, START + SECONDS.toNanos(60), 100)).isEqualTo(30);
    assertThat(taken(table, 8, START, 100)).as("another client").isEqualTo(30);
  }

  @Test
  void givesAFullBucketAfterDaysOfSilence() {
    HandshakeTable table = table(10, 1, 30);
    for (int day = 0; day < 40; day++) {
      long now = START + Duration.ofDays(day).toNanos() + day * 12_345_678L;
      assertThat(taken(table, 7, now, 100)).as("day %s", day).isEqualTo(30);
    }
  }

  @Test
  void letsOneThroughForAnEmptyBucketOfOne() {
    HandshakeTable table = table(1, 60, 1);
    assertThat(taken(table, 7, START, 3)).isEqualTo(1);
    assertThat(taken(table, 7, START + SECONDS.toNanos(59), 3)).isZero();
    assertThat(taken(table, 7, START + SECONDS.toNanos(61), 3)).isEqualTo(1);
  }

  @Test
  void takesTheLargestAndSmallestNumbers() {
    for (HandshakeTable table :
        new HandshakeTable[] {
          HandshakeTable.create(new HandshakeRate(1, Duration.ofDays(1), 1_000_000)),
          HandshakeTable.create(new HandshakeRate(1_000_000, Duration.ofMillis(1), 1_000_000)),
          HandshakeTable.create(new HandshakeRate(1_000_000, Duration.ofDays(1), 1))
        }) {
      assertThat(table.take(7, START)).isTrue();
    }
  }

  /** Over every stretch of time: at most the burst and what the rate brings meanwhile. */
  @Test
  void neverGivesMoreThanTheBucketHolds() {
    Random random = new Random(20261125);
    HandshakeTable table = table(10, 1, 30);
    ArrayDeque<Long> given = new ArrayDeque<>();
    long now = START;
    for (int i = 0; i < 100_000; i++) {
      now += (long) (random.nextDouble() * random.nextDouble() * 200_000_000L);
      if (table.take(7, now)) {
        given.add(now);
        if (given.size() > 50) {
          given.removeFirst();
        }
        long stretch = now - given.getFirst();
        // A tick of 62.5 us each way.
        assertThat(given.size())
            .isLessThanOrEqualTo((int) (30 + (stretch + 125_000L) / 100_000_000L));
      }
    }
  }

  @Test
  void keepsAGreedyClientInCheckWhileAMillionOthersComeAndGo() {
    HandshakeTable table = table(10, 1, 30);
    Random random = new Random(20261125);
    long now = START;
    int greedy = 0;
    int refusedOthers = 0;
    for (int i = 0; i < 1_000_000; i++) {
      now += 20_000; // 50,000 new clients a second
      if (!table.take(0x2001_0db8_0000_0000L + i, now)) {
        refusedOthers++;
      }
      if (random.nextInt(20) == 0 && table.take(7, now)) {
        greedy++;
      }
    }
    assertThat(refusedOthers).as("clients who came once").isZero();
    // Twenty seconds: 30 and 200.
    assertThat(greedy).isBetween(225, 240);
  }

  @Test
  void neverGivesMuchMoreWhereManyLoopsAsk() throws Exception {
    HandshakeTable table = table(1, 3600, 100);
    AtomicInteger given = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    Thread[] threads = new Thread[4];
    for (int t = 0; t < threads.length; t++) {
      threads[t] =
          Thread.ofPlatform()
              .start(() -> {
                awaitBlocking(start);
                given.addAndGet(taken(table, 7, START, 1000));
              });
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(given.get()).isBetween(100, 100 + threads.length);
  }

  private static void awaitBlocking(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int taken(HandshakeTable table, long client, long now, int tries) {
    int taken = 0;
    for (int i = 0; i < tries; i++) {
      taken += table.take(client, now) ? 1 : 0;
    }
    return taken;
  }

  private static HandshakeTable table(int count, int seconds, int burst) {
    return HandshakeTable.create(new HandshakeRate(count, Duration.ofSeconds(seconds), burst));
  }
}
