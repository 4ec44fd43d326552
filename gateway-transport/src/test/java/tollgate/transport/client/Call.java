package tollgate.transport.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.BodyLength;
import tollgate.core.http.Method;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.http.RequestHead;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.UpstreamConnector.Cancellation;
import tollgate.core.port.UpstreamEvents;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.port.UpstreamStream;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.core.upstream.Target;
import tollgate.transport.loop.NettyLoop;

/** One GET through a connector, from the loop's point of view to the test's. */
final class Call implements UpstreamEvents {
  static final AttemptTimeouts PATIENT =
      new AttemptTimeouts(SECONDS.toNanos(20), SECONDS.toNanos(20), SECONDS.toNanos(20));

  final CompletableFuture<UpstreamStream> connected = new CompletableFuture<>();
  private final CompletableFuture<String> body = new CompletableFuture<>();
  private final CompletableFuture<UpstreamFailure> failure = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private volatile @Nullable Cancellation cancellation;
  private volatile boolean wasSynchronous;
  private boolean isReturned;
  private final boolean isHeld;

  private Call(boolean isHeld) {
    this.isHeld = isHeld;
  }

  static Call get(PooledConnector connector, NettyLoop loop, Target target) {
    return get(connector, loop, target, PATIENT);
  }

  static Call get(
      PooledConnector connector, NettyLoop loop, Target target, AttemptTimeouts timeouts) {
    return start(new Call(false), connector, loop, target, timeouts);
  }

  /** Gets a connection and sends nothing yet. */
  static Call connect(PooledConnector connector, NettyLoop loop, Target target) {
    return start(new Call(true), connector, loop, target, PATIENT);
  }

  private static Call start(
      Call call,
      PooledConnector connector,
      NettyLoop loop,
      Target target,
      AttemptTimeouts timeouts) {
    loop.execute(() -> {
      call.cancellation = connector.connect(loop, target, timeouts, call);
      call.isReturned = true;
    });
    return call;
  }

  /** What the backend answered. */
  String body() throws Exception {
    return CompletableFuture.anyOf(
            body,
            failure.thenApply(f -> {
              throw new IllegalStateException(f.toString());
            }))
        .get(30, SECONDS)
        .toString();
  }

  UpstreamFailure failure() throws Exception {
    return failure.get(30, SECONDS);
  }

  boolean isOver() {
    return body.isDone() || failure.isDone();
  }

  boolean isReused() throws Exception {
    return connected.get(30, SECONDS).isReused();
  }

  /** Whether the connection was there before connect returned. */
  boolean wasSynchronous() {
    return wasSynchronous;
  }

  void cancel(NettyLoop loop) {
    loop.execute(() -> {
      Cancellation known = cancellation;
      if (known != null) {
        known.cancel();
      }
    });
  }

  void send(UpstreamStream stream) {
    stream.sendHead(
        RequestHead.over(
            new ReceivedRequest(
                "HTTP/1.1",
                Method.GET,
                "http",
                "origin",
                "/",
                null,
                ReceivedFields.NONE,
                BodyLength.ABSENT,
                false)),
        BodyLength.ABSENT);
    stream.sendEnd(Trailers.NONE);
  }

  @Override
  public void onConnected(UpstreamStream stream) {
    wasSynchronous = !isReturned;
    connected.complete(stream);
    if (!isHeld) {
      send(stream);
    }
  }

  @Override
  public void onInformational(ResponseHead head) {}

  @Override
  public void onResponseHead(ResponseHead head) {}

  @Override
  public void onResponseBody(ByteBuf chunk) {
    text.append(chunk.toString(ISO_8859_1));
    chunk.release();
  }

  @Override
  public void onResponseEnd(Trailers trailers) {
    body.complete(text.toString());
  }

  @Override
  public void onUpstreamReadComplete() {}

  @Override
  public void onUpstreamWritable() {}

  @Override
  public void onFailure(UpstreamFailure failed) {
    if (!failure.complete(failed)) {
      throw new IllegalStateException("failed twice");
    }
  }
}
