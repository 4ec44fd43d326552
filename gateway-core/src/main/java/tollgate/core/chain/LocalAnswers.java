package tollgate.core.chain;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.coding.Decoding;
import tollgate.core.exchange.Exchange;
import tollgate.core.exchange.ResponseOrigin;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.fault.FaultFormat;
import tollgate.core.fault.Outcome;
import tollgate.core.grpc.GrpcCaller;
import tollgate.core.grpc.GrpcFields;
import tollgate.core.grpc.WebTrailers;
import tollgate.core.handler.LocalReply;
import tollgate.core.http.FieldName;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;

/** What the gateway says itself, and what an answer counts as. Any thread. */
final class LocalAnswers {
  private static final FieldName ACCEPT_ENCODING = FieldName.of("Accept-Encoding");

  private LocalAnswers() {}

  static ResponseHead head(
      LocalReply reply, GrpcCaller caller, FaultFormat format, long bodyLength) {
    Fault refusal = reply.fault();
    boolean isGrpc = refusal != null && caller != GrpcCaller.NONE;
    ResponseHead head = ResponseHead.of(isGrpc ? 200 : reply.status());
    for (LocalReply.Line line : reply.lines()) {
      head.fields().add(line.name(), line.value());
    }
    if (refusal != null) {
      head.fields()
          .set(
              FieldName.CONTENT_TYPE,
              caller == GrpcCaller.NONE ? format.contentType() : caller.contentType());
      // RFC 9110 15.1: 404, 405, 414 and 501 are cacheable unless we say otherwise.
      head.fields().set(FieldName.CACHE_CONTROL, "no-store");
      if (refusal.code().equals(FaultCode.UNSUPPORTED_CODING)) {
        // RFC 9110 15.5.16: the client may want to know what would be read.
        head.fields().set(ACCEPT_ENCODING, Decoding.TOKENS);
      }
      if (caller == GrpcCaller.GRPC) {
        for (Trailers.Line line : status(reply, refusal).lines()) {
          head.fields().add(FieldName.of(line.name()), line.value());
        }
      }
    }
    head.bodyLength(bodyLength);
    return head;
  }

  static ByteBuf body(LocalReply reply, GrpcCaller caller, FaultFormat format, String requestId) {
    Fault refusal = reply.fault();
    if (refusal == null) {
      return reply.body();
    }
    return switch (caller) {
      case NONE -> Unpooled.wrappedBuffer(format.render(refusal, requestId));
      // gRPC over HTTP2, "Trailers-Only": the head is all there is.
      case GRPC -> Unpooled.EMPTY_BUFFER;
      case WEB, WEB_TEXT ->
          Unpooled.wrappedBuffer(WebTrailers.body(status(reply, refusal), caller));
    };
  }

  private static Trailers status(LocalReply reply, Fault refusal) {
    Trailers status = GrpcFields.of(refusal);
    for (LocalReply.Line line : reply.lines()) {
      String pushback =
          line.name().equals(FieldName.RETRY_AFTER) ? GrpcFields.pushback(line.value()) : null;
      if (pushback != null) {
        List<Trailers.Line> lines = new ArrayList<>(status.lines());
        lines.add(new Trailers.Line(GrpcFields.PUSHBACK.text(), pushback));
        return new Trailers(lines);
      }
    }
    return status;
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
