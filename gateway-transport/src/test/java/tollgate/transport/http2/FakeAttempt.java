package tollgate.transport.http2;

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

/** Stands in for the chain's attempt: records what a backend's stream tells. */
final class FakeAttempt implements UpstreamEvents {
  final List<Integer> informational = new ArrayList<>();
  final StringBuilder body = new StringBuilder();
  @Nullable ResponseHead head;
  @Nullable Trailers trailers;
  @Nullable UpstreamFailure failure;
  int readCompletes;
  int writable;
  @Nullable Runnable onHead;

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
    informational.add(head.status());
  }

  @Override
  public void onResponseHead(ResponseHead head) {
    requireRunning();
    if (this.head != null) {
      throw new IllegalStateException("two heads");
    }
    this.head = head;
    Runnable then = onHead;
    if (then != null) {
      then.run();
    }
  }

  @Override
  public void onResponseBody(ByteBuf chunk) {
    requireRunning();
    body.append(chunk.toString(ISO_8859_1));
    chunk.release();
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
    requireRunning();
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
