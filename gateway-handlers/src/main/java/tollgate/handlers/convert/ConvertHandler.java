package tollgate.handlers.convert;

import static java.util.Objects.requireNonNull;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.ConvertConfig;
import tollgate.config.model.MessagesConfig.Response;
import tollgate.config.model.MessagesConfig.Target;
import tollgate.core.exchange.Exchange;
import tollgate.core.exchange.Key;
import tollgate.core.exchange.ResponseOrigin;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.BodyUse;
import tollgate.core.handler.Handler;
import tollgate.core.handler.HandlerContext;
import tollgate.core.handler.LocalReply;
import tollgate.core.handler.LongWork;
import tollgate.core.handler.Message;
import tollgate.core.handler.Verdict;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.Method;
import tollgate.core.http.ResponseHead;
import tollgate.core.media.MediaType;
import tollgate.core.message.JsonXml;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MessageFormat;
import tollgate.core.message.MessageFormats;
import tollgate.core.message.Payload;
import tollgate.core.message.soap.SoapEnvelope;
import tollgate.core.message.typed.DocumentType;
import tollgate.core.message.typed.TypedJson;
import tollgate.core.message.typed.TypedXml;
import tollgate.core.port.Offload;

/**
 * Turns messages into the format that the other side speaks: {@code messages.convert}. A body that
 * has that format already is built, too, so that nothing malformed goes on, and passes byte for
 * byte. Answers of the gateway itself are in the caller's format by themselves. Event loop only.
 */
final class ConvertHandler implements Handler {
  /** More than so many bytes are converted elsewhere than on the loop. */
  static final int LOOP_BYTES = 64 * 1024;

  private static final FieldName ACCEPT = FieldName.of("Accept");
  private static final FieldName ACCEPT_ENCODING = FieldName.of("Accept-Encoding");
  private static final FieldName RANGE = FieldName.of("Range");
  private static final FieldName IF_RANGE = FieldName.of("If-Range");
  private static final FieldName VARY = FieldName.of("Vary");
  private static final int FIRST_ERROR = 400;

  private static final Key<Preference> PREFERENCE = Key.of("convert.preference");

  private static final Verdict NOT_ACCEPTABLE =
      new Verdict.Reply(
          LocalReply.of(
              Fault.of(
                  FaultCode.NOT_ACCEPTABLE,
                  "The answer can be had as JSON or XML, and Accept allows neither.")));

  private final @Nullable Target request;
  private final @Nullable Response response;
  private final JsonXml.Shape shape;
  private final MessageTypes types;
  private final BodyUse.Built built;
  private final LongWork work;

  private ConvertHandler(ConvertConfig convert, MessageTypes types, int maxBytes, Offload offload) {
    this.types = types;
    this.request = convert.request();
    this.response = convert.response();
    this.shape =
        switch (convert.shape()) {
          case EXACT -> JsonXml.Shape.EXACT;
          case WSO2 -> JsonXml.Shape.WSO2;
          case BADGERFISH -> JsonXml.Shape.BADGERFISH;
        };
    this.built = new BodyUse.Built(maxBytes);
    this.work = new LongWork(offload, LOOP_BYTES);
  }

  /**
   * @param maxBytes of a body that is converted
   */
  static ConvertHandler of(
      ConvertConfig convert, MessageTypes types, int maxBytes, HandlerContext context) {
    return new ConvertHandler(convert, types, maxBytes, context.offload());
  }

  @Override
  public String name() {
    return "convert";
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    if (response == null) {
      return Verdict.Proceed.PROCEED;
    }
    Fields fields = exchange.request().fields();
    if (response == Response.Negotiated.NEGOTIATED) {
      Preference preference = Preference.of(fields.all(ACCEPT));
      if (preference == Preference.NEITHER) {
        return NOT_ACCEPTABLE;
      }
      exchange.set(PREFERENCE, preference);
    }
    // Whatever the backend has will do, but as a whole and as it is.
    fields.remove(RANGE);
    fields.remove(IF_RANGE);
    fields.set(ACCEPT_ENCODING, "identity");
    if (fields.contains(ACCEPT)) {
      fields.set(ACCEPT, String.join(", ", fields.all(ACCEPT)) + ", */*;q=0.1");
    }
    return Verdict.Proceed.PROCEED;
  }

  @Override
  public BodyUse requestBody(Exchange exchange) {
    return request == null ? BodyUse.Untouched.UNTOUCHED : built;
  }

  @Override
  public Verdict onRequestMessage(Exchange exchange, Message message) {
    return request == null
        ? Verdict.Proceed.PROCEED
        : convert(exchange, message, request, types.request(), ConvertHandler::malformedRequest);
  }

