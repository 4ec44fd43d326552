package tollgate.dist.status;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.core.handler.LocalReply;
import tollgate.core.http.Owned;
import tollgate.core.http.RequestHead;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.LocalService;
import tollgate.core.port.Loop;
import tollgate.core.port.UpstreamEvents;
import tollgate.core.port.UpstreamFailure;
import tollgate.core.port.UpstreamStream;

/**
 * A local service whose answers are whole and need only the request's head; a request body is read
 * and dropped. Any thread.
 */
final class ReplyService implements LocalService {
  private static final Logger LOG = LoggerFactory.getLogger(ReplyService.class);

  private final Function<RequestHead, CompletionStage<LocalReply>> answer;

  /**
   * @param answer called on the event loop, never blocks; may complete on any thread
   */
  ReplyService(Function<RequestHead, CompletionStage<LocalReply>> answer) {
    this.answer = answer;
  }

  @Override
  public UpstreamStream open(Loop loop, UpstreamEvents events) {
    return new Call(loop, events);
  }

  /** One request. Event loop only. */
  private final class Call implements UpstreamStream {
    private final Loop loop;
    private final UpstreamEvents events;
    private @Nullable RequestHead head;
    private @Nullable LocalReply waiting;
    private boolean isReading = true;
    private boolean isOver;

    Call(Loop loop, UpstreamEvents events) {
      this.loop = loop;
      this.events = events;
    }

    @Override
    public void sendHead(RequestHead head, long bodyLength) {
      this.head = head;
    }

    @Override
    public void sendBody(@Owned ByteBuf chunk) {
      chunk.release();
    }

    @Override
    public void sendEnd(Trailers trailers) {
      var _ =
          answer
              .apply(requireNonNull(head))
              .whenComplete((reply, failure) -> loop.execute(() -> deliver(reply, failure)));
    }

    private void deliver(@Nullable LocalReply reply, @Nullable Throwable failure) {
      if (isOver) {
        return;
      }
      if (reply == null) {
        isOver = true;
        LOG.error("a local service failed", failure);
        events.onFailure(new UpstreamFailure(UpstreamFailure.Kind.RESET, String.valueOf(failure)));
        return;
      }
      ResponseHead response = ResponseHead.of(reply.status());
      reply.lines().forEach(line -> response.fields().add(line.name(), line.value()));
      response.bodyLength(reply.bodyLength());
      waiting = reply;
      events.onResponseHead(response);
      sendRest();
    }

    private void sendRest() {
      LocalReply reply = waiting;
      if (reply == null || isOver || !isReading) {
        return;
      }
      isOver = true;
      if (reply.bodyLength() > 0) {
        events.onResponseBody(reply.body());
      }
      events.onResponseEnd(Trailers.NONE);
      events.onUpstreamReadComplete();
    }

    @Override
    public void flush() {}

    @Override
    public boolean isWritable() {
      return true;
    }

    @Override
    public void readBody(boolean wanted) {
      isReading = wanted;
      if (wanted) {
        sendRest();
      }
    }

    @Override
    public void abort() {
      isOver = true;
    }

    @Override
    public boolean isReused() {
      return false;
    }
  }
}
