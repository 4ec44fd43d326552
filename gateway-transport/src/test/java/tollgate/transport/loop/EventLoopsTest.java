package tollgate.transport.loop;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tollgate.core.time.Alarm;
import tollgate.core.time.Ticker;

/** Event loops and their alarms. */
final class EventLoopsTest {
  @AfterEach
  void clear() {
    System.clearProperty(SocketKind.PROPERTY);
  }

  @ParameterizedTest
  @EnumSource
  void runsOnEitherKindOfSockets(SocketKind kind) throws Exception {
    System.setProperty(SocketKind.PROPERTY, kind.name().toLowerCase(java.util.Locale.ROOT));
    EventLoops loops = EventLoops.create(3, Ticker.SYSTEM);
    assertThat(loops.sockets()).isEqualTo(kind);
    for (int i = 0; i < loops.count(); i++) {
      NettyLoop loop = loops.loop(i);
      assertThat(loop.index()).isEqualTo(i);
      assertThat(loop.inEventLoop()).isFalse();
      var seen = new CompletableFuture<String>();
      loop.execute(() -> seen.complete(loop.inEventLoop() + Thread.currentThread().getName()));
      assertThat(seen.get(30, SECONDS)).isEqualTo("truetollgate-loop-" + i);
    }
    loops.close();
    loops.closed().toCompletableFuture().get(30, SECONDS);
  }

  @Test
  void refusesAnUnknownKindOfSockets() {
    System.setProperty(SocketKind.PROPERTY, "io_uring");
    assertThatThrownBy(SocketKind::choose)
        .hasMessage("tollgate.transport: io_uring (expected: epoll or nio)");
  }

  @Test
  void alarmsGoOffAndTheLoopSleepsWithoutThem() throws Exception {
    EventLoops loops = EventLoops.create(1, Ticker.SYSTEM);
    NettyLoop loop = loops.loop(0);
    for (int round = 0; round < 3; round++) {
      var rang = new CountDownLatch(2);
      var first = new Ringing(rang);
      var second = new Ringing(rang);
      var cleared = new Ringing(new CountDownLatch(1));
      loop.execute(() -> {
        loop.set(first, 0);
        loop.set(second, MILLISECONDS.toNanos(50));
        loop.set(cleared, MILLISECONDS.toNanos(30));
        loop.clear(cleared);
      });
      assertThat(rang.await(30, SECONDS)).isTrue();
      assertThat(cleared.rang.getCount()).isEqualTo(1);
      // With no alarm left nothing is scheduled: the loop has no next task.
      await().until(() -> !loop.isTicking());
    }
    assertThat(loop.lagNanos()).isNotNegative();
    assertThat(loop.pendingTasks()).isNotNegative();
    loops.close();
  }

  private static final class Ringing extends Alarm {
    private final CountDownLatch rang;

    Ringing(CountDownLatch rang) {
      this.rang = rang;
    }

    @Override
    protected void onAlarm() {
      rang.countDown();
    }
  }
}
