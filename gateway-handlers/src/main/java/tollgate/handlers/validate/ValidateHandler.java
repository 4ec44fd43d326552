package tollgate.handlers.validate;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.config.model.ValidateConfig.Mode;
import tollgate.core.exchange.Exchange;
import tollgate.core.exchange.Key;
import tollgate.core.exchange.ResponseOrigin;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.Body;
import tollgate.core.handler.BodyUse;
import tollgate.core.handler.Handler;
import tollgate.core.handler.LocalReply;
import tollgate.core.handler.Message;
import tollgate.core.handler.Verdict;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.Method;
import tollgate.core.http.ResponseHead;
import tollgate.core.media.MediaType;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MessageBuilder;
import tollgate.core.message.Payload;
import tollgate.core.message.PayloadLimits;
import tollgate.core.port.Loop;
import tollgate.core.port.Offload;
import tollgate.core.telemetry.Telemetry;
import tollgate.handlers.validate.BodyRules.Content;

/**
 * Compares the requests and responses of one operation with their schema. Event loop only; large
 * bodies are compared elsewhere.
 *
 * <p>A head is judged when it is there, before anything of the body is asked for. Where violations
 * are only logged, nothing that is wrong with a message may stop it: its body is collected and
 * built here, and what cannot be built is one more violation.
 *
 * <p>More than 400 lines in one class: both directions of one operation, enforced or logged.
 */
public final class ValidateHandler implements Handler {
  private static final Logger LOG = LoggerFactory.getLogger(ValidateHandler.class);

  /** Larger bodies take about a millisecond and more to compare. */
  static final int LOOP_BYTES = 32 * 1024;

  /** The same, with XML Schema. */
  static final int LOOP_XML_BYTES = 8 * 1024;

  private static final Key<Content> REQUEST = Key.of("validate.request");
  private static final Key<Content> RESPONSE = Key.of("validate.response");
  private static final FieldName CONTENT_ENCODING = FieldName.CONTENT_ENCODING;

  private final @Nullable RequestRules request;
  private final @Nullable ResponseSide response;
  private final int maxBytes;
  private final Offload offload;
  private final Telemetry telemetry;

  /**
   * What requests are compared with.
   *
   * @param kind as metrics name it
   */
  record RequestRules(Mode mode, String kind, ParameterChecks parameters, BodyRules body) {}

  /** What responses are compared with. */
  record ResponseSide(Mode mode, String kind, ResponseRules rules) {}

  ValidateHandler(
      @Nullable RequestRules request,
      @Nullable ResponseSide response,
      int maxBytes,
      Offload offload,
      Telemetry telemetry) {
    this.request = request;
    this.response = response;
    this.maxBytes = maxBytes;
    this.offload = offload;
    this.telemetry = telemetry;
  }

  @Override
  public String name() {
    return "validate";
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    RequestRules rules = request;
    if (rules == null) {
      return Verdict.Proceed.PROCEED;
    }
    Violations violations = null;
    if (!rules.parameters().isEmpty()) {
      violations = new Violations();
      rules.parameters().check(exchange, violations);
    }
    long length = exchange.request().received().bodyLength();
    boolean hasBody = length != BodyLength.ABSENT && length != 0 && length != BodyLength.TUNNEL;
    if (hasBody) {
      Content content = content(rules.body(), exchange.request().fields(), exchange);
      if (content == null) {
        return undeclared(exchange, rules, violations);
      }
      if (content != Content.Unread.UNREAD) {
        exchange.set(REQUEST, content);
      }
    } else if (rules.body().isRequired() && expectsBody(rules, exchange)) {
      violations = violations == null ? new Violations() : violations;
      violations.add("", "is missing");
    }
    return violations == null || violations.isEmpty()
        ? Verdict.Proceed.PROCEED
        : violated(exchange, rules, violations);
  }

  /** A schema alone says nothing of methods: RFC 9110 9.3 does. */
  private static boolean expectsBody(RequestRules rules, Exchange exchange) {
    Method method = exchange.request().method();
    return rules.kind().equals(Validations.OPENAPI)
        || method.equals(Method.POST)
        || method.equals(Method.PUT)
        || method.equals(Method.PATCH);
  }

  private Verdict undeclared(
      Exchange exchange, RequestRules rules, @Nullable Violations violations) {
    Violations all = violations == null ? new Violations() : violations;
    if (rules.body().media().isEmpty()) {
      all.add("", "is there, and none is declared");
      return violated(exchange, rules, all);
    }
    if (!all.isEmpty()) {
      all.addAtParameter("header", "Content-Type", "", "is none of those declared");
      return violated(exchange, rules, all);
    }
    count(exchange, rules.kind(), "request");
    if (rules.mode() == Mode.LOG) {
      all.addAtParameter("header", "Content-Type", "", "is none of those declared");
      log(exchange, "request", all);
      return Verdict.Proceed.PROCEED;
    }
    return refused(
        FaultCode.UNSUPPORTED_MEDIA_TYPE,
        "The media type of the request is none of those declared.");
  }

