package tollgate.handlers.compress;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tollgate.core.coding.ContentCoding;
import tollgate.core.coding.Encoder;
import tollgate.core.exchange.Exchange;
import tollgate.core.exchange.Key;
import tollgate.core.handler.BodyUse;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Verdict;
import tollgate.core.http.EntityTag;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.Method;
import tollgate.core.http.ResponseHead;

/**
 * Compresses responses for clients that can decode them. Event loop only.
 *
 * <p>{@code Vary: Accept-Encoding} stands on every response that another client could have got
 * compressed, so that a cache does not give one client's to another.
 */
final class CompressHandler implements Handler {
  static final FieldName ACCEPT_ENCODING = FieldName.of("Accept-Encoding");
  static final FieldName ACCEPT_RANGES = FieldName.of("Accept-Ranges");
  static final FieldName CONTENT_RANGE = FieldName.of("Content-Range");

  /** RFC 9530 and its forerunners: they are of the bytes as they came. */
  private static final FieldName[] DIGESTS = {
    FieldName.of("Content-Digest"),
    FieldName.of("Repr-Digest"),
    FieldName.of("Digest"),
    FieldName.of("Content-MD5")
  };

  /** What is read piece by piece as it comes. */
  private static final Set<String> STREAMS =
      Set.of("text/event-stream", "application/x-ndjson", "application/json-seq");

  private static final Key<Choice> CHOICE = Key.of("compress");

  private final List<ContentCoding> codings;
  private final MediaTypes types;
  private final long minBytes;
  private final Map<ContentCoding, Factory> factories = new EnumMap<>(ContentCoding.class);

  /** Makes an encoder per response. */
  interface Factory {
    Encoder create();
  }

  /**
   * @param coding null for the body as it is
   */
  private record Choice(@Nullable ContentCoding coding, boolean isStream) {
    static final Choice NOTHING = new Choice(null, false);
  }

  CompressHandler(CompressOptions options) {
    this(
        options,
        coding -> {
          int level = requireNonNull(options.levels().get(coding));
          return () -> coding.encoder(level);
        });
  }

  CompressHandler(CompressOptions options, Function<ContentCoding, Factory> factories) {
    this.codings = options.codings().stream().filter(ContentCoding::isAvailable).toList();
    this.types = new MediaTypes(options.types());
    this.minBytes = options.minSize().bytes();
    codings.forEach(coding -> this.factories.put(coding, factories.apply(coding)));
  }

  @Override
  public String name() {
    return CompressHandlerType.NAME;
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    return Verdict.Proceed.PROCEED;
  }

  @Override
  public Verdict onResponse(Exchange exchange) {
    ResponseHead head = requireNonNull(exchange.response());
    String type = compressible(head);
    Choice choice = Choice.NOTHING;
    if (type != null) {
      Vary.add(head.fields(), ACCEPT_ENCODING.text());
      ContentCoding coding = choose(exchange);
      if (coding != null && !exchange.request().method().equals(Method.HEAD)) {
        edit(head.fields(), coding);
        choice = new Choice(coding, STREAMS.contains(type));
      }
    }
    // Also where there is none: this may be the second response, in place of one that was refused.
    exchange.set(CHOICE, choice);
    return Verdict.Proceed.PROCEED;
  }

  @Override
  public BodyUse responseBody(Exchange exchange) {
    Choice choice = exchange.get(CHOICE);
    ContentCoding coding = choice == null ? null : choice.coding();
    if (choice == null || coding == null) {
      return BodyUse.Untouched.UNTOUCHED;
    }
    Encoder encoder = requireNonNull(factories.get(coding)).create();
    return new BodyUse.Chunks(
        new CompressFilter(encoder, exchange.loop().allocator(), choice.isStream()));
  }

  /** By what was received: a policy may have taken Accept-Encoding off what the backend sees. */
  private @Nullable ContentCoding choose(Exchange exchange) {
    Fields received = Fields.over(exchange.request().received().fields());
    return received.contains(ACCEPT_ENCODING)
        ? AcceptEncoding.best(received.all(ACCEPT_ENCODING), codings)
        : null;
  }

  /** The media type of a response that may be compressed; null for one that may not. */
  private @Nullable String compressible(ResponseHead head) {
    int status = head.status();
    if (status == 204 || status == 206 || status == 304) {
      return null;
    }
    if (head.bodyLength() >= 0 && head.bodyLength() < minBytes) {
      return null;
    }
    Fields fields = head.fields();
    String contentType = fields.first(FieldName.CONTENT_TYPE);
    if (contentType == null || isKept(fields)) {
      return null;
    }
    String essence = MediaTypes.essence(contentType);
    return types.contains(essence) ? essence : null;
  }

  private static boolean isKept(Fields fields) {
    if (fields.contains(FieldName.CONTENT_ENCODING) || fields.contains(CONTENT_RANGE)) {
      return true;
    }
    for (FieldName digest : DIGESTS) {
      if (fields.contains(digest)) {
        return true;
      }
    }
    // RFC 9111 5.2.2.6
    return fields.contains(FieldName.CACHE_CONTROL)
        && fields.all(FieldName.CACHE_CONTROL).stream()
            .anyMatch(line -> line.toLowerCase(Locale.ROOT).contains("no-transform"));
  }

  private static void edit(Fields fields, ContentCoding coding) {
    fields.set(FieldName.CONTENT_ENCODING, coding.token());
    // Ranges would be of the bytes as they came, which this client never gets.
    fields.remove(ACCEPT_RANGES);
    EntityTag.weaken(fields);
  }
}
