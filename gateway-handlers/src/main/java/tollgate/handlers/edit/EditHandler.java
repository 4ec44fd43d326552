package tollgate.handlers.edit;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.Exchange;
import tollgate.core.expression.Alteration;
import tollgate.core.expression.Face;
import tollgate.core.expression.HeadEdits;
import tollgate.core.expression.Scope;
import tollgate.core.handler.BodyUse;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Message;
import tollgate.core.handler.Side;
import tollgate.core.handler.Verdict;
import tollgate.core.http.BodyLength;
import tollgate.core.http.Method;
import tollgate.core.media.MediaType;
import tollgate.core.message.MessageFormat;
import tollgate.core.message.Payload;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.xml.XmlDocument;
import tollgate.core.port.Offload;

/**
 * Changes values of bodies, and sets fields and parameters. All values are made of the message as
 * it came to the step, before any of it is changed. Event loop only.
 */
final class EditHandler implements Handler {
  /** The API's own limit on bodies is below it. */
  private static final BodyUse BUILT = new BodyUse.Built(Integer.MAX_VALUE);

  private final EditOptions edits;
  private final List<BodyEdit.OfJson> json;
  private final List<BodyEdit.OfXml> xml;
  private final HeadEdits head;
  private final Side side;
  private final Alteration alteration;

  EditHandler(EditOptions edits, Side side, Offload offload) {
    this.edits = edits;
    this.json = of(BodyEdit.OfJson.class, edits);
    this.xml = of(BodyEdit.OfXml.class, edits);
    this.head = new HeadEdits(edits.headers(), edits.query());
    this.side = side;
    this.alteration = new Alteration(side, edits.face(), offload);
  }

  private static <T> List<T> of(Class<T> type, EditOptions edits) {
    return edits.body().stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Override
  public String name() {
    return EditHandlerType.NAME;
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    if (side == Side.RESPONSE) {
      if (edits.face() != null) {
        Alteration.askForWhole(exchange);
      }
      return Verdict.Proceed.PROCEED;
    }
    return edits.face() == null ? editHead(exchange) : Verdict.Proceed.PROCEED;
  }

  @Override
  public BodyUse requestBody(Exchange exchange) {
    return side == Side.REQUEST && edits.face() != null ? BUILT : BodyUse.Untouched.UNTOUCHED;
  }

  @Override
  public Verdict onRequestMessage(Exchange exchange, Message message) {
    return edit(exchange, message);
  }

  @Override
  public Verdict onResponse(Exchange exchange) {
    if (side == Side.REQUEST || Alteration.isLocal(exchange)) {
      return Verdict.Proceed.PROCEED;
    }
    if (!edits.body().isEmpty() && exchange.request().method().equals(Method.HEAD)) {
      requireNonNull(exchange.response())
          .bodyLength(BodyLength.UNKNOWN); // not known without the body
    }
    return looksInto(exchange) ? Verdict.Proceed.PROCEED : editHead(exchange);
  }

  @Override
  public BodyUse responseBody(Exchange exchange) {
    return side == Side.RESPONSE && !Alteration.isLocal(exchange) && looksInto(exchange)
        ? BUILT
        : BodyUse.Untouched.UNTOUCHED;
  }

  @Override
  public Verdict onResponseMessage(Exchange exchange, Message message) {
    return edit(exchange, message);
  }

  private boolean looksInto(Exchange exchange) {
    return edits.face() != null
        && !Alteration.isBodiless(exchange)
        && !alteration.isForeignError(exchange);
  }

  private Verdict editHead(Exchange exchange) {
    Scope scope = edits.sources().scope(exchange, side, null);
    return alteration.run(exchange, 0, () -> applying(head.make(scope), exchange));
  }

  private Verdict edit(Exchange exchange, Message message) {
    Verdict unfit = alteration.unfit(message);
    if (unfit != null) {
      return unfit;
    }
    Payload payload = message.payload();
    Scope scope = edits.sources().scope(exchange, side, payload);
    return alteration.run(
        exchange,
        message.bytes(),
        () -> {
          HeadEdits.Made made = head.make(scope);
          Payload edited = payload == null ? null : edited(payload, scope);
          return () -> {
            made.apply(exchange, side);
            if (edited != null) {
              message.replace(edited, type(exchange, message));
            }
          };
        });
  }

  private Runnable applying(HeadEdits.Made made, Exchange exchange) {
    return () -> made.apply(exchange, side);
  }

  /** Null if nothing was to change. */
  @SuppressWarnings("ReferenceEquality") // the very same: nothing was changed
  private @Nullable Payload edited(Payload payload, Scope scope) {
    if (edits.face() == Face.JSON) {
      JsonDocument body = payload.json();
      JsonDocument edited = JsonEdits.run(json, body, scope);
      return edited == body ? null : Payload.of(edited);
    }
    XmlDocument body = payload.xml();
    XmlDocument edited = XmlEdits.run(xml, body, scope);
    return edited == body ? null : Payload.of(edited);
  }

  /** Its type as it was; a charset only where it is written in that. */
  private static MediaType type(Exchange exchange, Message message) {
    MediaType type = message.type();
    if (type == null) {
      throw new IllegalStateException("a body without a type");
    }
    MessageFormat format = exchange.formats().format(type);
    boolean keepsCharset =
        format != null
            && switch (format.name()) {
              case "xml", "soap", "text" -> true;
              default -> false;
            };
    return keepsCharset ? type : type.without("charset");
  }
}
