package tollgate.handlers.convert;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.PathTemplate;
import tollgate.config.model.RestConfig;
import tollgate.core.exchange.Exchange;
import tollgate.core.exchange.Key;
import tollgate.core.exchange.ResponseOrigin;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.Body;
import tollgate.core.handler.BodyUse;
import tollgate.core.handler.Handler;
import tollgate.core.handler.LocalReply;
import tollgate.core.handler.LongWork;
import tollgate.core.handler.Message;
import tollgate.core.handler.Verdict;
import tollgate.core.http.BodyLength;
import tollgate.core.http.CanonicalPath;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.Method;
import tollgate.core.http.RequestHead;
import tollgate.core.http.ResponseHead;
import tollgate.core.http.Tokens;
import tollgate.core.media.MediaType;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.Payload;
import tollgate.core.message.json.DuplicateNames;
import tollgate.core.message.json.JsonComposer;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonKind;
import tollgate.core.message.soap.SoapEnvelope;
import tollgate.core.message.soap.SoapFault;
import tollgate.core.message.soap.SoapVersion;
import tollgate.core.message.typed.DocumentType;
import tollgate.core.message.typed.TypeTree;
import tollgate.core.message.typed.TypedJson;
import tollgate.core.message.typed.TypedXml;
import tollgate.core.message.xml.XmlBuilder;
import tollgate.core.message.xml.XmlDocument;
import tollgate.core.message.xml.XmlName;
import tollgate.core.port.Offload;

/**
 * Lets callers who speak SOAP call a backend that speaks JSON: {@code rest} of an operation. The
 * element in the body says which call is meant; its answer becomes an envelope of the same version,
 * an error a fault. Event loop only; large messages are converted elsewhere.
 *
 * <p>More than 400 lines in one class: one call, there and back.
 */
final class SoapCallerHandler implements Handler {
  private static final int FIRST_OTHER = 300;
  private static final int FIRST_FAILURE = 500;
  private static final FieldName ACCEPT = FieldName.of("Accept");
  private static final FieldName ACCEPT_ENCODING = FieldName.of("Accept-Encoding");
  private static final FieldName SOAP_ACTION = FieldName.of("SOAPAction");
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");
  private static final Key<Called> CALLED = Key.of("rest.called");

  private final String namespace;
  private final boolean isQualified;
  private final @Nullable DocumentType xsd;
  private final Map<String, RestConfig.Call> calls;
  private final Set<String> actions;
  private final Map<XmlName, FieldName> headers;
  private final BodyUse.Built built;
  private final BodyUse.Whole whole;
  private final LongWork work;

  /** What is to be answered. */
  private static final class Called {
    private final RestConfig.Call call;
    private final SoapVersion version;

    /** As the backend answered it. */
    private int status;

    Called(RestConfig.Call call, SoapVersion version) {
      this.call = call;
      this.version = version;
    }

    boolean hasFailed() {
      return status >= FIRST_OTHER;
    }
  }

  /**
   * @param xsd what {@code rest.xsd} says; null without it
   */
  SoapCallerHandler(RestConfig rest, @Nullable DocumentType xsd, int maxBytes, Offload offload) {
    this.namespace = Envelopes.orNone(rest.namespace());
    this.isQualified = rest.isQualified();
    this.xsd = xsd;
    Map<String, RestConfig.Call> byElement = new HashMap<>();
    Set<String> named = new HashSet<>();
    for (RestConfig.Call call : rest.calls()) {
      byElement.put(call.element(), call);
      String action = call.action();
      if (action != null) {
        named.add(action);
      }
    }
    this.calls = Map.copyOf(byElement);
    this.actions = Set.copyOf(named);
    Map<XmlName, FieldName> blocks = new LinkedHashMap<>();
    rest.headers()
        .forEach(
            (block, field) -> blocks.put(new XmlName("", namespace, block), FieldName.of(field)));
    this.headers = Map.copyOf(blocks);
    this.built = new BodyUse.Built(maxBytes);
    this.whole = new BodyUse.Whole(maxBytes);
    this.work = new LongWork(offload, ConvertHandler.LOOP_BYTES);
  }

