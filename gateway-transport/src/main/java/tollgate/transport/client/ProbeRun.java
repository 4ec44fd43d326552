package tollgate.transport.client;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Method;
import tollgate.core.http.Owned;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.http.RequestHead;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.UpstreamConnector.Cancellation;
import tollgate.core.port.UpstreamEvents;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.port.UpstreamStream;
import tollgate.core.upstream.Target;

/**
 * One probe: a GET whose status decides. The body is read to its end, so that the connection can be
 * used again, or given up when it is long. Event loop only.
 */
final class ProbeRun implements UpstreamEvents {
  private static final int MAX_BODY_BYTES = 64 * 1024;

  private final TargetProbe owner;
  private final Target target;
  private final ProbeSettings settings;
  private Cancellation waiting = Cancellation.NOTHING;
  private @Nullable UpstreamStream stream;
  private int status;
  private int bodyBytes;
  private boolean isOver;

  ProbeRun(TargetProbe owner, Target target, ProbeSettings settings) {
    this.owner = owner;
    this.target = target;
    this.settings = settings;
  }

  void started(Cancellation cancellation) {
    if (stream == null && !isOver) {
      waiting = cancellation;
    }
  }

  /** Ends it without a word. */
  void giveUp() {
    if (!isOver) {
      isOver = true;
      UpstreamStream open = stream;
      if (open == null) {
        waiting.cancel();
      } else {
        open.abort();
      }
    }
  }

  @Override
  public void onConnected(UpstreamStream connected) {
    if (isOver) {
      connected.abort();
      return;
    }
    stream = connected;
    String host = settings.host() == null ? target.authority() : settings.host();
    RequestHead head =
        RequestHead.over(
            new ReceivedRequest(
                "HTTP/1.1",
                Method.GET,
                target.scheme(),
                host,
                settings.path(),
                settings.query(),
                ReceivedFields.NONE,
                BodyLength.ABSENT,
                false));
    head.fields().set(FieldName.USER_AGENT, "Tollgate-Probe");
    connected.sendHead(head, BodyLength.ABSENT);
    connected.sendEnd(Trailers.NONE);
  }

  @Override
  public void onInformational(ResponseHead head) {}

  @Override
  public void onResponseHead(ResponseHead head) {
    status = head.status();
  }

  @Override
  public void onResponseBody(@Owned ByteBuf chunk) {
    bodyBytes += chunk.readableBytes();
    chunk.release();
    if (!isOver && bodyBytes > MAX_BODY_BYTES) {
      giveUp();
      answered();
    }
  }

  @Override
  public void onResponseEnd(Trailers trailers) {
    if (!isOver) {
      isOver = true;
      answered();
    }
  }

  @Override
  public void onUpstreamReadComplete() {}

  @Override
  public void onUpstreamWritable() {}

  @Override
  public void onFailure(UpstreamFailure failure) {
    if (isOver) {
      return;
    }
    isOver = true;
    switch (failure.kind()) {
      case POOL_EXHAUSTED, BREAKER_OPEN, DEAD_ON_REUSE -> owner.rest(this);
      case CONNECT, CONNECT_TIMEOUT, TLS, RESET, RESPONSE_TIMEOUT, IDLE_TIMEOUT, PROTOCOL ->
          owner.over(this, false, failure.kind().name().toLowerCase(java.util.Locale.ROOT));
    }
  }

  private void answered() {
    owner.over(this, settings.isGood().test(status), "status " + status);
  }
}
