package tollgate.handlers.grpcweb;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.Exchange;
import tollgate.core.exchange.Key;
import tollgate.core.exchange.ResponseOrigin;
import tollgate.core.grpc.GrpcCaller;
import tollgate.core.grpc.GrpcFields;
import tollgate.core.handler.BodyUse;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Verdict;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.Method;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;

/**
 * Makes gRPC of gRPC-Web for the backend, and gRPC-Web of its answers. Event loop only.
 *
 * <p>Messages are the same in both. What differs: the content type, that trailers stand in the
 * body, and that the body of the text form is base64. Refusals of the gateway are gRPC-Web already.
 */
final class GrpcWebHandler implements Handler {
  private static final Key<Call> CALL = Key.of("grpcWeb");
  private static final FieldName STATUS_DETAILS = FieldName.of("grpc-status-details-bin");

  /** Of an answer that is nothing but a status, and has it in its head. */
  private static final List<FieldName> STATUS_FIELDS =
      List.of(GrpcFields.STATUS, GrpcFields.MESSAGE, STATUS_DETAILS);

  GrpcWebHandler() {}

  /** What one exchange is. */
  private static final class Call {
    final boolean isTextIn;
    final boolean isTextOut;

    /** Null where the answer is none of a gRPC server. */
    @Nullable Trailers answer;

    Call(boolean isTextIn, boolean isTextOut) {
      this.isTextIn = isTextIn;
      this.isTextOut = isTextOut;
    }
  }

  @Override
  public String name() {
    return GrpcWebHandlerType.NAME;
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    Fields fields = exchange.request().fields();
    String type = fields.first(FieldName.CONTENT_TYPE);
    GrpcCaller caller =
        type == null || !exchange.request().method().equals(Method.POST)
            ? GrpcCaller.NONE
            : GrpcCaller.of(type);
    if (caller.isWeb()) {
      String accept = fields.first(FieldName.ACCEPT);
      GrpcCaller accepted = accept == null ? GrpcCaller.NONE : GrpcCaller.of(accept);
      boolean isTextOut = (accepted.isWeb() ? accepted : caller) == GrpcCaller.WEB_TEXT;
      exchange.set(CALL, new Call(caller == GrpcCaller.WEB_TEXT, isTextOut));
      fields.set(
          FieldName.CONTENT_TYPE, GrpcCaller.GRPC.contentType() + format(requireNonNull(type)));
    }
    return Verdict.Proceed.PROCEED;
  }

  @Override
  public BodyUse requestBody(Exchange exchange) {
    Call call = exchange.get(CALL);
    return call == null || !call.isTextIn
        ? BodyUse.Untouched.UNTOUCHED
        : new BodyUse.Chunks(new TextDecoder(exchange.loop().allocator()));
  }

  @Override
  public Verdict onResponse(Exchange exchange) {
    Call call = exchange.get(CALL);
    if (call == null) {
      return Verdict.Proceed.PROCEED;
    }
    call.answer = null; // this may be the second answer, in place of one that was refused
    ResponseHead head = requireNonNull(exchange.response());
    Fields fields = head.fields();
    String type = fields.first(FieldName.CONTENT_TYPE);
    if (exchange.responseOrigin() == ResponseOrigin.UPSTREAM
        && head.status() == 200
        && type != null
        && GrpcCaller.of(type) == GrpcCaller.GRPC) {
      call.answer = takeStatus(fields);
      String format = format(type);
      fields.set(
          FieldName.CONTENT_TYPE,
          (call.isTextOut ? "application/grpc-web-text" : "application/grpc-web")
              + (format.isEmpty() ? "+proto" : format));
    }
    return Verdict.Proceed.PROCEED;
  }

  @Override
  public BodyUse responseBody(Exchange exchange) {
    Call call = exchange.get(CALL);
    Trailers answer = call == null ? null : call.answer;
    return call == null || answer == null
        ? BodyUse.Untouched.UNTOUCHED
        : new BodyUse.Chunks(new WebAnswer(call.isTextOut, answer, exchange.loop().allocator()));
  }

  /** Moves a status out of the head, where pages could not read it. */
  private static Trailers takeStatus(Fields fields) {
    List<Trailers.Line> lines = new ArrayList<>();
    for (FieldName name : STATUS_FIELDS) {
      String value = fields.first(name);
      if (value != null) {
        lines.add(new Trailers.Line(name.text(), value));
        fields.remove(name);
      }
    }
    return lines.isEmpty() ? Trailers.NONE : new Trailers(lines);
  }

  /** {@code +proto} of {@code application/grpc+proto;x=y}; empty if it names none. */
  private static String format(String contentType) {
    int semicolon = contentType.indexOf(';');
    String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
    int plus = type.indexOf('+');
    return plus < 0 ? "" : type.substring(plus).strip();
  }
}