  @Override
  public String name() {
    return "rest";
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    return Verdict.Proceed.PROCEED;
  }

  @Override
  public BodyUse requestBody(Exchange exchange) {
    return built;
  }

  @Override
  public Verdict onRequestMessage(Exchange exchange, Message message) {
    MediaType type = message.type();
    SoapVersion version = type == null ? null : version(type);
    if (type == null || version == null) {
      return new Verdict.Reply(
          LocalReply.of(
              Fault.of(
                  FaultCode.UNSUPPORTED_MEDIA_TYPE,
                  "The request is no message of SOAP (expected: text/xml or application/soap+xml).")));
    }
    Payload payload = message.payload();
    String action = version.action(type, exchange.request().fields().first(SOAP_ACTION));
    return work.run(
        exchange,
        message.bytes(),
        () -> meant(payload, version, action),
        result -> request(exchange, message, version, result));
  }

  private static @Nullable SoapVersion version(MediaType type) {
    if (type.essence().equals(MediaType.SOAP_12.essence())) {
      return SoapVersion.V12;
    }
    return type.essence().equals(MediaType.TEXT_XML.essence()) ? SoapVersion.V11 : null;
  }

  /** What a message asks for. */
  private sealed interface Meant {
    /** A request to the backend. */
    record Asked(
        RestConfig.Call call,
        String path,
        @Nullable String query,
        @Nullable JsonDocument body,
        Map<FieldName, String> fields)
        implements Meant {}

    /** Nothing that can be done. */
    record Refused(FaultCode code, SoapFault.Code blame, String why) implements Meant {
      static Refused malformed(String why) {
        return new Refused(FaultCode.MALFORMED_PAYLOAD, SoapFault.Code.SENDER, why);
      }

      static Refused unknown(String why) {
        return new Refused(FaultCode.SOAP_NOT_UNDERSTOOD, SoapFault.Code.SENDER, why);
      }
    }
  }

  private Meant meant(@Nullable Payload payload, SoapVersion version, @Nullable String action) {
    if (payload == null || !payload.isXml()) {
      return Meant.Refused.malformed("The request has no envelope of SOAP.");
    }
    try {
      XmlDocument xml = payload.xml();
      SoapEnvelope envelope = SoapEnvelope.of(xml);
      if (envelope == null) {
        return Meant.Refused.malformed("The request has no envelope of SOAP.");
      }
      if (envelope.version() != version) {
        return new Meant.Refused(
            FaultCode.SOAP_NOT_UNDERSTOOD,
            SoapFault.Code.VERSION_MISMATCH,
            "The envelope is not of the version that its media type says.");
      }
      if (Envelopes.hasUnknownDuty(envelope, headers.keySet())) {
        return new Meant.Refused(
            FaultCode.SOAP_NOT_UNDERSTOOD,
            SoapFault.Code.MUST_UNDERSTAND,
            "A header block that must be understood is not.");
      }
      int content = Envelopes.content(envelope);
      if (content == XmlDocument.NONE) {
        return Meant.Refused.malformed("The SOAP body is empty.");
      }
      RestConfig.Call call =
          xml.namespace(content).equals(namespace) ? calls.get(xml.localName(content)) : null;
      if (call == null) {
        return Meant.Refused.unknown("The element in the SOAP body is none that is known here.");
      }
      // The element decides; whoever went by the action before us must have seen the same.
      boolean isOther =
          action != null
              && (call.action() == null ? actions.contains(action) : !call.action().equals(action));
      if (isOther) {
        return Meant.Refused.unknown("The action is not that of the element in the SOAP body.");
      }
      return asked(call, envelope, content);
    } catch (MalformedPayloadException e) {
      return Meant.Refused.malformed("The request cannot be converted: " + e.getMessage() + ".");
    }
  }

