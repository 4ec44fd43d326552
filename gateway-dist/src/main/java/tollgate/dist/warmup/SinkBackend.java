package tollgate.dist.warmup;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.Declared;
import tollgate.config.model.GatewayConfiguration;
import tollgate.config.model.TargetUrl;
import tollgate.config.model.UpstreamConfig;
import tollgate.core.exchange.ClientConnection;
import tollgate.core.fault.Fault;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Owned;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.ClientStream;
import tollgate.core.port.Loop;
import tollgate.core.port.RequestEvents;

/**
 * The backend of the warm-up: one request, whose body is dropped, answered with 200 and 1 KiB. It
 * is behind a listener of its own, so that requests to it go through a real socket. Event loop
 * only.
 */
final class SinkBackend implements RequestEvents {
  private static final ByteBuf BODY =
      Unpooled.unreleasableBuffer(Unpooled.directBuffer(1024).writeZero(1024)).asReadOnly();

  private final ClientStream stream;
  private boolean isEnded;

  private SinkBackend(ClientStream stream) {
    this.stream = stream;
  }

  static RequestEvents begin(
      ReceivedRequest request,
      @Nullable Fault malformed,
      ClientConnection connection,
      ClientStream stream,
      Loop loop) {
    SinkBackend backend = new SinkBackend(stream);
    if (malformed != null
        || request.bodyLength() == 0
        || request.bodyLength() == BodyLength.ABSENT) {
      backend.answer();
    } else {
      stream.readBody(true);
    }
    return backend;
  }

  /**
   * The same configuration with the APIs that are asked for, and with one target, this, in every
   * upstream.
   */
  static GatewayConfiguration inPlaceOfTargets(GatewayConfiguration real, int port) {
    var target =
        new UpstreamConfig.Target(new TargetUrl(TargetUrl.Scheme.HTTP, "127.0.0.1", port), 1);
    List<Declared<UpstreamConfig>> upstreams =
        real.upstreams().stream()
            .map(upstream -> {
              UpstreamConfig config = upstream.value();
              return new Declared<>(
                  new UpstreamConfig(
                      config.name(),
                      List.of(target),
                      UpstreamConfig.Protocol.HTTP1,
                      config.balance(),
                      config.hash(),
                      new UpstreamConfig.Health(null, config.health().passive()),
                      config.timeouts(),
                      config.retry(),
                      config.breaker(),
                      config.pool(),
                      UpstreamConfig.Tls.DEFAULTS),
                  upstream.location(),
                  upstream.contentHash());
            })
            .toList();
    return new GatewayConfiguration(
        real.root(),
        real.shownRoot(),
        real.gateway(),
        upstreams,
        WarmUpRequests.asked(real.apis()).stream()
            .map(api ->
                new Declared<>(api.value().withoutValidation(), api.location(), api.contentHash()))
            .toList(),
        real.policies(),
        real.files(),
        real.referencedFiles());
  }

  private void answer() {
    isEnded = true;
    ResponseHead head = ResponseHead.of(200);
    head.fields().add(FieldName.CONTENT_TYPE, "application/json");
    head.bodyLength(BODY.readableBytes());
    stream.sendHead(head, false);
    stream.sendBody(BODY.duplicate());
    stream.sendEnd(Trailers.NONE);
  }

  @Override
  public void onBody(@Owned ByteBuf chunk) {
    chunk.release();
  }

  @Override
  public void onBodyEnd(Trailers trailers) {
    answer();
  }

  @Override
  public void onBodyFailed(Fault fault) {
    isEnded = true;
    stream.abort();
  }

  @Override
  public void onClientGone() {
    isEnded = true;
  }

  @Override
  public void onClientWritable() {}

  @Override
  public void onReadComplete() {}

  @Override
  public boolean isEnded() {
    return isEnded;
  }
}
