package tollgate.transport.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.UpstreamEvents;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.port.UpstreamStream;

/** Stands in for the chain's attempt: records what a backend connection tells. */
class FakeAttempt implements UpstreamEvents {
  final List<ResponseHead> informational = new ArrayList<>();
  final StringBuilder body = new StringBuilder();
  @Nullable ResponseHead head;
  @Nullable Trailers trailers;
  @Nullable UpstreamFailure failure;
  int readCompletes;
  int writable;
  @Nullable Runnable onBody;

  UpstreamFailure.@Nullable Kind failureKind() {
    return failure == null ? null : failure.kind();
  }

  boolean isComplete() {
    return trailers != null;
  }

  @Override
  public void onConnected(UpstreamStream stream) {
    throw new IllegalStateException("the pool's to tell");
  }

  @Override
  public void onInformational(ResponseHead head) {
    requireRunning();
    informational.add(head);
  }

  @Override
  public void onResponseHead(ResponseHead head) {
    requireRunning();
    if (this.head != null) {
      throw new IllegalStateException("two heads");
    }
    this.head = head;
  }

  @Override
  public void onResponseBody(ByteBuf chunk) {
    requireRunning();
    body.append(chunk.toString(ISO_8859_1));
    chunk.release();
    Runnable then = onBody;
    if (then != null) {
      then.run();
    }
  }

  @Override
  public void onResponseEnd(Trailers trailers) {
    requireRunning();
    this.trailers = trailers;
  }

  @Override
  public void onUpstreamReadComplete() {
    readCompletes++;
  }

  @Override
  public void onUpstreamWritable() {
    writable++;
  }

  @Override
  public void onFailure(UpstreamFailure failure) {
    requireRunning();
    this.failure = failure;
  }

  private void requireRunning() {
    if (trailers != null || failure != null) {
      throw new IllegalStateException("an event after the end");
    }
  }
}
