package tollgate.core.chain;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.Exchange;
import tollgate.core.exchange.ResponseOrigin;
import tollgate.core.fault.Fault;
import tollgate.core.fault.Outcome;
import tollgate.core.fault.ProblemDetails;
import tollgate.core.handler.LocalReply;
import tollgate.core.http.FieldName;
import tollgate.core.http.ResponseHead;

/** What the gateway says itself, and what an answer counts as. Any thread. */
final class LocalAnswers {
  private LocalAnswers() {}

  static ResponseHead head(LocalReply reply, long bodyLength) {
    ResponseHead head = ResponseHead.of(reply.status());
    for (LocalReply.Line line : reply.lines()) {
      head.fields().add(line.name(), line.value());
    }
    if (reply.fault() != null) {
      head.fields().set(FieldName.CONTENT_TYPE, ProblemDetails.MEDIA_TYPE);
      // RFC 9110 15.1: 404, 405, 414 and 501 are cacheable unless we say otherwise.
      head.fields().set(FieldName.CACHE_CONTROL, "no-store");
    }
    head.bodyLength(bodyLength);
    return head;
  }

  static ByteBuf body(LocalReply reply, String requestId) {
    Fault refusal = reply.fault();
    return refusal == null
        ? reply.body()
        : Unpooled.wrappedBuffer(ProblemDetails.render(refusal, requestId));
  }

  /** What an exchange counts as that ends with its response; it has one. */
  static Outcome outcome(@Nullable Fault refusal, Exchange exchange) {
    if (refusal != null) {
      return refusal.code().outcome();
    }
    Outcome outcome = outcome(requireNonNull(exchange.response()).status());
    return outcome == Outcome.UPSTREAM_ERROR && exchange.responseOrigin() == ResponseOrigin.LOCAL
        ? Outcome.INTERNAL
        : outcome;
  }

  /** What a status counts as when no fault says more. */
  static Outcome outcome(int status) {
    if (status < 400) {
      return Outcome.OK;
    }
    return status < 500 ? Outcome.CLIENT_ERROR : Outcome.UPSTREAM_ERROR;
  }
}
