package tollgate.transport.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Objects;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.ClientConnection.TlsFacts;
import tollgate.core.telemetry.HandshakeResult;
import tollgate.transport.tls.UnrecognizedNameException;

/**
 * Stands behind TLS until the handshake is over, then lets HTTP begin in its place. Event loop
 * only.
 */
final class HandshakeGate extends ChannelInboundHandlerAdapter {
  private final AcceptedConnection connection;
  private @Nullable String serverName;
  private boolean isOver;

  HandshakeGate(AcceptedConnection connection) {
    this.connection = connection;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    switch (event) {
      case SniCompletionEvent named when named.isSuccess() -> serverName = named.hostname();
      case SniCompletionEvent unnamed -> over(resultOf(unnamed.cause()));
      case SslHandshakeCompletionEvent done when done.isSuccess() -> begin(ctx);
      case SslHandshakeCompletionEvent failed -> over(resultOf(failed.cause()));
      default -> ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    ReferenceCountUtil.release(msg); // nothing comes through before the handshake is over
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    over(HandshakeResult.ABORTED);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    over(resultOf(cause));
    var _ = ctx.close();
  }

  private void begin(ChannelHandlerContext ctx) {
    if (isOver) {
      return;
    }
    isOver = true;
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    SSLSession session = tls.engine().getSession();
    X509Certificate client = connection.asksForCertificate() ? shown(session) : null;
    if (client != null && isExpired(client)) {
      // It was good when the session began, which is only resumed here.
      connection.handshakeDone(HandshakeResult.FAILED, "none");
      var _ = ctx.close();
      return;
    }
    connection.handshakeDone(HandshakeResult.OK, session.getProtocol());
    connection.begin(
        this,
        new TlsFacts(
            session.getProtocol(),
            session.getCipherSuite(),
            serverName,
            client == null ? null : client.getSubjectX500Principal().getName()),
        tls.applicationProtocol());
  }

  /** The client's own certificate, which was verified in the handshake; null if it showed none. */
  private static @Nullable X509Certificate shown(SSLSession session) {
    try {
      return session.getPeerCertificates()[0] instanceof X509Certificate leaf ? leaf : null;
    } catch (SSLPeerUnverifiedException _) {
      return null;
    }
  }

  private static boolean isExpired(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant().isBefore(Instant.now());
  }

  private void over(HandshakeResult result) {
    if (!isOver) {
      isOver = true;
      connection.handshakeDone(result, "none");
    }
  }

  private static HandshakeResult resultOf(@Nullable Throwable cause) {
    return switch (Objects.requireNonNullElseGet(cause, ClosedChannelException::new)) {
      case UnrecognizedNameException _ -> HandshakeResult.UNRECOGNIZED_NAME;
      case SslHandshakeTimeoutException _ -> HandshakeResult.TIMEOUT;
      case ClosedChannelException _ -> HandshakeResult.ABORTED;
      default -> HandshakeResult.FAILED;
    };
  }
}