  private Meant asked(RestConfig.Call call, SoapEnvelope envelope, int content) {
    XmlDocument xml = envelope.document();
    DocumentType known = xsd;
    TypeTree type =
        known == null
            ? TypeTree.Any.ANY
            : SoapBackendHandler.elementType(known, namespace, call.element());
    JsonDocument json = TypedJson.readElement(xml, content, type);
    Set<String> used = new HashSet<>(call.query());
    StringBuilder path = new StringBuilder();
    for (PathTemplate.Segment segment : call.target().path().segments()) {
      path.append('/');
      switch (segment) {
        case PathTemplate.Literal literal -> path.append(literal.text());
        case PathTemplate.Parameter parameter -> {
          used.add(parameter.name());
          String value = text(json, parameter.name());
          if (value == null || value.isEmpty()) {
            return Meant.Refused.malformed(parameter.name() + " is missing, or has parts.");
          }
          path.append(EncodedText.encoded(value));
        }
        case PathTemplate.Rest _ -> throw new IllegalStateException("refused at load");
      }
    }
    String filled = path.toString();
    // Dots, slashes and what a second decoding would make of it go nowhere.
    if (!filled.equals(CanonicalPath.of(filled))) {
      return Meant.Refused.malformed("A value cannot be part of a path.");
    }
    Map<FieldName, String> fields = new HashMap<>();
    for (Map.Entry<XmlName, FieldName> header : headers.entrySet()) {
      int block = envelope.header(namespace, header.getKey().localName());
      if (block != XmlDocument.NONE) {
        String value = xml.value(block).strip();
        if (!Tokens.isFieldValue(value)) {
          return Meant.Refused.malformed("A header block cannot be a field.");
        }
        fields.put(header.getValue(), value);
      }
    }
    return new Meant.Asked(call, filled, query(call, json), body(call, json, used), fields);
  }

  /** A member without parts as text; null if there is none. */
  private static @Nullable String text(JsonDocument json, String name) {
    int node =
        json.kind(JsonDocument.ROOT) == JsonKind.OBJECT
            ? json.member(JsonDocument.ROOT, name)
            : JsonDocument.NONE;
    return node == JsonDocument.NONE ? null : text(json, node);
  }

  private static @Nullable String text(JsonDocument json, int node) {
    return switch (json.kind(node)) {
      case STRING -> json.string(node);
      case NUMBER, TRUE, FALSE -> json.lexeme(node);
      case OBJECT, ARRAY, NULL -> null;
    };
  }

  private static @Nullable String query(RestConfig.Call call, JsonDocument json) {
    StringBuilder query = new StringBuilder();
    for (String name : call.query()) {
      int node =
          json.kind(JsonDocument.ROOT) == JsonKind.OBJECT
              ? json.member(JsonDocument.ROOT, name)
              : JsonDocument.NONE;
      if (node == JsonDocument.NONE) {
        continue;
      }
      if (json.kind(node) == JsonKind.ARRAY) {
        for (int at = json.firstChild(node); at != JsonDocument.NONE; at = json.next(at)) {
          addQuery(name, text(json, at), query);
        }
      } else {
        addQuery(name, text(json, node), query);
      }
    }
    return query.isEmpty() ? null : query.toString();
  }

  private static void addQuery(String name, @Nullable String value, StringBuilder query) {
    if (value != null) {
      query
          .append(query.isEmpty() ? "" : "&")
          .append(EncodedText.encoded(name))
          .append('=')
          .append(EncodedText.encoded(value));
    }
  }

