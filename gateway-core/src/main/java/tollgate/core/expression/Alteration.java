package tollgate.core.expression;

import static java.util.Objects.requireNonNull;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.Exchange;
import tollgate.core.exchange.ResponseOrigin;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.LocalReply;
import tollgate.core.handler.LongWork;
import tollgate.core.handler.Message;
import tollgate.core.handler.Side;
import tollgate.core.handler.Verdict;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.Method;
import tollgate.core.http.ResponseHead;
import tollgate.core.media.MediaType;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MessageFormat;
import tollgate.core.message.Payload;
import tollgate.core.port.Offload;

/**
 * How a step changes the messages of one direction: which of them, on which thread, and what
 * becomes of those that cannot be changed. Immutable; event loop only.
 */
public final class Alteration {
  /** The work on larger bodies is done elsewhere than on the loop. */
  private static final int LOOP_BYTES = 16 * 1024;

  private static final int FIRST_ERROR = 400;
  private static final FieldName ACCEPT_ENCODING = FieldName.of("Accept-Encoding");
  private static final FieldName RANGE = FieldName.of("Range");
  private static final FieldName IF_RANGE = FieldName.of("If-Range");

  private final Side side;
  private final @Nullable Face face;
  private final LongWork work;

  /**
   * @param face the form that bodies must have; null if any will do, or none is looked into
   */
  public Alteration(Side side, @Nullable Face face, Offload offload) {
    this.side = requireNonNull(side, "side");
    this.face = face;
    this.work = new LongWork(offload, LOOP_BYTES);
  }

  /** Asks the backend for a whole answer without content codings. */
  public static void askForWhole(Exchange exchange) {
    Fields fields = exchange.request().fields();
    fields.remove(RANGE);
    fields.remove(IF_RANGE);
    fields.set(ACCEPT_ENCODING, "identity");
  }

  /** Whether the response is the gateway's own, which is in the caller's format already. */
  public static boolean isLocal(Exchange exchange) {
    return exchange.responseOrigin() == ResponseOrigin.LOCAL;
  }

  /** Whether the response has no body whatever its fields say: RFC 9112 section 6.3. */
  public static boolean isBodiless(Exchange exchange) {
    int status = requireNonNull(exchange.response()).status();
    return status == 101
        || status == 204
        || status == 304
        || exchange.request().method().equals(Method.HEAD);
  }

  /**
   * Whether the response is an error whose body cannot be read as it must be: the page of something
   * before the backend says more as it is than as our 502.
   */
  public boolean isForeignError(Exchange exchange) {
    ResponseHead head = requireNonNull(exchange.response());
    if (head.status() < FIRST_ERROR || !head.fields().contains(FieldName.CONTENT_TYPE)) {
      return head.status() >= FIRST_ERROR && head.bodyLength() != 0;
    }
    MediaType type = MediaType.parse(requireNonNull(head.fields().first(FieldName.CONTENT_TYPE)));
    MessageFormat format = type == null ? null : exchange.formats().format(type);
    return format == null || (face != null && !face.isOf(format));
  }

  /** Refuses a body that is of another form; null if it is good, or there is none. */
  public @Nullable Verdict unfit(Message message) {
    Payload payload = message.payload();
    if (payload == null || face == null || face.isOf(payload)) {
      return null;
    }
    String why =
        face == Face.JSON
            ? "it is no JSON, and the API needs it to be"
            : "it is no XML, and the API needs it to be";
    return new Verdict.Reply(
        LocalReply.of(
            side == Side.REQUEST
                ? Fault.of(
                    FaultCode.UNSUPPORTED_MEDIA_TYPE,
                    "The request body cannot be changed: " + why + ".")
                : Fault.of(
                    FaultCode.UPSTREAM_PAYLOAD, "The backend's answer cannot be changed.", why)));
  }

  /**
   * Does the work.
   *
   * @param bytes of the body that it is done on
   * @param work any thread; may throw MalformedPayloadException; gives what is to be done on the
   *     loop with its result
   */
  public Verdict run(Exchange exchange, int bytes, Supplier<Runnable> work) {
    return this.work.run(exchange, bytes, () -> attempted(work), this::decided);
  }

  /** Either of the two. */
  private record Attempted(
      @Nullable Runnable result, @Nullable MalformedPayloadException malformed) {}

  private static Attempted attempted(Supplier<Runnable> work) {
    try {
      return new Attempted(work.get(), null);
    } catch (MalformedPayloadException e) {
      return new Attempted(null, e);
    }
  }

  private Verdict.Decided decided(Attempted attempted) {
    Runnable result = attempted.result();
    if (result == null) {
      return refused(requireNonNull(attempted.malformed()));
    }
    try {
      result.run();
      return Verdict.Proceed.PROCEED;
    } catch (MalformedPayloadException e) {
      return refused(e);
    }
  }

  private Verdict.Decided refused(MalformedPayloadException malformed) {
    if (side == Side.RESPONSE) {
      return reply(
          Fault.of(
              FaultCode.UPSTREAM_PAYLOAD,
              "The backend's answer cannot be changed.",
              malformed.getMessage()));
    }
    FaultCode code =
        switch (malformed.kind()) {
          case MALFORMED -> FaultCode.MALFORMED_PAYLOAD;
          case TOO_COMPLEX -> FaultCode.PAYLOAD_TOO_COMPLEX;
          case UNSUPPORTED -> FaultCode.UNSUPPORTED_MEDIA_TYPE;
        };
    return reply(Fault.of(code, "The request cannot be changed: " + malformed.getMessage() + "."));
  }

  private static Verdict.Decided reply(Fault fault) {
    return new Verdict.Reply(LocalReply.of(fault));
  }
}