  @Override
  public Verdict onResponse(Exchange exchange) {
    ResponseHead head = requireNonNull(exchange.response());
    if (response == null || exchange.responseOrigin() == ResponseOrigin.LOCAL) {
      return Verdict.Proceed.PROCEED;
    }
    if (response == Response.Negotiated.NEGOTIATED) {
      head.fields().add(VARY, "Accept");
    }
    if (exchange.request().method().equals(Method.HEAD)) {
      head.bodyLength(BodyLength.UNKNOWN); // what it would be is not known without the body
    }
    return Verdict.Proceed.PROCEED;
  }

  @Override
  public BodyUse responseBody(Exchange exchange) {
    return response == null
            || exchange.responseOrigin() == ResponseOrigin.LOCAL
            || isForeignError(exchange)
        ? BodyUse.Untouched.UNTOUCHED
        : built;
  }

  /** An error page of something before the backend says more as it is than as our 502. */
  private static boolean isForeignError(Exchange exchange) {
    ResponseHead head = requireNonNull(exchange.response());
    if (head.status() < FIRST_ERROR) {
      return false;
    }
    String text = head.fields().first(FieldName.CONTENT_TYPE);
    MediaType type = text == null ? null : MediaType.parse(text);
    return type == null || exchange.formats().format(type) == null;
  }

  @Override
  public Verdict onResponseMessage(Exchange exchange, Message message) {
    Target target =
        switch (requireNonNull(response)) {
          case Response.To to -> to.target();
          case Response.Negotiated _ ->
              switch (requireNonNull(exchange.get(PREFERENCE))) {
                case JSON -> Target.JSON;
                case XML -> Target.XML;
                case EITHER, NEITHER -> null;
              };
        };
    return target == null
        ? Verdict.Proceed.PROCEED
        : convert(
            exchange,
            message,
            target,
            types.response(requireNonNull(exchange.response()).status()),
            ConvertHandler::malformedResponse);
  }

  /** Whether it is written as it should be: formats of plug-ins may be of the same model. */
  private static boolean isOf(
      Target target, Payload payload, MessageFormats formats, @Nullable MediaType type) {
    MessageFormat format = type == null ? null : formats.format(type);
    if (format == null) {
      return false;
    }
    return switch (target) {
      case JSON -> payload.isJson() && format.name().equals("json");
      case XML -> payload.isXml() && (format.name().equals("xml") || format.name().equals("soap"));
    };
  }

  private static Fault malformedRequest(MalformedPayloadException e) {
    FaultCode code =
        e.kind() == MalformedPayloadException.Kind.TOO_COMPLEX
            ? FaultCode.PAYLOAD_TOO_COMPLEX
            : FaultCode.MALFORMED_PAYLOAD;
    return Fault.of(code, "The request body cannot be converted: " + e.getMessage() + ".");
  }

  private static Fault malformedResponse(MalformedPayloadException e) {
    return Fault.of(
        FaultCode.UPSTREAM_PAYLOAD, "The backend's answer cannot be converted.", e.getMessage());
  }

  private Verdict convert(
      Exchange exchange,
      Message message,
      Target target,
      @Nullable DocumentType known,
      Function<MalformedPayloadException, Fault> malformed) {
    Payload payload = message.payload();
    if (payload == null || isOf(target, payload, exchange.formats(), message.type())) {
      return Verdict.Proceed.PROCEED;
    }
    MediaType type = target == Target.XML ? MediaType.XML : MediaType.JSON;
    return work.run(
        exchange,
        message.bytes(),
        () -> converted(payload, target, known, malformed),
        result -> decided(message, result, type));
  }

  /** Either of the two. */
  private record Result(@Nullable Payload payload, @Nullable Fault refusal) {}

  private Result converted(
      Payload payload,
      Target target,
      @Nullable DocumentType known,
      Function<MalformedPayloadException, Fault> malformed) {
    try {
      return new Result(
          target == Target.XML ? toXml(payload, known) : toJson(payload, known), null);
    } catch (MalformedPayloadException e) {
      return new Result(null, malformed.apply(e));
    }
  }

  private Payload toXml(Payload payload, @Nullable DocumentType known) {
    return Payload.of(
        known != null && types.shapesXml(known)
            ? TypedXml.write(payload.json(), known)
            : payload.in(shape).xml());
  }

  private Payload toJson(Payload payload, @Nullable DocumentType known) {
    boolean isTyped =
        known != null
            && payload.isXml()
            && !JsonXml.isMarked(payload.xml())
            && SoapEnvelope.of(payload.xml()) == null;
    return Payload.of(
        isTyped ? TypedJson.read(payload.xml(), requireNonNull(known)) : payload.in(shape).json());
  }

  private static Verdict.Decided decided(Message message, Result result, MediaType type) {
    Payload payload = result.payload();
    if (payload == null) {
      return new Verdict.Reply(LocalReply.of(requireNonNull(result.refusal())));
    }
    message.replace(payload, type);
    return Verdict.Proceed.PROCEED;
  }
}
