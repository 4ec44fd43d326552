package tollgate.core.chain;

import io.netty.buffer.ByteBuf;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.Body;
import tollgate.core.http.Owned;
import tollgate.core.http.Trailers;
import tollgate.core.port.ClientStream;
import tollgate.core.port.UpstreamStream;

/** From the client to the backend. Event loop only. */
final class RequestFlow extends BodyFlow {
  private final ChainRun run;
  private final ClientStream client;

  RequestFlow(ChainRun run, ClientStream client) {
    super(run.loop().allocator(), true);
    this.run = run;
    this.client = client;
  }

  @Override
  void read(boolean wanted) {
    client.readBody(wanted);
  }

  @Override
  void send(@Owned ByteBuf chunk) {
    Tunnel tunnel = run.tunnel();
    if (tunnel != null) {
      tunnel.fromClient(chunk);
      return;
    }
    UpstreamStream stream = run.upstreamStream();
    if (stream == null) {
      chunk.release();
    } else {
      stream.sendBody(chunk);
    }
  }

  @Override
  void sendEnd(Trailers trailers) {
    Tunnel tunnel = run.tunnel();
    if (tunnel != null) {
      tunnel.clientEnded();
      return;
    }
    UpstreamStream stream = run.upstreamStream();
    if (stream != null) {
      stream.sendEnd(trailers);
    }
  }

  @Override
  boolean isSinkWritable() {
    Tunnel tunnel = run.tunnel();
    if (tunnel != null) {
      return tunnel.isBackendWritable();
    }
    UpstreamStream stream = run.upstreamStream();
    return stream != null && stream.isWritable();
  }

  @Override
  void onCollected(Body body) {
    run.requestCollected(body);
  }

  @Override
  void onHeld() {
    run.requestHeld();
  }

  @Override
  void onTooLarge() {
    run.refuse(FaultCode.BODY_TOO_LARGE, "The request body is larger than allowed here.");
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
