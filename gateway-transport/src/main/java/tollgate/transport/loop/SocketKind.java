package tollgate.transport.loop;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The implementation under all sockets of the process. Immutable. */
public enum SocketKind {
  /** Linux's own, the faster one. */
  EPOLL,
  NIO;

  /** System property that forces one: {@code nio} or {@code epoll}. */
  public static final String PROPERTY = "tollgate.transport";

  private static final int KEEP_ALIVE_PROBES = 3;

  private static final Logger log = LoggerFactory.getLogger(SocketKind.class);

  /**
   * epoll where it loads, else NIO.
   *
   * @throws IllegalArgumentException if the property names something else
   */
  public static SocketKind choose() {
    String forced = System.getProperty(PROPERTY, "");
    return switch (forced) {
      case "nio" -> NIO;
      case "epoll", "" -> {
        if (Epoll.isAvailable()) {
          yield EPOLL;
        }
        log.warn("Native epoll does not load, sockets are NIO: {}", reason());
        yield NIO;
      }
      default ->
          throw new IllegalArgumentException(
              PROPERTY + ": " + forced + " (expected: epoll or nio)");
    };
  }

  public ChannelFactory<? extends ServerChannel> server() {
    return switch (this) {
      case EPOLL -> EpollServerSocketChannel::new;
      case NIO -> NioServerSocketChannel::new;
    };
  }

  public ChannelFactory<? extends SocketChannel> socket() {
    return switch (this) {
      case EPOLL -> EpollSocketChannel::new;
      case NIO -> NioSocketChannel::new;
    };
  }

  public ChannelFactory<? extends DatagramChannel> datagram() {
    return switch (this) {
      case EPOLL -> EpollDatagramChannel::new;
      case NIO -> NioDatagramChannel::new;
    };
  }

  public ChannelFactory<? extends ServerChannel> unixServer() {
    return switch (this) {
      case EPOLL -> EpollServerDomainSocketChannel::new;
      case NIO -> NioServerDomainSocketChannel::new;
    };
  }

  /**
   * Has the system find out that a peer is gone without a word: keep-alive probes from half of the
   * time on while nothing is sent, and TCP_USER_TIMEOUT (RFC 5482) for what was sent and is not
   * acknowledged. On epoll only.
   */
  public Bootstrap watched(Bootstrap bootstrap, Duration deadAfter) {
    int seconds = Math.toIntExact(deadAfter.toSeconds());
    int interval = Math.max(1, seconds / (2 * KEEP_ALIVE_PROBES));
    return switch (this) {
      case EPOLL ->
          bootstrap
              .option(EpollChannelOption.TCP_KEEPIDLE, seconds / 2)
              .option(EpollChannelOption.TCP_KEEPINTVL, interval)
              .option(EpollChannelOption.TCP_KEEPCNT, KEEP_ALIVE_PROBES)
              .option(EpollChannelOption.TCP_USER_TIMEOUT, Math.toIntExact(deadAfter.toMillis()));
      case NIO -> bootstrap; // the system's two hours
    };
  }

  /** The address of a Unix socket in this implementation's own type. */
  public SocketAddress unixAddress(Path path) {
    return switch (this) {
      case EPOLL -> new DomainSocketAddress(path.toFile());
      case NIO -> UnixDomainSocketAddress.of(path);
    };
  }

  IoHandlerFactory ioHandlers() {
    return switch (this) {
      case EPOLL -> LastingEpollRegistration.handlers();
      case NIO -> NioIoHandler.newFactory();
    };
  }

  private static String reason() {
    Throwable cause = Epoll.unavailabilityCause();
    return cause == null ? "no cause given" : cause.toString();
  }
}
