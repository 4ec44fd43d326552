package tollgate.transport.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tollgate.core.port.NoPermitException;

/** Work off the event loops, and what happens when there is too much of it. */
final class OffloadThreadsTest {
  private final OffloadThreads offload = new OffloadThreads(2, 1);

  @AfterEach
  void stop() {
    offload.close();
  }

  @Test
  void blockingWorkRunsOnAVirtualThread() throws Exception {
    assertThat(done(offload.blocking("ldap", () -> Thread.currentThread().isVirtual()))).isTrue();
    assertThat(done(offload.compute(() -> Thread.currentThread().isVirtual()))).isFalse();
  }

  @Test
  void aFailureIsTheStagesOwn() {
    assertThatThrownBy(() ->
            done(
                offload.blocking(
                    "ldap",
                    () -> {
                      throw new IOException("down");
                    })))
        .hasRootCauseMessage("down");
  }

  @Test
  void oneDependencyThatHangsStarvesNoOther() throws Exception {
    var hanging = new CountDownLatch(1);
    var first = offload.blocking("ldap", () -> await(hanging));
    var second = offload.blocking("ldap", () -> await(hanging));
    assertThat(offload.blocking("ldap", () -> true).toCompletableFuture())
        .isCompletedExceptionally();
    assertThatThrownBy(() -> done(offload.blocking("ldap", () -> true)))
        .hasCauseInstanceOf(NoPermitException.class)
        .hasMessageContaining("no permit for ldap");
    assertThat(done(offload.blocking("jdbc", () -> true))).isTrue();
    hanging.countDown();
    done(first);
    done(second);
    assertThat(done(offload.blocking("ldap", () -> true))).isTrue();
  }

  @Test
  void computeQueuesOnlySoMuch() throws Exception {
    var hanging = new CountDownLatch(1);
    var stages = new ArrayList<CompletableFuture<Boolean>>();
    for (int i = 0; i < 200; i++) {
      stages.add(offload.compute(() -> await(hanging)).toCompletableFuture());
    }
    assertThat(stages.stream().filter(CompletableFuture::isCompletedExceptionally)).isNotEmpty();
    hanging.countDown();
    assertThat(done(stages.getFirst())).isTrue();
  }

  @Test
  void afterTheEndThereIsNoPermit() {
    offload.close();
    assertThatThrownBy(() -> done(offload.blocking("ldap", () -> true)))
        .hasCauseInstanceOf(NoPermitException.class);
    assertThatThrownBy(() -> done(offload.compute(() -> true)))
        .hasCauseInstanceOf(NoPermitException.class);
  }

  private static boolean await(CountDownLatch latch) throws InterruptedException {
    return latch.await(30, SECONDS);
  }

  private static <T> T done(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, SECONDS);
  }
}