  @Override
  public BodyUse requestBody(Exchange exchange) {
    RequestRules rules = request;
    return rules == null || exchange.get(REQUEST) == null
        ? BodyUse.Untouched.UNTOUCHED
        : use(rules.mode());
  }

  private BodyUse use(Mode mode) {
    return mode == Mode.ENFORCE ? new BodyUse.Built(maxBytes) : new BodyUse.Whole(maxBytes);
  }

  @Override
  public Verdict onRequestMessage(Exchange exchange, Message message) {
    RequestRules rules = requireNonNull(request);
    Payload payload = message.payload();
    if (payload == null) {
      return emptyRequest(exchange, rules);
    }
    Content content = requireNonNull(exchange.get(REQUEST));
    return decided(content, payload, violations -> requestVerdict(exchange, rules, violations));
  }

  private Verdict.Decided emptyRequest(Exchange exchange, RequestRules rules) {
    Violations violations = new Violations();
    if (rules.body().isRequired()) {
      violations.add("", "is missing");
    }
    return requestVerdict(exchange, rules, violations);
  }

  @Override
  public Verdict onRequestBody(Exchange exchange, Body body) {
    RequestRules rules = requireNonNull(request);
    if (!body.bytes().isReadable()) {
      return emptyRequest(exchange, rules);
    }
    Content content = requireNonNull(exchange.get(REQUEST));
    return logged(
        content,
        exchange.request().fields(),
        body,
        exchange,
        violations -> requestVerdict(exchange, rules, violations));
  }

  private Verdict.Decided requestVerdict(
      Exchange exchange, RequestRules rules, Violations violations) {
    return violations.isEmpty() ? Verdict.Proceed.PROCEED : violated(exchange, rules, violations);
  }

  private Verdict.Decided violated(Exchange exchange, RequestRules rules, Violations violations) {
    count(exchange, rules.kind(), "request");
    if (rules.mode() == Mode.LOG) {
      log(exchange, "request", violations);
      return Verdict.Proceed.PROCEED;
    }
    return new Verdict.Reply(
        LocalReply.of(
            Fault.of(
                FaultCode.SCHEMA_VIOLATION,
                "The request does not match its schema: " + violations.text(),
                violations.kept())));
  }

  @Override
  public Verdict onResponse(Exchange exchange) {
    ResponseSide side = response;
    if (side == null
        || side.rules().isEmpty()
        || exchange.responseOrigin() == ResponseOrigin.LOCAL) {
      return Verdict.Proceed.PROCEED;
    }
    ResponseHead head = requireNonNull(exchange.response());
    if (head.status() == 101) {
      return Verdict.Proceed.PROCEED;
    }
    Violations violations = new Violations();
    ResponseRules.Rule rule = side.rules().of(head.status());
    if (rule == null) {
      violations.addAtParameter("status", "", "", "is none of those declared");
      return responseVerdict(exchange, side, violations);
    }
    if (!rule.headers().isEmpty()) {
      rule.headers().checkFields(head.fields(), violations);
    }
    if (hasBody(exchange, head)) {
      if (rule.body().media().isEmpty()) {
        violations.add("", "is there, and none is declared");
      } else {
        Content content = content(rule.body(), head.fields(), exchange);
        if (content == null) {
          violations.addAtParameter("header", "Content-Type", "", "is none of those declared");
        } else if (content != Content.Unread.UNREAD && violations.isEmpty()) {
          exchange.set(RESPONSE, content);
        }
      }
    } else if (rule.body().isRequired() && isContentExpected(exchange, head)) {
      violations.add("", "is missing");
    }
    return responseVerdict(exchange, side, violations);
  }

  /** RFC 9110 6.4.1: answers to HEAD, 204 and 304 have no content. */
  private static boolean isContentExpected(Exchange exchange, ResponseHead head) {
    return !exchange.request().method().equals(Method.HEAD)
        && head.status() != 204
        && head.status() != 205
        && head.status() != 304;
  }

  private static boolean hasBody(Exchange exchange, ResponseHead head) {
    long length = head.bodyLength();
    return isContentExpected(exchange, head)
        && length != 0
        && length != BodyLength.ABSENT
        && length != BodyLength.TUNNEL;
  }

  @Override
  public BodyUse responseBody(Exchange exchange) {
    ResponseSide side = response;
    return side == null || exchange.get(RESPONSE) == null
        ? BodyUse.Untouched.UNTOUCHED
        : use(side.mode());
  }

  @Override
  public Verdict onResponseMessage(Exchange exchange, Message message) {
    ResponseSide side = requireNonNull(response);
    Payload payload = message.payload();
    if (payload == null) {
      return emptyResponse(exchange, side);
    }
    return decided(
        requireNonNull(exchange.get(RESPONSE)),
        payload,
        violations -> responseVerdict(exchange, side, violations));
  }

