package tollgate.core.chain;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.Ending;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.grpc.GrpcCaller;
import tollgate.core.grpc.GrpcFields;
import tollgate.core.grpc.GrpcRules;
import tollgate.core.grpc.GrpcStatus;
import tollgate.core.grpc.GrpcTimeout;
import tollgate.core.grpc.MessageFilter;
import tollgate.core.handler.ChunkFilter;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.RequestHead;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Trailers;
import tollgate.core.port.Loop;
import tollgate.core.time.Alarm;

/**
 * What an exchange is beside HTTP when its caller speaks gRPC or gRPC-Web: its deadline, what its
 * backend is asked, and whether it has been told how the call ended. Event loop only.
 */
final class GrpcCall {
  private static final Fault NO_STATUS =
      Fault.of(FaultCode.UPSTREAM_PROTOCOL, "The backend ended its answer without a status.");

  private final Loop loop;
  private final @Nullable GrpcRules rules;
  private @Nullable Alarm alarm;
  private long deadlineNanos;
  private boolean isAskedInGrpc;
  private boolean isAnsweredInGrpc;
  private int status = GrpcFields.NO_STATUS;
  private @Nullable MessageFilter responses;

  /**
   * @param rules of the operation; null where it is no gRPC service or method
   */
  GrpcCall(Loop loop, @Nullable GrpcRules rules) {
    this.loop = loop;
    this.rules = rules;
  }

  /**
   * Reads how long the call may take, from when its head was complete, and sets the alarm.
   *
   * @return why it goes no further; null if it does
   */
  @Nullable Fault start(RequestHead head, long startNanos, Runnable onDeadline) {
    List<String> given = head.fields().all(GrpcFields.TIMEOUT);
    long timeout = given.size() == 1 ? GrpcTimeout.parse(given.getFirst()) : Long.MAX_VALUE;
    if (given.size() > 1 || timeout == GrpcTimeout.INVALID) {
      return Fault.of(
          FaultCode.REFUSED_FIELD, "grpc-timeout is not one to eight digits and a unit.");
    }
    if (rules != null) {
      timeout = Math.min(timeout, rules.maxDeadlineNanos());
    }
    if (timeout == Long.MAX_VALUE) {
      return null;
    }
    deadlineNanos = startNanos + Math.min(timeout, Long.MAX_VALUE >> 2);
    long left = deadlineNanos - loop.ticker().nanos();
    if (left <= 0) {
      return exceeded();
    }
    Alarm deadline =
        new Alarm() {
          @Override
          protected void onAlarm() {
            onDeadline.run();
          }
        };
    alarm = deadline;
    loop.set(deadline, left);
    return null;
  }

  static Fault exceeded() {
    return Fault.of(FaultCode.DEADLINE_EXCEEDED, "The call did not end before its deadline.");
  }

  /**
   * The handlers have made of the request what the backend is to get.
   *
   * @return why it may not have it; null if it may
   */
  @Nullable Fault settled(RequestHead head) {
    isAskedInGrpc = isGrpc(head.fields());
    return rules == null || isAskedInGrpc ? null : notGrpc();
  }

  /** The operation is gRPC, and the request is not. */
  static Fault notGrpc() {
    return Fault.of(FaultCode.UNSUPPORTED_MEDIA_TYPE, "Only application/grpc is served here.");
  }

  /** What the request's body must pass; null for nothing. */
  @Nullable ChunkFilter requests() {
    return rules == null ? null : MessageFilter.ofRequest(rules.maxMessageBytes());
  }

  /**
   * Makes an attempt's head what a gRPC server expects of the one before it.
   *
   * @return whether there is still time for it
   */
  boolean prepare(RequestHead head) {
    if (isAskedInGrpc) {
      // gRPC over HTTP2, "TE": to detect proxies that lose trailers.
      head.fields().set(FieldName.TE, "trailers");
    }
    if (alarm == null) {
      return true;
    }
    long left = deadlineNanos - loop.ticker().nanos();
    if (left <= 0) {
      return false;
    }
    head.fields().set(GrpcFields.TIMEOUT, GrpcTimeout.print(left));
    return true;
  }

  /**
   * A backend has answered.
   *
   * @return what the answer's body must pass; null for nothing
   */
  @Nullable ChunkFilter answered(ResponseHead head) {
    // Any other answer goes to the caller as it is, who knows what it means to a call.
    isAnsweredInGrpc = isAskedInGrpc && head.status() == 200 && isGrpc(head.fields());
    status = isAnsweredInGrpc ? GrpcFields.status(head.fields()) : GrpcFields.NO_STATUS;
    // gRPC over HTTP2, "Trailers-Only": without a filter it is known that no body follows, and the
    // head must say so, or clients take the status in it for no status.
    boolean isHeadAll = head.bodyLength() == 0 || head.bodyLength() == BodyLength.ABSENT;
    if (isAnsweredInGrpc && rules != null && !isHeadAll) {
      responses = MessageFilter.ofResponse(rules.maxMessageBytes());
    }
    return responses;
  }

  /** Why a complete answer of a backend is none; null if it is one. */
  @Nullable Fault judge(Trailers trailers) {
    if (isAnsweredInGrpc && status == GrpcFields.NO_STATUS) {
      status = GrpcFields.status(trailers);
      return status == GrpcFields.NO_STATUS ? NO_STATUS : null;
    }
    return null;
  }

  /** As {@code ExchangeRecord} has it. */
  int status(Ending ending) {
    Fault fault = ending.fault();
    return fault == null ? status : GrpcStatus.of(fault.code()).code();
  }

  /** What came, and the status that it lacks. */
  static Trailers completed(Trailers trailers, Fault fault) {
    List<Trailers.Line> lines = new ArrayList<>(trailers.lines());
    lines.addAll(GrpcFields.of(fault).lines());
    return new Trailers(lines);
  }

  /** Whether an answer that has begun can be ended by a status without cutting a message. */
  boolean isBetweenMessages() {
    MessageFilter seen = responses;
    return seen != null && seen.isBetweenMessages();
  }

  void over() {
    Alarm set = alarm;
    if (set != null) {
      loop.remove(set);
    }
  }

  private static boolean isGrpc(Fields fields) {
    String type = fields.first(FieldName.CONTENT_TYPE);
    return type != null && GrpcCaller.of(type) == GrpcCaller.GRPC;
  }
}
