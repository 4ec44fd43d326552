package tollgate.transport.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.ApplicationProtocolNames;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.ClientConnection.TlsFacts;
import tollgate.core.http.Owned;
import tollgate.core.telemetry.CloseReason;
import tollgate.core.telemetry.ConnectionProtocol;
import tollgate.core.telemetry.HandshakeResult;
import tollgate.core.time.Alarm;
import tollgate.transport.http1.Http1ServerConnection;
import tollgate.transport.http2.Http2ServerConnection;
import tollgate.transport.loop.NettyLoop;
import tollgate.transport.tls.TlsContexts;
import tollgate.transport.wire.ServedConnection;

/**
 * One client connection from accept to close, first in its pipeline: puts the pipeline together and
 * sees why the connection ends. Event loop only.
 *
 * <pre>
 *   proxied: AcceptedConnection - ProxyHeaderHandler, then as follows
 *   plain:   AcceptedConnection - Http1ServerConnection, or Http2ServerConnection once its preface came
 *   TLS:     AcceptedConnection - ServerNameHandler - HandshakeGate
 *       then AcceptedConnection - SslHandler        - HandshakeGate
 *       then AcceptedConnection - SslHandler        - Http1- or Http2ServerConnection
 * </pre>
 */
final class AcceptedConnection extends ChannelDuplexHandler {
  private static final double AGE_SPREAD = 0.2;

  private final Listener listener;
  private final Channel channel;
  private final NettyLoop loop;
  private final InetSocketAddress peer;
  private final Admission.Held held = new Admission.Held();
  private @Nullable InetSocketAddress source;
  private @Nullable ServedConnection http;
  private ConnectionProtocol spoken = ConnectionProtocol.HTTP1;

  /**
   * The first thing that pointed to the end, other than what HTTP knows; null while nothing has.
   */
  private @Nullable CloseReason reason;

  private boolean isDraining;

  /** Null where connections may get as old as they like. */
  private @Nullable Alarm age;

  // Links of LoopConnections.
  @Nullable AcceptedConnection next;
  @Nullable AcceptedConnection previous;

  AcceptedConnection(Listener listener, Channel channel, NettyLoop loop) {
    this.listener = listener;
    this.channel = channel;
    this.loop = loop;
    this.peer = PeerConnection.internet(channel.remoteAddress());
  }

  /** The rest of the pipeline; this stands in it already. */
  void start() {
    ListenerSettings settings = listener.settings();
    if (settings.limits().maxAgeNanos() > 0) {
      watchAge(settings.limits().maxAgeNanos());
    }
    if (settings.proxyProtocol().contains(peer.getAddress())) {
      long timeoutNanos = settings.limits().headerNanos();
      channel.pipeline().addLast(new ProxyHeaderHandler(this, loop, timeoutNanos));
    } else if (isAdmitted(peer.getAddress())) {
      begin();
    }
  }

  /**
   * A whole PROXY header came.
   *
   * @param named whom it names; null for nobody
   * @return false if the connection is refused
   */
  boolean beginFor(@Nullable InetSocketAddress named) {
    source = named;
    // A proxy that speaks for itself is no client.
    boolean isWelcome = named == null || isAdmitted(named.getAddress());
    if (isWelcome) {
      begin();
    }
    return isWelcome;
  }

  /** What came is no PROXY header, or it came too late. */
  void refuseProxyHeader(String why) {
    listener.refusals().refused(RefusalLog.Why.PROXY_HEADER, peer.getAddress(), why);
    close(CloseReason.PROXY_HEADER);
  }

  private boolean isAdmitted(InetAddress client) {
    boolean isAdmitted = listener.admission().admits(client, loop.ticker().nanos(), held);
    if (!isAdmitted) {
      close(CloseReason.LIMIT);
    }
    return isAdmitted;
  }

  private void begin() {
    TlsContexts tls = listener.settings().tls();
    if (tls == null) {
      channel
          .pipeline()
          .addLast(
              listener.settings().versions().hasHttp1() ? newHttp1(null, true) : newHttp2(null));
    } else {
      channel
          .pipeline()
          .addLast(tls.newHandler(listener.settings().handshakeTimeout()))
          .addLast(new HandshakeGate(this));
    }
  }

  /**
   * The handshake succeeded: HTTP takes the gate's place.
   *
   * @param agreed by ALPN; null for nothing
   */
  void begin(ChannelHandler gate, TlsFacts facts, @Nullable String agreed) {
    boolean isHttp2 =
        ApplicationProtocolNames.HTTP_2.equals(agreed)
            || !listener.settings().versions().hasHttp1();
    channel.pipeline().replace(gate, null, isHttp2 ? newHttp2(facts) : newHttp1(facts, false));
    listener
        .server()
        .telemetry()
        .agreed(loop.index(), listener.settings().name(), ConnectionProtocol.TLS, spoken);
    drainIfTold();
  }

