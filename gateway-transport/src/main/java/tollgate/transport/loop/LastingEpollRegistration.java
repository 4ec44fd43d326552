package tollgate.transport.loop;

import io.netty.channel.Channel;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a socket known to epoll while nothing is asked of it, and has epoll report an edge once
 * where {@link ReadBuffers} see to it that nothing is left unread: what is reported level-triggered
 * is looked at a second time by the next epoll_wait, for nothing. Any thread.
 *
 * <p>Netty 4.2.18 deletes a socket from epoll when its last flag is cleared (netty#16689), and then
 * fails to modify what is no longer there: a client that has ended its output could not be sent
 * more than fits its socket's buffer. So "nothing" becomes edge-triggered "nothing", which reports
 * an error once and wakes nobody else. To be dropped with a Netty that adds the socket again.
 */
final class LastingEpollRegistration implements IoRegistration {
  private final IoRegistration registration;
  private final @Nullable Channel channel;
  private boolean isAdded;

  private LastingEpollRegistration(IoRegistration registration, @Nullable Channel channel) {
    this.registration = registration;
    this.channel = channel;
  }

  static IoHandlerFactory handlers() {
    IoHandlerFactory factory = EpollIoHandler.newFactory();
    return executor -> new Handler(factory.newHandler(executor));
  }

  @Override
  @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
  public <T> T attachment() {
    return registration.attachment();
  }

  @Override
  public synchronized long submit(IoOps ops) {
    if (ops instanceof EpollIoOps flags) {
      if (flags.value() != EpollIoOps.NONE.value()) {
        isAdded = true;
      } else if (isAdded) {
        return registration.submit(EpollIoOps.EPOLLET);
      }
      if (isReadToTheEnd()) {
        return registration.submit(flags.with(EpollIoOps.EPOLLET));
      }
    }
    return registration.submit(ops);
  }

  @Override
  public boolean isValid() {
    return registration.isValid();
  }

  @Override
  public boolean cancel() {
    return registration.cancel();
  }

  private boolean isReadToTheEnd() {
    return channel != null && channel.config().getRecvByteBufAllocator() instanceof ReadBuffers;
  }

  /** The epoll handler of one event loop, with lasting registrations. */
  private static final class Handler implements IoHandler {
    private final IoHandler handler;

    Handler(IoHandler handler) {
      this.handler = handler;
    }

    @Override
    public void initialize() {
      handler.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
      return handler.run(context);
    }

    @Override
    public void prepareToDestroy() {
      handler.prepareToDestroy();
    }

    @Override
    public void destroy() {
      handler.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
      Channel channel =
          handle instanceof Channel.Unsafe unsafe ? unsafe.voidPromise().channel() : null;
      return new LastingEpollRegistration(handler.register(handle), channel);
    }

    @Override
    public void wakeup() {
      handler.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
      return handler.isCompatible(handleType);
    }
  }
}