  private static @Nullable JsonDocument body(
      RestConfig.Call call, JsonDocument json, Set<String> used) {
    if (!WITH_BODY.contains(requireNonNull(call.target().method()))) {
      return null;
    }
    if (used.isEmpty() || json.kind(JsonDocument.ROOT) != JsonKind.OBJECT) {
      return json;
    }
    JsonComposer rest = new JsonComposer(json.length(), DuplicateNames.KEEP).beginObject();
    for (int at = json.firstChild(JsonDocument.ROOT); at != JsonDocument.NONE; at = json.next(at)) {
      if (!used.contains(json.name(at))) {
        rest.nameOf(json, at).copy(json, at);
      }
    }
    return rest.end().finish();
  }

  private Verdict.Decided request(
      Exchange exchange, Message message, SoapVersion version, Meant meant) {
    return switch (meant) {
      case Meant.Refused refused -> {
        SoapFault fault = SoapFault.of(refused.blame(), refused.why());
        yield new Verdict.Reply(
            LocalReply.of(
                Fault.of(refused.code(), refused.why()),
                status(version, refused.blame()),
                type(version).toString(),
                fault.toXml(version).toBytes()));
      }
      case Meant.Asked asked -> {
        exchange.set(CALLED, new Called(asked.call(), version));
        editHead(exchange.request(), asked);
        JsonDocument body = asked.body();
        if (body == null) {
          message.drop();
        } else {
          message.replace(Payload.of(body), MediaType.JSON);
        }
        yield Verdict.Proceed.PROCEED;
      }
    };
  }

  private static void editHead(RequestHead head, Meant.Asked asked) {
    head.method(Method.of(requireNonNull(asked.call().target().method())));
    head.path(asked.path());
    head.query(asked.query());
    Fields fields = head.fields();
    fields.remove(SOAP_ACTION);
    fields.set(ACCEPT, "application/json");
    fields.set(ACCEPT_ENCODING, "identity");
    asked.fields().forEach(fields::set);
  }

  /** SOAP 1.1 6.2, SOAP 1.2 part 2 7.5.2.2. */
  private static int status(SoapVersion version, SoapFault.Code blame) {
    return version == SoapVersion.V12 && blame == SoapFault.Code.SENDER ? 400 : 500;
  }

  private static MediaType type(SoapVersion version) {
    return version.mediaType().with("charset", "utf-8");
  }

  @Override
  public Verdict onResponse(Exchange exchange) {
    Called called = exchange.get(CALLED);
    if (called == null || exchange.responseOrigin() == ResponseOrigin.LOCAL) {
      return Verdict.Proceed.PROCEED;
    }
    ResponseHead head = requireNonNull(exchange.response());
    called.status = head.status();
    if (called.hasFailed()) {
      head.status(status(called.version, blame(called)));
    } else if (head.status() != 200) {
      head.status(200); // 201, 202 and 204 mean nothing to who speaks SOAP, and some have no body
    }
    head.bodyLength(BodyLength.UNKNOWN);
    head.fields().remove(FieldName.of("Location"));
    return Verdict.Proceed.PROCEED;
  }

  private static SoapFault.Code blame(Called called) {
    return called.status >= 400 && called.status < FIRST_FAILURE
        ? SoapFault.Code.SENDER
        : SoapFault.Code.RECEIVER;
  }

  @Override
  public BodyUse responseBody(Exchange exchange) {
    Called called = exchange.get(CALLED);
    if (called == null || exchange.responseOrigin() == ResponseOrigin.LOCAL) {
      return BodyUse.Untouched.UNTOUCHED;
    }
    if (!called.hasFailed()) {
      return built;
    }
    // What a failure says is read if it is JSON; it is a fault whatever it says.
    String text = requireNonNull(exchange.response()).fields().first(FieldName.CONTENT_TYPE);
    MediaType type = text == null ? null : MediaType.parse(text);
    var format = type == null ? null : exchange.formats().format(type);
    return format != null && format.name().equals("json") ? built : whole;
  }

