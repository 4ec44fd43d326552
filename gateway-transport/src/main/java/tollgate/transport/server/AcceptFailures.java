package tollgate.transport.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Last on a listening socket. When accepting fails, most likely for want of file descriptors, the
 * acceptor before it has already paused for a second; this says so. Event loop only.
 */
final class AcceptFailures extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(AcceptFailures.class);

  private final String listener;

  AcceptFailures(String listener) {
    this.listener = listener;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.warn("Listener {} cannot accept, pausing for a second: {}", listener, cause.toString());
  }
}