  /** The client began with HTTP/2's preface. */
  private void switchToHttp2(Http1ServerConnection from, @Owned ByteBuf first) {
    Http2ServerConnection begun = newHttp2(null);
    channel.pipeline().replace(from, null, begun);
    listener
        .server()
        .telemetry()
        .agreed(loop.index(), listener.settings().name(), ConnectionProtocol.HTTP1, spoken);
    drainIfTold();
    begun.takeFirst(first);
  }

  private void drainIfTold() {
    ServedConnection begun = http;
    if (isDraining && begun != null) {
      begun.drain();
    }
  }

  /** Whether the listener asks clients for a certificate. */
  boolean asksForCertificate() {
    TlsContexts tls = listener.settings().tls();
    return tls != null && tls.asksClients();
  }

  void handshakeDone(HandshakeResult result, String version) {
    listener
        .server()
        .telemetry()
        .handshake(loop.index(), listener.settings().name(), result, version);
    if (result != HandshakeResult.OK && reason == null) {
      reason =
          result == HandshakeResult.TIMEOUT ? CloseReason.HANDSHAKE_TIMEOUT : CloseReason.HANDSHAKE;
    }
  }

  /** Closes now if it has nothing to do, else after what it is doing. */
  void drain() {
    isDraining = true;
    if (http == null) {
      close(CloseReason.DRAINED); // no request can have begun
    } else {
      http.drain();
    }
  }

  /** Those that were opened together, after a restart, do not come back together. */
  private void watchAge(long maxNanos) {
    double spread = AGE_SPREAD * (ThreadLocalRandom.current().nextDouble() - 0.5);
    Alarm made =
        new Alarm() {
          @Override
          protected void onAlarm() {
            grownOld();
          }
        };
    age = made;
    loop.set(made, maxNanos + (long) (maxNanos * spread));
  }

  private void grownOld() {
    if (!isDraining) {
      if (reason == null && knownToHttp() == null) {
        reason = CloseReason.AGE;
      }
      isDraining = true;
      ServedConnection served = http;
      if (served == null) {
        close(CloseReason.AGE); // no request can have begun
      } else {
        served.retire();
      }
    }
  }

  /** Closes if no request is under way. */
  void closeIfIdle() {
    if (http != null) {
      http.closeIfIdle(CloseReason.OVERLOADED);
    }
  }

  void close(CloseReason why) {
    if (reason == null && knownToHttp() == null) {
      reason = why;
    }
    var _ = channel.close();
  }

  CloseReason reason() {
    CloseReason first = reason == null ? knownToHttp() : reason;
    return first == null ? CloseReason.CLIENT : first;
  }

  /** What is spoken, or was when it closed. */
  ConnectionProtocol protocol() {
    return http == null && listener.settings().tls() != null ? ConnectionProtocol.TLS : spoken;
  }

  Listener listener() {
    return listener;
  }

  /** By TCP. */
  InetSocketAddress peer() {
    return peer;
  }

  /** What the listener's admission counted it under. */
  Admission.Held held() {
    return held;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent
        && http == null
        && reason == null
        && !isDraining) {
      reason = CloseReason.CLIENT;
    }
    ctx.fireUserEventTriggered(event);
  }

  /** Behind {@code channelInactive}: the exchange, if there was one, has been told and recorded. */
  @Override
  public void channelUnregistered(ChannelHandlerContext ctx) {
    ctx.fireChannelUnregistered();
    if (age != null) {
      loop.remove(age);
    }
    listener.server().ended();
  }

  /** Only what this side closes comes by here. */
  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (reason == null && http == null) {
      reason = isDraining ? CloseReason.DRAINED : CloseReason.HANDSHAKE;
    }
    var _ = ctx.close(promise);
  }

  private @Nullable CloseReason knownToHttp() {
    return http == null ? null : http.reason();
  }

  private Http1ServerConnection newHttp1(@Nullable TlsFacts facts, boolean isPlain) {
    boolean maySwitch = isPlain && listener.settings().versions().hasHttp2();
    var made =
        new Http1ServerConnection(
            channel,
            listener.starter(),
            client(facts),
            loop,
            loop.headBuffer(),
            listener.settings().limits(),
            maySwitch ? this::switchToHttp2 : null);
    http = made;
    return made;
  }

  private Http2ServerConnection newHttp2(@Nullable TlsFacts facts) {
    var made =
        new Http2ServerConnection(
            channel,
            listener.starter(),
            client(facts),
            loop,
            loop.headBuffer(),
            listener.settings().limits());
    http = made;
    spoken = ConnectionProtocol.HTTP2;
    return made;
  }

  private PeerConnection client(@Nullable TlsFacts facts) {
    return PeerConnection.of(listener.settings().name(), channel, peer, source, facts);
  }
}
