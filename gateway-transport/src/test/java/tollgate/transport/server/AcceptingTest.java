package tollgate.transport.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Two that pause one socket. */
final class AcceptingTest {
  private final Accepting accepting = new Accepting("http");
  private final Acceptor acceptor = new Acceptor();
  private final EmbeddedChannel channel = new EmbeddedChannel(accepting, acceptor);

  AcceptingTest() {
    channel.freezeTime();
  }

  @Test
  void pausesForAsLongAsItIsTold() {
    pause(true);
    assertThat(isAccepting()).isFalse();
    passed(3600);
    assertThat(isAccepting()).isFalse();
    pause(false);
    assertThat(isAccepting()).isTrue();
  }

  @Test
  void restsForASecondAfterAFailure() {
    channel.pipeline().fireExceptionCaught(new IOException("Too many open files"));
    assertThat(isAccepting()).isFalse();
    passed(1);
    assertThat(isAccepting()).isTrue();
  }

  @Test
  void staysPausedWhenTheSecondIsOver() {
    channel.pipeline().fireExceptionCaught(new IOException("Too many open files"));
    pause(true);
    passed(1);
    assertThat(isAccepting()).isFalse();
    pause(false);
    assertThat(isAccepting()).isTrue();
  }

  @Test
  void restsOnWhenThePauseIsOver() {
    pause(true);
    channel.pipeline().fireExceptionCaught(new IOException("Too many open files"));
    pause(false);
    assertThat(isAccepting()).isFalse();
    passed(1);
    assertThat(isAccepting()).isTrue();
  }

  @Test
  void keepsFailuresFromTheAcceptor() {
    channel.pipeline().fireExceptionCaught(new IOException("Too many open files"));
    assertThat(acceptor.hasHeard).isFalse();
  }

  @Test
  void restsAgainAfterAnotherFailure() {
    for (int i = 0; i < 3; i++) {
      channel.pipeline().fireExceptionCaught(new IOException("Too many open files"));
      channel.pipeline().fireExceptionCaught(new IOException("Too many open files"));
      assertThat(isAccepting()).isFalse();
      passed(1);
      assertThat(isAccepting()).isTrue();
    }
  }

  private void pause(boolean isWanted) {
    accepting.pause(isWanted);
    channel.runPendingTasks();
  }

  private void passed(int seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }

  private boolean isAccepting() {
    return channel.config().isAutoRead();
  }

  private static final class Acceptor extends ChannelInboundHandlerAdapter {
    boolean hasHeard;

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      hasHeard = true;
    }
  }
}
