package tollgate.transport.tls;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SniCompletionEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.transport.wire.HttpVersions;

/** B10: what a ClientHello may cost before it has come. */
final class ClientHelloTest {
  private static final int MAX_BYTES = 64 * 1024;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Ending ending = new Ending();
  private @Nullable TlsContexts contexts;

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void start() throws Exception {
    var files = TestCertificates.write(folder, "a", TestCertificates.create().forHosts("a.test"));
    TlsContexts created =
        switch (TlsContexts.create(
            new TlsSettings(List.of(files), false, false, null, HttpVersions.HTTP1))) {
          case TlsContexts.Created.Ready ready -> ready.contexts();
          case TlsContexts.Created.Refused refused ->
              throw new IllegalStateException(refused.problems().toString());
        };
    contexts = created;
    channel.freezeTime();
    channel.config().setAllocator(allocator);
    channel.pipeline().addLast(created.newHandler(Duration.ofSeconds(10)), ending);
  }

  @AfterEach
  void stop() {
    channel.finishAndReleaseAll();
    assertThat(used()).as("bytes that were not given back").isZero();
    if (contexts != null) {
      contexts.close();
    }
  }

  @Test
  void closesOneThatAnnouncesSixteenMegabytes() {
    receive("1603030040" + "01" + "ffffff" + "0303" + "11".repeat(58));
    assertThat(channel.isOpen() && ending.failure == null).isFalse();
    assertThat(used()).isLessThanOrEqualTo(MAX_BYTES);
  }

  @Test
  void holdsAtMost64KibibytesOfOneThatDribblesUntilTheTimeIsOver() {
    // In records of 1 KiB, 30 of the 31 KiB that it announces.
    receive("1603030400" + "01" + "007c00" + "0303" + "11".repeat(1018));
    for (int i = 0; i < 29; i++) {
      receive("1603030400" + "11".repeat(1024));
      assertThat(used()).as("after %s KiB", i + 2).isLessThanOrEqualTo(MAX_BYTES);
    }
    assertThat(channel.isOpen()).isTrue();
    assertThat(ending.failure).isNull();
    channel.advanceTimeBy(11, SECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen() && ending.failure == null).as("after the time").isFalse();
  }

  private void receive(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    ByteBuf read = allocator.buffer(bytes.length).writeBytes(bytes);
    channel.writeInbound(read);
  }

  private long used() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }

  /** Sees how the reading of a ClientHello failed. */
  private static final class Ending extends ChannelInboundHandlerAdapter {
    private @Nullable Throwable failure;

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof SniCompletionEvent done && !done.isSuccess()) {
        failure = done.cause();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      failure = cause;
    }
  }
}
