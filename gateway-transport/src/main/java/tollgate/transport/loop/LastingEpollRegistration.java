package tollgate.transport.loop;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;

/**
 * Keeps a socket known to epoll while nothing is asked of it. Any thread.
 *
 * <p>Netty 4.2.18 deletes a socket from epoll when its last flag is cleared (netty#16689), and then
 * fails to modify what is no longer there: a client that has ended its output could not be sent
 * more than fits its socket's buffer. So "nothing" becomes edge-triggered "nothing", which reports
 * an error once and wakes nobody else. To be dropped with a Netty that adds the socket again.
 */
final class LastingEpollRegistration implements IoRegistration {
  private final IoRegistration registration;
  private boolean isAdded;

  private LastingEpollRegistration(IoRegistration registration) {
    this.registration = registration;
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
      return new LastingEpollRegistration(handler.register(handle));
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
