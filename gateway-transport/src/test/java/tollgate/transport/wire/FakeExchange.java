package tollgate.transport.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import tollgate.core.fault.Fault;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.ClientStream;
import tollgate.core.port.RequestEvents;

/** Stands in for the chain: records what a client connection tells, answers when told to. */
public final class FakeExchange implements RequestEvents {
  public final ReceivedRequest request;
  public final @Nullable Fault malformed;
  public final ClientStream stream;
  public final StringBuilder body = new StringBuilder();
  public @Nullable Trailers trailers;
  public @Nullable Fault bodyFailure;
  public @Nullable Fault tooSlow;
  public boolean isGone;
  public boolean isEnded;
  public int writable;
  public int readCompletes;
  public boolean answersFailure = true;
  public boolean endsWithInput;
  public @Nullable Runnable onBody;

  public FakeExchange(ReceivedRequest request, @Nullable Fault malformed, ClientStream stream) {
    this.request = request;
    this.malformed = malformed;
    this.stream = stream;
  }

  public FakeExchange read() {
    stream.readBody(true);
    return this;
  }

  /** A complete answer with a length. */
  public void answer(int status, String text) {
    answer(status, text, false);
  }

  public void answer(int status, String text, boolean closeAfter) {
    head(status, text.length(), closeAfter);
    send(text);
    end();
  }

  public void head(int status, long bodyLength, boolean closeAfter) {
    ResponseHead head = ResponseHead.of(status);
    head.bodyLength(bodyLength);
    head.fields().add(FieldName.DATE, "D");
    stream.sendHead(head, closeAfter);
  }

  public void chunked(int status) {
    head(status, BodyLength.UNKNOWN, false);
  }

  public void send(String text) {
    stream.sendBody(Unpooled.copiedBuffer(text, ISO_8859_1));
  }

  public void end() {
    isEnded = true;
    stream.sendEnd(Trailers.NONE);
  }

  public boolean isBodyComplete() {
    return trailers != null;
  }

  @Override
  public void onBody(ByteBuf chunk) {
    body.append(chunk.toString(ISO_8859_1));
    chunk.release();
    Runnable then = onBody;
    if (then != null) {
      then.run();
    }
  }

  @Override
  public void onBodyEnd(Trailers trailers) {
    if (this.trailers != null || bodyFailure != null || isGone) {
      throw new IllegalStateException("ended twice");
    }
    this.trailers = trailers;
  }

  @Override
  public void onBodyFailed(Fault fault) {
    if (trailers != null || bodyFailure != null || isGone) {
      throw new IllegalStateException("ended twice");
    }
    bodyFailure = fault;
    if (answersFailure && !isEnded) {
      answer(fault.code().status(), "", true);
    }
  }

  @Override
  public void onClientGone() {
    if (isGone) {
      throw new IllegalStateException("gone twice");
    }
    isGone = true;
    isEnded = true;
  }

  @Override
  public void onClientTooSlow(Fault fault) {
    tooSlow = fault;
    isEnded = true;
  }

  @Override
  public void onClientWritable() {
    writable++;
  }

  @Override
  public void onReadComplete() {
    readCompletes++;
  }

  @Override
  public boolean endsWithInput() {
    return endsWithInput;
  }

  @Override
  public boolean isEnded() {
    return isEnded;
  }
}
