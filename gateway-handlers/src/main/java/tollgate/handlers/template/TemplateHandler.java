package tollgate.handlers.template;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Set;
import tollgate.core.exchange.Exchange;
import tollgate.core.expression.Alteration;
import tollgate.core.expression.Scope;
import tollgate.core.handler.Body;
import tollgate.core.handler.BodyUse;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Message;
import tollgate.core.handler.Side;
import tollgate.core.handler.Verdict;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.Method;
import tollgate.core.message.Payload;
import tollgate.core.port.Offload;

/**
 * Makes bodies of a template. One that asks nothing of the body that came takes its place whatever
 * it is; else that is built. Event loop only.
 */
final class TemplateHandler implements Handler {
  /** The API's own limit on bodies is below it. */
  private static final BodyUse BUILT = new BodyUse.Built(Integer.MAX_VALUE);

  /** A body that is not looked into is let go of; more than this is none that is thrown away. */
  private static final BodyUse WHOLE = new BodyUse.Whole(1 << 20);

  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

  /** What is true of the bytes that came. */
  private static final List<FieldName> OF_THE_BYTES =
      List.of(
          FieldName.CONTENT_ENCODING,
          FieldName.of("Content-MD5"),
          FieldName.of("Content-Digest"),
          FieldName.of("Digest"),
          FieldName.of("Content-Range"));

  private final TemplateOptions options;
  private final Side side;
  private final Alteration alteration;

  TemplateHandler(TemplateOptions options, Side side, Offload offload) {
    this.options = options;
    this.side = side;
    this.alteration = new Alteration(side, options.sources().face(), offload);
  }

  @Override
  public String name() {
    return TemplateHandlerType.NAME;
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    if (side == Side.RESPONSE) {
      Alteration.askForWhole(exchange);
    }
    return Verdict.Proceed.PROCEED;
  }

  @Override
  public BodyUse requestBody(Exchange exchange) {
    return side == Side.REQUEST && WITH_BODY.contains(exchange.request().method().toString())
        ? use()
        : BodyUse.Untouched.UNTOUCHED;
  }

  @Override
  public Verdict onResponse(Exchange exchange) {
    if (isAnswer(exchange) && exchange.request().method().equals(Method.HEAD)) {
      requireNonNull(exchange.response()).bodyLength(BodyLength.UNKNOWN);
    }
    return Verdict.Proceed.PROCEED;
  }

  @Override
  public BodyUse responseBody(Exchange exchange) {
    return isAnswer(exchange)
            && !Alteration.isBodiless(exchange)
            && (looksNowhere() || !alteration.isForeignError(exchange))
        ? use()
        : BodyUse.Untouched.UNTOUCHED;
  }

  private boolean isAnswer(Exchange exchange) {
    return side == Side.RESPONSE && !Alteration.isLocal(exchange);
  }

  private boolean looksNowhere() {
    return options.sources().face() == null;
  }

  private BodyUse use() {
    return looksNowhere() ? WHOLE : BUILT;
  }

  @Override
  public Verdict onRequestMessage(Exchange exchange, Message message) {
    return replace(exchange, message);
  }

  @Override
  public Verdict onResponseMessage(Exchange exchange, Message message) {
    return replace(exchange, message);
  }

  @Override
  public Verdict onRequestBody(Exchange exchange, Body body) {
    return replace(exchange, exchange.request().fields(), body);
  }

  @Override
  public Verdict onResponseBody(Exchange exchange, Body body) {
    return replace(exchange, requireNonNull(exchange.response()).fields(), body);
  }

  private Verdict replace(Exchange exchange, Message message) {
    Verdict unfit = alteration.unfit(message);
    if (unfit != null) {
      return unfit;
    }
    Scope scope = options.sources().scope(exchange, side, message.payload());
    return alteration.run(
        exchange,
        message.bytes(),
        () -> {
          Payload made = options.template().payload(scope);
          return () -> message.replace(made, options.type());
        });
  }

  /** What heads say is short, so that this may be done here. */
  private Verdict replace(Exchange exchange, Fields fields, Body body) {
    Scope scope = options.sources().scope(exchange, side, null);
    return alteration.run(
        exchange,
        0,
        () -> {
          String made = options.template().text(scope);
          Output.check(options.type(), made);
          return () -> {
            body.replace(Unpooled.wrappedBuffer(made.getBytes(UTF_8)));
            fields.set(FieldName.CONTENT_TYPE, options.type().toString());
            OF_THE_BYTES.forEach(fields::remove);
            fields.remove(FieldName.ETAG);
          };
        });
  }
}
