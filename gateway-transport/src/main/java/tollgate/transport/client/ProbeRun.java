package tollgate.transport.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import tollgate.core.grpc.GrpcCaller;
import tollgate.core.grpc.GrpcFields;
import tollgate.core.grpc.GrpcStatus;
import tollgate.core.grpc.GrpcTimeout;
import tollgate.core.grpc.HealthCheck;
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
 * One probe: a GET whose status decides, or a call of the gRPC health service. The body is read to
 * its end, so that the connection can be used again, or given up when it is long. Event loop only.
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
  private final ByteBuf answer = Unpooled.buffer(0, HealthCheck.MAX_ANSWER_BYTES);
  private boolean isGrpcAnswer;
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
    String service = settings.grpcService();
    if (service == null) {
      RequestHead head = head(Method.GET, settings.path(), settings.query());
      connected.sendHead(head, BodyLength.ABSENT);
    } else {
      RequestHead head = head(Method.POST, HealthCheck.PATH, null);
      head.fields().set(FieldName.CONTENT_TYPE, GrpcCaller.GRPC.contentType());
      head.fields().set(FieldName.TE, "trailers");
      head.fields().set(GrpcFields.TIMEOUT, GrpcTimeout.print(settings.timeout().toNanos()));
      ByteBuf question = HealthCheck.question(service);
      connected.sendHead(head, question.readableBytes());
      connected.sendBody(question);
    }
    connected.sendEnd(Trailers.NONE);
  }

  private RequestHead head(Method method, String path, @Nullable String query) {
    RequestHead head =
        RequestHead.over(
            new ReceivedRequest(
                "HTTP/1.1",
                method,
                target.scheme(),
                settings.host() == null ? target.authority() : settings.host(),
                path,
                query,
                ReceivedFields.NONE,
                BodyLength.ABSENT,
                false));
    head.fields().set(FieldName.USER_AGENT, "Tollgate-Probe");
    return head;
  }

  @Override
  public void onInformational(ResponseHead head) {}

  @Override
  public void onResponseHead(ResponseHead head) {
    status = head.status();
    isGrpcAnswer = isOk(head.fields().first(GrpcFields.STATUS));
  }

  @Override
  public void onResponseBody(@Owned ByteBuf chunk) {
    bodyBytes += chunk.readableBytes();
    if (settings.grpcService() != null && bodyBytes <= HealthCheck.MAX_ANSWER_BYTES) {
      answer.writeBytes(chunk);
    }
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
      for (Trailers.Line line : trailers.lines()) {
        isGrpcAnswer |=
            line.name().equalsIgnoreCase(GrpcFields.STATUS.text()) && isOk(line.value());
      }
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

  private static boolean isOk(@Nullable String grpcStatus) {
    return GrpcStatus.OK.text().equals(grpcStatus);
  }

  private void answered() {
    if (settings.grpcService() == null) {
      owner.over(this, settings.isGood().test(status), "status " + status);
      return;
    }
    boolean isServing =
        status == 200
            && isGrpcAnswer
            && bodyBytes <= HealthCheck.MAX_ANSWER_BYTES
            && HealthCheck.isServing(answer);
    owner.over(this, isServing, isServing ? "serving" : "its health service does not say SERVING");
  }
}