  @Override
  public Verdict onResponseBody(Exchange exchange, Body body) {
    ResponseSide side = requireNonNull(response);
    if (!body.bytes().isReadable()) {
      return emptyResponse(exchange, side);
    }
    return logged(
        requireNonNull(exchange.get(RESPONSE)),
        requireNonNull(exchange.response()).fields(),
        body,
        exchange,
        violations -> responseVerdict(exchange, side, violations));
  }

  private Verdict.Decided emptyResponse(Exchange exchange, ResponseSide side) {
    Violations violations = new Violations();
    violations.add("", "is missing");
    return responseVerdict(exchange, side, violations);
  }

  private Verdict.Decided responseVerdict(
      Exchange exchange, ResponseSide side, Violations violations) {
    if (violations.isEmpty()) {
      return Verdict.Proceed.PROCEED;
    }
    count(exchange, side.kind(), "response");
    if (side.mode() == Mode.LOG) {
      log(exchange, "response", violations);
      return Verdict.Proceed.PROCEED;
    }
    // What is wrong with the backend is for its owners, not for callers.
    return new Verdict.Reply(
        LocalReply.of(
            Fault.of(
                FaultCode.UPSTREAM_SCHEMA_VIOLATION,
                "The backend's answer does not match its schema.",
                violations.text())));
  }

  /** What follows from what is wrong with a body; any thread. */
  @FunctionalInterface
  private interface Ending {
    Verdict.Decided of(Violations violations);
  }

  private Verdict decided(Content content, Payload payload, Ending ending) {
    boolean isLarge =
        switch (content) {
          case Content.Unread _ -> false;
          case Content.Json _ -> payload.json().length() > LOOP_BYTES;
          case Content.Typed typed ->
              typed.isForm()
                  ? payload.json().length() > LOOP_BYTES
                  : payload.xml().size() > LOOP_XML_BYTES;
          case Content.Xml _ -> payload.xml().size() > LOOP_XML_BYTES;
        };
    if (!isLarge) {
      return ending.of(compared(content, payload));
    }
    CompletionStage<Violations> later = offload.compute(() -> compared(content, payload));
    return new Verdict.Later(later.thenApply(ending::of));
  }

  private static Violations compared(Content content, Payload payload) {
    Violations violations = new Violations();
    BodyRules.check(content, payload, violations);
    return violations;
  }

  /** Builds and compares what must go on whatever it is. */
  private Verdict logged(
      Content content, Fields fields, Body body, Exchange exchange, Ending ending) {
    ByteBuf bytes = body.bytes();
    String type = fields.first(FieldName.CONTENT_TYPE);
    MediaType parsed = type == null ? null : MediaType.parse(type);
    MessageBuilder builder = parsed == null ? null : exchange.formats().builder(parsed);
    if (parsed == null || builder == null || fields.contains(CONTENT_ENCODING)) {
      Violations violations = new Violations();
      violations.add("", "cannot be read");
      return ending.of(violations);
    }
    if (bytes.readableBytes() <= LOOP_XML_BYTES) {
      return ending.of(builtAndCompared(content, bytes, parsed, builder));
    }
    // They are read for as long as it takes, even if the exchange ends meanwhile.
    ByteBuf read = bytes.retainedSlice();
    CompletionStage<Violations> later =
        offload
            .compute(() -> builtAndCompared(content, read, parsed, builder))
            .whenComplete((_, _) -> read.release());
    return new Verdict.Later(later.thenApply(ending::of));
  }

  private static Violations builtAndCompared(
      Content content, ByteBuf bytes, MediaType type, MessageBuilder builder) {
    Violations violations = new Violations();
    try {
      BodyRules.check(content, builder.build(bytes, type, PayloadLimits.DEFAULT), violations);
    } catch (MalformedPayloadException e) {
      violations.add("", "cannot be read: " + e.getMessage());
    }
    return violations;
  }

  private static @Nullable Content content(BodyRules rules, Fields fields, Exchange exchange) {
    List<String> types = fields.all(FieldName.CONTENT_TYPE);
    MediaType type = types.size() == 1 ? MediaType.parse(types.getFirst()) : null;
    return type == null ? null : rules.find(type, exchange.formats());
  }

  private void count(Exchange exchange, String kind, String direction) {
    Loop loop = exchange.loop();
    if (loop.inEventLoop()) {
      telemetry.violated(loop.index(), exchange.route(), kind, direction);
    } else { // what was compared elsewhere
      loop.execute(() -> telemetry.violated(loop.index(), exchange.route(), kind, direction));
    }
  }

  private static void log(Exchange exchange, String direction, Violations violations) {
    LOG.info(
        "{} of request {} to {} of {}:{} violates its schema: {}",
        direction,
        exchange.requestId(),
        exchange.route().operation(),
        exchange.route().api(),
        exchange.route().apiVersion(),
        violations.text());
  }

  private static Verdict.Decided refused(FaultCode code, String detail) {
    return new Verdict.Reply(LocalReply.of(Fault.of(code, detail)));
  }
}
