package tollgate.core.chain;

import io.netty.buffer.ByteBuf;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.Body;
import tollgate.core.http.Owned;
import tollgate.core.http.Trailers;
import tollgate.core.port.ClientStream;
import tollgate.core.port.UpstreamStream;

/** From the backend, or from us, to the client. Event loop only. */
final class ResponseFlow extends BodyFlow {
  private final ChainRun run;
  private final ClientStream client;

  ResponseFlow(ChainRun run, ClientStream client) {
    super(run.loop().allocator(), false);
    this.run = run;
    this.client = client;
  }

  @Override
  void read(boolean wanted) {
    UpstreamStream stream = run.upstreamStream();
    if (stream != null) {
      stream.readBody(wanted);
    }
  }

  @Override
  void send(@Owned ByteBuf chunk) {
    Tunnel tunnel = run.tunnel();
    if (tunnel != null) {
      tunnel.fromBackend(chunk);
    } else {
      client.sendBody(chunk);
    }
  }

  @Override
  void sendEnd(Trailers trailers) {
    run.sendEnd(trailers);
  }

  @Override
  boolean isSinkWritable() {
    Tunnel tunnel = run.tunnel();
    return tunnel == null ? client.isWritable() : tunnel.isClientWritable();
  }

  @Override
  void onCollected(Body body) {
    run.responseCollected(body);
  }

  @Override
  void onHeld() {
    run.responseHeld();
  }

  @Override
  void onTooLarge() {
    run.refuse(
        FaultCode.UPSTREAM_BODY_TOO_LARGE, "The backend's answer is larger than allowed here.");
  }

  @Override
  void onRefused(Fault refusal, int owner) {
    run.refusedBy(refusal, owner);
  }

  @Override
  void onFilterFailed(Throwable failure, int owner) {
    run.failed(failure, owner);
  }
}