  @Override
  public Verdict onResponseBody(Exchange exchange, Body body) {
    Called called = requireNonNull(exchange.get(CALLED));
    body.replace(Unpooled.wrappedBuffer(failure(called, null).toBytes()));
    Fields fields = requireNonNull(exchange.response()).fields();
    fields.set(FieldName.CONTENT_TYPE, type(called.version).toString());
    fields.remove(FieldName.CONTENT_ENCODING);
    return Verdict.Proceed.PROCEED;
  }

  @Override
  public Verdict onResponseMessage(Exchange exchange, Message message) {
    Called called = requireNonNull(exchange.get(CALLED));
    Payload payload = message.payload();
    if (payload != null && !payload.isJson()) {
      return misunderstood(called, "no JSON");
    }
    return work.run(
        exchange,
        message.bytes(),
        () -> answer(payload, called),
        result -> response(message, called, result));
  }

  /** Either of the two. */
  private record Answer(@Nullable XmlDocument xml, String problem) {}

  private Answer answer(@Nullable Payload payload, Called called) {
    JsonDocument json = payload == null ? null : payload.json();
    if (called.hasFailed()) {
      return new Answer(failure(called, json), "");
    }
    XmlBuilder xml = Envelopes.begun(called.version, json == null ? 0 : 2 * json.length());
    xml.startElement("soap", called.version.uri(), "Body");
    XmlName name = Envelopes.content(namespace, isQualified, called.call.response());
    DocumentType known = xsd;
    TypeTree type =
        known == null
            ? TypeTree.Any.ANY
            : SoapBackendHandler.elementType(known, namespace, called.call.response());
    try {
      if (json == null) {
        xml.startElement(name.prefix(), name.uri(), name.localName()).endElement();
      } else {
        TypedXml.writeElement(
            json, JsonDocument.ROOT, name, type, isQualified ? namespace : "", xml);
      }
      return new Answer(xml.endElement().endElement().build(), "");
    } catch (MalformedPayloadException e) {
      return new Answer(null, String.valueOf(e.getMessage()));
    }
  }

  private static Verdict.Decided response(Message message, Called called, Answer answer) {
    XmlDocument xml = answer.xml();
    if (xml == null) {
      return misunderstood(called, answer.problem());
    }
    message.replace(Payload.of(xml), type(called.version));
    return Verdict.Proceed.PROCEED;
  }

  private static Verdict.Decided misunderstood(Called called, String why) {
    String told = "The backend's answer cannot be understood.";
    return new Verdict.Reply(
        LocalReply.of(
            Fault.of(FaultCode.UPSTREAM_PAYLOAD, told, why),
            status(called.version, SoapFault.Code.RECEIVER),
            type(called.version).toString(),
            SoapFault.of(SoapFault.Code.RECEIVER, told).toXml(called.version).toBytes()));
  }

  /** A fault for an answer that is no success; what a 5xx says is not for callers. */
  private static XmlDocument failure(Called called, @Nullable JsonDocument json) {
    SoapFault.Code blame = blame(called);
    String reason = "The backend answered " + called.status + ".";
    XmlDocument detail = null;
    if (json != null && blame == SoapFault.Code.SENDER) {
      for (String name : List.of("detail", "title", "message")) {
        String said = text(json, name);
        if (said != null && !said.isEmpty()) {
          reason = said;
          break;
        }
      }
      detail = detail(json);
    }
    String subcode = Integer.toString(called.status);
    return new SoapFault(
            blame, called.version == SoapVersion.V11 ? subcode : null, reason, null, detail)
        .toXml(called.version);
  }

  private static @Nullable XmlDocument detail(JsonDocument json) {
    XmlBuilder xml = new XmlBuilder(2 * json.length() + 64);
    try {
      TypedXml.writeElement(
          json, JsonDocument.ROOT, XmlName.of("error"), TypeTree.Any.ANY, "", xml);
      return xml.build();
    } catch (MalformedPayloadException _) {
      return null; // that it failed is what matters
    }
  }
}
