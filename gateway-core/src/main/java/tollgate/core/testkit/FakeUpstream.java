package tollgate.core.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import tollgate.core.http.BodyLength;
import tollgate.core.http.RequestHead;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.Loop;
import tollgate.core.port.UpstreamConnector;
import tollgate.core.port.UpstreamEvents;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.port.UpstreamStream;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.core.upstream.Target;

/**
 * A backend that records what it is sent and answers what it is told to. Connects at once unless
 * told to wait. One thread.
 */
public final class FakeUpstream implements UpstreamConnector {
  private final List<Call> calls = new ArrayList<>();
  private boolean connectsAtOnce = true;
  private boolean isReused;

  FakeUpstream() {}

  /** One attempt. */
  public static final class Call implements UpstreamStream {
    private final Target target;
    private final UpstreamEvents events;
    private final boolean isReused;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final List<RequestHead> heads = new ArrayList<>();
    private long bodyLength = BodyLength.ABSENT;
    private boolean isEnded;
    private int flushes;
    private Trailers sentTrailers = Trailers.NONE;
    private boolean isAborted;
    private boolean isCancelled;
    private boolean isReading = true;
    private boolean isWritable = true;

    Call(Target target, UpstreamEvents events, boolean isReused) {
      this.target = target;
      this.events = events;
      this.isReused = isReused;
    }

    @Override
    public void sendHead(RequestHead head, long bodyLength) {
      heads.add(head);
      this.bodyLength = bodyLength;
    }

    @Override
    public void sendBody(ByteBuf chunk) {
      byte[] bytes = new byte[chunk.readableBytes()];
      chunk.readBytes(bytes);
      chunk.release();
      body.writeBytes(bytes);
    }

    @Override
    public void sendEnd(Trailers trailers) {
      if (isEnded) {
        throw new AssertionError("second end");
      }
      isEnded = true;
      sentTrailers = trailers;
    }

    @Override
    public void flush() {
      flushes++;
    }

    @Override
    public boolean isWritable() {
      return isWritable;
    }

    @Override
    public void readBody(boolean wanted) {
      isReading = wanted;
    }

    @Override
    public void abort() {
      isAborted = true;
    }

    @Override
    public boolean isReused() {
      return isReused;
    }

    public int flushes() {
      return flushes;
    }

    public Target target() {
      return target;
    }

    /** What was sent; fails if nothing was. */
    public RequestHead head() {
      return heads.getFirst();
    }

    public boolean hasHead() {
      return !heads.isEmpty();
    }

    public long bodyLength() {
      return bodyLength;
    }

    public String body() {
      return body.toString(UTF_8);
    }

    public byte[] bodyBytes() {
      return body.toByteArray();
    }

    /** What the request ended with. */
    public Trailers trailers() {
      return sentTrailers;
    }

    public boolean isEnded() {
      return isEnded;
    }

    public boolean isAborted() {
      return isAborted;
    }

    public boolean isCancelled() {
      return isCancelled;
    }

    public boolean isReading() {
      return isReading;
    }

    /** Lets a waiting connection come about. */
    public void connect() {
      events.onConnected(this);
    }

    public void writable(boolean writable) {
      isWritable = writable;
      if (writable) {
        events.onUpstreamWritable();
      }
    }

    public void inform(int status, String... namesAndValues) {
      events.onInformational(
          ResponseHead.received(status, ListedFields.of(namesAndValues), BodyLength.ABSENT));
    }

    public void head(int status, long bodyLength, String... namesAndValues) {
      events.onResponseHead(
          ResponseHead.received(status, ListedFields.of(namesAndValues), bodyLength));
    }

    public void chunk(String text) {
      chunk(Unpooled.copiedBuffer(text, UTF_8));
    }

    public void chunk(ByteBuf bytes) {
      events.onResponseBody(bytes);
    }

    public void end() {
      end(Trailers.NONE);
    }

    public void end(Trailers trailers) {
      events.onResponseEnd(trailers);
      events.onUpstreamReadComplete();
    }

    /** A whole answer with a body. */
    public void answer(int status, String body, String... namesAndValues) {
      head(status, body.getBytes(UTF_8).length, namesAndValues);
      if (!body.isEmpty()) {
        chunk(body);
      }
      end();
    }

    public void fail(UpstreamFailure.Kind kind) {
      events.onFailure(new UpstreamFailure(kind, "told to"));
    }
  }

  @Override
  public Cancellation connect(
      Loop loop, Target target, AttemptTimeouts timeouts, UpstreamEvents events) {
    Call call = new Call(target, events, isReused);
    calls.add(call);
    if (connectsAtOnce) {
      call.connect();
    }
    return () -> call.isCancelled = true;
  }

  @Override
  public void close() {}

  void connectsAtOnce(boolean atOnce) {
    connectsAtOnce = atOnce;
  }

  void reused(boolean reused) {
    isReused = reused;
  }

  public List<Call> calls() {
    return List.copyOf(calls);
  }

  /** The newest attempt; fails if there was none. */
  public Call call() {
    return calls.getLast();
  }
}
