package tollgate.handlers.structurallimits;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tollgate.core.coding.Decoding;
import tollgate.core.exchange.Exchange;
import tollgate.core.exchange.Key;
import tollgate.core.exchange.ResponseOrigin;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.BodyUse;
import tollgate.core.handler.ChunkFilter;
import tollgate.core.handler.Handler;
import tollgate.core.handler.LocalReply;
import tollgate.core.handler.Side;
import tollgate.core.handler.Verdict;
import tollgate.core.http.BodyLength;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.ResponseHead;
import tollgate.core.message.scan.JsonScanner;
import tollgate.core.message.scan.PayloadScanner;
import tollgate.core.message.scan.XmlScanner;

/**
 * Lets JSON and XML pass that are well-formed and within limits, as they came. Chosen by the media
 * type; decoded for the check only. Event loop only.
 */
final class StructuralLimitsHandler implements Handler {
  /** What the head said, from the head to the question for the body. */
  private static final Key<Plan> PLAN = Key.of("structuralLimits");

  private final StructuralLimitsOptions options;
  private final Side side;
  private final Windows windows;

  /**
   * @param codings empty for a body as it is
   */
  private record Plan(PayloadType.Kind kind, @Nullable String charset, List<Decoding> codings) {
    static final Plan NOTHING = new Plan(PayloadType.Kind.NONE, null, List.of());
    static final Plan JSON = new Plan(PayloadType.Kind.JSON, null, List.of());
  }

  StructuralLimitsHandler(StructuralLimitsOptions options, Side side, Windows windows) {
    this.options = options;
    this.side = side;
    this.windows = windows;
  }

  @Override
  public String name() {
    return StructuralLimitsHandlerType.NAME;
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    return side == Side.RESPONSE
        ? Verdict.Proceed.PROCEED
        : judge(exchange, exchange.request().fields(), exchange.request().received().bodyLength());
  }

  @Override
  public Verdict onResponse(Exchange exchange) {
    ResponseHead head = requireNonNull(exchange.response());
    // A part of a text is no text; an answer of ours needs no check.
    if (side == Side.REQUEST
        || exchange.responseOrigin() == ResponseOrigin.LOCAL
        || head.status() == 206) {
      exchange.set(PLAN, Plan.NOTHING);
      return Verdict.Proceed.PROCEED;
    }
    return judge(exchange, head.fields(), head.bodyLength());
  }

  @Override
  public BodyUse requestBody(Exchange exchange) {
    return use(exchange);
  }

  @Override
  public BodyUse responseBody(Exchange exchange) {
    return use(exchange);
  }

  private Verdict judge(Exchange exchange, Fields fields, long bodyLength) {
    exchange.set(PLAN, Plan.NOTHING);
    if (bodyLength == 0 || bodyLength == BodyLength.ABSENT || bodyLength == BodyLength.TUNNEL) {
      return Verdict.Proceed.PROCEED;
    }
    PayloadType type = PayloadType.of(fields);
    PayloadType.Kind kind =
        switch (type.kind()) {
          case JSON, LINES, XML, UNREADABLE -> type.kind();
          case OTHER -> kind(options.otherTypes());
          case NONE -> kind(options.noType());
        };
    if (kind == PayloadType.Kind.UNREADABLE) {
      return refuse(
          FaultCode.UNSUPPORTED_MEDIA_TYPE,
          "The body's Content-Type cannot be read, or is not accepted here.");
    }
    if (kind == PayloadType.Kind.OTHER) {
      return Verdict.Proceed.PROCEED;
    }
    if (!isCharsetRead(kind, type.charset())) {
      return refuse(FaultCode.UNSUPPORTED_CHARSET, "The body's charset is not accepted here.");
    }
    if (!fields.contains(FieldName.CONTENT_ENCODING)) {
      exchange.set(
          PLAN,
          type.charset() == null && kind == PayloadType.Kind.JSON
              ? Plan.JSON
              : new Plan(kind, type.charset(), List.of()));
      return Verdict.Proceed.PROCEED;
    }
    List<Decoding> codings = Decoding.parse(fields.all(FieldName.CONTENT_ENCODING));
    if (codings == null) {
      return refuse(
          FaultCode.UNSUPPORTED_CODING,
          "The body's content coding is not accepted here; at most two of gzip, deflate, br and"
              + " zstd are.");
    }
    exchange.set(PLAN, new Plan(kind, type.charset(), codings));
    return Verdict.Proceed.PROCEED;
  }

  /** Where there is no kind of its own; UNREADABLE where it is to be refused. */
  private static PayloadType.Kind kind(OtherTypes choice) {
    return switch (choice) {
      case PASS -> PayloadType.Kind.OTHER;
      case REFUSE -> PayloadType.Kind.UNREADABLE;
      case JSON -> PayloadType.Kind.JSON;
      case XML -> PayloadType.Kind.XML;
    };
  }

  private static boolean isCharsetRead(PayloadType.Kind kind, @Nullable String charset) {
    if (charset == null) {
      return true;
    }
    if (kind == PayloadType.Kind.XML) {
      return XmlScanner.reads(charset);
    }
    return switch (charset.toLowerCase(Locale.ROOT)) {
      case "utf-8", "utf8", "us-ascii", "ascii" -> true;
      default -> false;
    };
  }

  private Verdict refuse(FaultCode ofRequest, String detail) {
    return new Verdict.Reply(LocalReply.of(ScanFilter.fault(side, ofRequest, detail)));
  }

  private BodyUse use(Exchange exchange) {
    Plan plan = exchange.get(PLAN);
    if (plan == null || plan.kind() == PayloadType.Kind.NONE) {
      return BodyUse.Untouched.UNTOUCHED;
    }
    byte[] window = windows.of(exchange.loop().index());
    boolean isXml = plan.kind() == PayloadType.Kind.XML;
    PayloadScanner scanner =
        isXml
            ? new XmlScanner(options.xml(), window, plan.charset())
            : plan.kind() == PayloadType.Kind.LINES
                ? JsonScanner.ofLines(options.json(), window)
                : new JsonScanner(options.json(), window);
    return new BodyUse.Chunks(
        new ScanFilter(
            scanner,
            side,
            heldBackBytes(plan.kind()),
            plan.codings(),
            isXml ? options.xml().bytes() : options.json().bytes(),
            exchange.loop().allocator()));
  }

  private int heldBackBytes(PayloadType.Kind kind) {
    if (options.hold()) {
      return Integer.MAX_VALUE;
    }
    // Lines of a response are read as they come.
    return side == Side.RESPONSE && kind == PayloadType.Kind.LINES
        ? 0
        : ChunkFilter.HELD_BACK_BYTES;
  }
}
