package tollgate.handlers.convert;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.PathTemplate;
import tollgate.config.model.SoapConfig;
import tollgate.core.exchange.Exchange;
import tollgate.core.exchange.ResponseOrigin;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.BodyUse;
import tollgate.core.handler.Handler;
import tollgate.core.handler.LocalReply;
import tollgate.core.handler.LongWork;
import tollgate.core.handler.Message;
import tollgate.core.handler.Verdict;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.Method;
import tollgate.core.http.RequestHead;
import tollgate.core.http.ResponseHead;
import tollgate.core.media.MediaType;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.Payload;
import tollgate.core.message.json.DuplicateNames;
import tollgate.core.message.json.JsonComposer;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonKind;
import tollgate.core.message.json.JsonParser;
import tollgate.core.message.soap.SoapEnvelope;
import tollgate.core.message.soap.SoapFault;
import tollgate.core.message.soap.SoapVersion;
import tollgate.core.message.typed.DocumentType;
import tollgate.core.message.typed.TypeTree;
import tollgate.core.message.typed.TypeTree.Member;
import tollgate.core.message.typed.TypeTree.Members;
import tollgate.core.message.typed.TypedJson;
import tollgate.core.message.typed.TypedXml;
import tollgate.core.message.xml.XmlBuilder;
import tollgate.core.message.xml.XmlCharacters;
import tollgate.core.message.xml.XmlDocument;
import tollgate.core.message.xml.XmlName;
import tollgate.core.port.Offload;

/**
 * Lets callers who speak JSON call an operation of a backend that speaks SOAP: {@code soap} of an
 * operation. The request becomes an envelope, the element in the body of the answer becomes JSON,
 * and a fault a status with problem details. Event loop only; large messages are converted
 * elsewhere.
 *
 * <p>More than 400 lines in one class: one call, there and back.
 */
final class SoapBackendHandler implements Handler {
  private static final int FIRST_ERROR = 400;
  private static final int BAD_GATEWAY = 502;
  private static final MediaType PROBLEM = MediaType.of("application/problem+json");
  private static final FieldName ACCEPT = FieldName.of("Accept");
  private static final FieldName SOAP_ACTION = FieldName.of("SOAPAction");
  private static final List<FieldName> OF_THE_CALLER =
      List.of(
          FieldName.of("Range"),
          FieldName.of("If-Range"),
          FieldName.of("If-Match"),
          FieldName.of("If-None-Match"),
          FieldName.of("If-Modified-Since"),
          FieldName.of("If-Unmodified-Since"));

  private static final Verdict NO_HEAD =
      new Verdict.Reply(
          LocalReply.of(
                  Fault.of(
                      FaultCode.METHOD_NOT_ALLOWED,
                      "The resource does not have this method; see Allow."))
              .with(FieldName.ALLOW, "GET"));

  private final SoapConfig soap;
  private final SoapVersion version;
  private final MediaType sent;
  private final XmlName content;
  private final String namespace;
  private final String inherited;
  private final List<Parameter> pathParameters;
  private final Map<String, String> queryParameters;
  private final List<Header> headers;
  private final TypeTree requestType;
  private final @Nullable DocumentType xsd;
  private final MessageTypes types;
  private final BodyUse.Built built;
  private final LongWork work;

  /** Of the path: which capture, and the member it becomes. */
  private record Parameter(int capture, String member) {}

  private record Header(FieldName field, SoapConfig.Block block) {}

  /** A member made of the head. */
  private record Given(String member, List<String> values) {}

  /**
   * @param path of the operation
   * @param xsd what {@code soap.xsd} says; null without it
   * @param types of the JSON
   */
  SoapBackendHandler(
      SoapConfig soap,
      PathTemplate path,
      @Nullable DocumentType xsd,
      MessageTypes types,
      int maxBytes,
      Offload offload) {
    this.soap = soap;
    this.version =
        switch (soap.version()) {
          case V11 -> SoapVersion.V11;
          case V12 -> SoapVersion.V12;
        };
    MediaType type = version.mediaType().with("charset", "utf-8");
    String action = soap.action();
    this.sent = version == SoapVersion.V12 && action != null ? type.with("action", action) : type;
    this.namespace = Envelopes.orNone(soap.namespace());
    this.content = Envelopes.content(namespace, soap.isQualified(), soap.element());
    this.inherited = soap.isQualified() ? namespace : "";
    List<String> names = path.parameters();
    List<Parameter> parameters = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      parameters.add(new Parameter(i, soap.parameters().getOrDefault(name, name)));
    }
    this.pathParameters = List.copyOf(parameters);
    Map<String, String> query = new LinkedHashMap<>(soap.parameters());
    names.forEach(query::remove);
    this.queryParameters = Map.copyOf(query);
    List<Header> blocks = new ArrayList<>();
    soap.headers().forEach((name, block) -> blocks.add(new Header(FieldName.of(name), block)));
    this.headers = List.copyOf(blocks);
    DocumentType request = types.request();
    this.requestType =
        xsd != null
            ? elementType(xsd, namespace, soap.element())
            : request == null ? TypeTree.Any.ANY : request.content();
    this.xsd = xsd;
    this.types = types;
    this.built = new BodyUse.Built(maxBytes);
    this.work = new LongWork(offload, ConvertHandler.LOOP_BYTES);
  }

  /** What a schema says of an element that can be a root; untyped if nothing. */
  static TypeTree elementType(DocumentType xsd, String uri, String localName) {
    Member member = xsd.content() instanceof Members roots ? roots.element(uri, localName) : null;
    return member == null ? TypeTree.Any.ANY : member.type();
  }

  @Override
  public String name() {
    return "soap";
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    // The call may do something, which HEAD must not; and nobody learns of its fault.
    return exchange.request().method().equals(Method.HEAD) ? NO_HEAD : Verdict.Proceed.PROCEED;
  }

  @Override
  public BodyUse requestBody(Exchange exchange) {
    return built;
  }

  @Override
  public Verdict onRequestMessage(Exchange exchange, Message message) {
    Payload payload = message.payload();
    if (payload != null && payload.isXml()) {
      return refused(FaultCode.UNSUPPORTED_MEDIA_TYPE, "The request body is XML (expected: JSON).");
    }
    List<Given> given = new ArrayList<>();
    String problem = addParameters(exchange, given);
    if (problem != null) {
      return refused(FaultCode.MALFORMED_REQUEST, problem);
    }
    Map<SoapConfig.Block, String> blocks = new LinkedHashMap<>();
    for (Header header : headers) {
      String value = exchange.request().fields().first(header.field());
      if (value != null && XmlCharacters.firstIllegal(value) < 0) {
        blocks.put(header.block(), value);
      }
    }
    editHead(exchange.request());
    return work.run(
        exchange,
        message.bytes(),
        () -> envelope(payload, given, blocks),
        result -> request(message, result));
  }

  private void editHead(RequestHead head) {
    Fields fields = head.fields();
    OF_THE_CALLER.forEach(fields::remove);
    fields.set(FieldName.of("Accept-Encoding"), "identity");
    fields.set(ACCEPT, version.mediaType().essence());
    fields.remove(SOAP_ACTION);
    if (version == SoapVersion.V11) {
      String action = soap.action();
      fields.set(SOAP_ACTION, '"' + (action == null ? "" : action) + '"');
    }
    head.method(Method.POST);
    String path = soap.path();
    if (path != null) {
      head.path(path);
    }
    head.query(null);
  }

  /** Gives what is wrong; null if nothing is. */
  private @Nullable String addParameters(Exchange exchange, List<Given> into) {
    for (Parameter parameter : pathParameters) {
      String value = EncodedText.decoded(exchange.captures().get(parameter.capture()), false);
      if (value == null) {
        return "A parameter of the path is no text.";
      }
      into.add(new Given(parameter.member(), List.of(value)));
    }
    String query = exchange.request().query();
    if (query == null || queryParameters.isEmpty()) {
      return null;
    }
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = EncodedText.decoded(equals < 0 ? pair : pair.substring(0, equals), true);
      String member = name == null ? null : queryParameters.get(name);
      if (member != null) {
        String value = equals < 0 ? "" : EncodedText.decoded(pair.substring(equals + 1), true);
        if (value == null) {
          return "A parameter of the query is no text.";
        }
        values.computeIfAbsent(member, _ -> new ArrayList<>(1)).add(value);
      }
    }
    values.forEach((member, list) -> into.add(new Given(member, list)));
    return null;
  }

  /** Either of the two. */
  private record Envelope(@Nullable XmlDocument xml, @Nullable Fault refusal) {}

  private Envelope envelope(
      @Nullable Payload payload, List<Given> given, Map<SoapConfig.Block, String> blocks) {
    try {
      JsonDocument body = payload == null ? null : payload.json();
      if (body != null && body.kind(JsonDocument.ROOT) != JsonKind.OBJECT) {
        return new Envelope(
            null, Fault.of(FaultCode.MALFORMED_PAYLOAD, "The request body is no object of JSON."));
      }
      JsonDocument json = withParameters(body, given);
      XmlBuilder xml = Envelopes.begun(version, 2 * json.length());
      addHeader(blocks, xml);
      xml.startElement("soap", version.uri(), "Body");
      TypedXml.writeElement(json, JsonDocument.ROOT, content, requestType, inherited, xml);
      return new Envelope(xml.endElement().endElement().build(), null);
    } catch (MalformedPayloadException e) {
      FaultCode code =
          e.kind() == MalformedPayloadException.Kind.TOO_COMPLEX
              ? FaultCode.PAYLOAD_TOO_COMPLEX
              : FaultCode.MALFORMED_PAYLOAD;
      return new Envelope(
          null, Fault.of(code, "The request cannot be said in XML: " + e.getMessage() + "."));
    }
  }

  private void addHeader(Map<SoapConfig.Block, String> blocks, XmlBuilder xml) {
    if (blocks.isEmpty()) {
      return;
    }
    xml.startElement("soap", version.uri(), "Header");
    blocks.forEach((block, value) -> {
      String own = block.namespace();
      String uri = own == null ? namespace : own;
      xml.startElement(uri.isEmpty() ? "" : "h", uri, block.element());
      if (block.mustUnderstand()) {
        xml.attribute("soap", version.uri(), "mustUnderstand", "1");
      }
      xml.text(value).endElement();
    });
    xml.endElement();
  }

  /** What the path and the query say goes before what the body says of the same. */
  private static JsonDocument withParameters(@Nullable JsonDocument body, List<Given> given) {
    if (given.isEmpty() && body != null) {
      return body;
    }
    JsonComposer json = new JsonComposer(256, DuplicateNames.KEEP).beginObject();
    Set<String> names = new HashSet<>();
    for (Given one : given) {
      if (!names.add(one.member())) {
        continue; // the path goes before the query
      }
      json.name(one.member());
      if (one.values().size() == 1) {
        json.string(one.values().getFirst());
      } else {
        json.beginArray();
        one.values().forEach(json::string);
        json.end();
      }
    }
    if (body != null) {
      for (int at = body.firstChild(JsonDocument.ROOT);
          at != JsonDocument.NONE;
          at = body.next(at)) {
        if (!names.contains(body.name(at))) {
          json.nameOf(body, at).copy(body, at);
        }
      }
    }
    return json.end().finish();
  }

  private Verdict.Decided request(Message message, Envelope envelope) {
    XmlDocument xml = envelope.xml();
    if (xml == null) {
      return new Verdict.Reply(LocalReply.of(requireNonNull(envelope.refusal())));
    }
    message.replace(Payload.of(xml), sent);
    return Verdict.Proceed.PROCEED;
  }

  @Override
  public Verdict onResponse(Exchange exchange) {
    return Verdict.Proceed.PROCEED;
  }

  @Override
  public BodyUse responseBody(Exchange exchange) {
    return exchange.responseOrigin() == ResponseOrigin.LOCAL || isForeignError(exchange)
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
    Payload payload = message.payload();
    if (payload == null) {
      return Verdict.Proceed.PROCEED;
    }
    ResponseHead head = requireNonNull(exchange.response());
    int status = head.status();
    String requestId = exchange.requestId();
    return work.run(
        exchange,
        message.bytes(),
        () -> answer(payload, status, requestId),
        result -> response(message, head, result));
  }

  /**
   * What an answer becomes.
   *
   * @param json null if it is none that is understood
   * @param status that it has then
   * @param problem why there is no json
   */
  private record Answer(
      @Nullable JsonDocument json, int status, boolean isFault, @Nullable String problem) {
    static Answer refused(String problem) {
      return new Answer(null, BAD_GATEWAY, false, problem);
    }
  }

  private Answer answer(Payload payload, int status, String requestId) {
    if (!payload.isXml()) {
      return Answer.refused("no XML");
    }
    try {
      XmlDocument xml = payload.xml();
      SoapEnvelope envelope = SoapEnvelope.of(xml);
      if (envelope == null) {
        return Answer.refused("no envelope of SOAP");
      }
      SoapFault fault = envelope.fault();
      if (fault != null) {
        return faulted(fault, requestId);
      }
      if (envelope.version() != version) {
        return Answer.refused("an envelope of another version");
      }
      if (Envelopes.hasUnknownDuty(envelope, Set.of())) {
        return Answer.refused("a header block that must be understood");
      }
      int element = Envelopes.content(envelope);
      if (element == XmlDocument.NONE) {
        return new Answer(JsonParser.parse("{}"), status, false, null);
      }
      return new Answer(
          TypedJson.readElement(xml, element, responseType(xml, element, status)),
          status,
          false,
          null);
    } catch (MalformedPayloadException e) {
      return Answer.refused(e.reason());
    }
  }

  private TypeTree responseType(XmlDocument xml, int element, int status) {
    DocumentType known = xsd;
    if (known != null) {
      return elementType(known, xml.namespace(element), xml.localName(element));
    }
    DocumentType declared = types.response(status);
    return declared == null ? TypeTree.Any.ANY : declared.content();
  }

  private Answer faulted(SoapFault fault, String requestId) {
    int status = status(fault);
    boolean isCallers = status < 500;
    JsonComposer json = new JsonComposer(512).beginObject();
    json.name("type").string("urn:tollgate:fault:" + FaultCode.UPSTREAM_FAULT.code());
    json.name("title").string(FaultCode.UPSTREAM_FAULT.title());
    json.name("status").number(status);
    json.name("code").string(FaultCode.UPSTREAM_FAULT.code());
    // What is wrong with the backend is for its owners, not for callers.
    json.name("detail").string(isCallers ? fault.reason() : "The backend answered with a fault.");
    if (!requestId.isEmpty()) {
      json.name("request_id").string(requestId);
    }
    if (isCallers) {
      addFault(fault, json);
    }
    return new Answer(json.end().finish(), status, true, null);
  }

  private void addFault(SoapFault fault, JsonComposer json) {
    json.name("fault").beginObject();
    json.name("code").string(fault.code().in(version));
    String subcode = fault.subcode();
    if (subcode != null) {
      json.name("subcode").string(subcode);
    }
    XmlDocument detail = fault.detail();
    if (detail != null) {
      JsonDocument said = detail(detail);
      if (said != null) {
        json.name("detail").copy(said, JsonDocument.ROOT);
      }
    }
    json.end();
  }

  private @Nullable JsonDocument detail(XmlDocument detail) {
    DocumentType known = xsd;
    try {
      return TypedJson.read(detail, known == null ? DocumentType.UNKNOWN : known);
    } catch (MalformedPayloadException _) {
      return null; // the fault itself is what matters
    }
  }

  private int status(SoapFault fault) {
    Map<String, Integer> faults = soap.faults();
    XmlDocument detail = fault.detail();
    List<String> keys = new ArrayList<>();
    if (detail != null) {
      keys.add(detail.localName(detail.root()));
    }
    String subcode = fault.subcode();
    for (SoapVersion one : SoapVersion.values()) {
      if (subcode != null) {
        keys.add(fault.code().in(one) + "." + subcode);
      }
    }
    if (subcode != null) {
      keys.add(subcode);
    }
    for (SoapVersion one : SoapVersion.values()) {
      keys.add(fault.code().in(one));
    }
    for (String key : keys) {
      Integer status = faults.get(key);
      if (status != null) {
        return status;
      }
    }
    return switch (fault.code()) {
      case SENDER, DATA_ENCODING_UNKNOWN -> FIRST_ERROR;
      case RECEIVER, MUST_UNDERSTAND, VERSION_MISMATCH -> BAD_GATEWAY;
    };
  }

  private static Verdict.Decided response(Message message, ResponseHead head, Answer answer) {
    JsonDocument json = answer.json();
    if (json == null) {
      return new Verdict.Reply(
          LocalReply.of(
              Fault.of(
                  FaultCode.UPSTREAM_PAYLOAD,
                  "The backend's answer cannot be understood.",
                  answer.problem())));
    }
    if (head.status() != answer.status()) {
      head.status(answer.status());
    }
    message.replace(Payload.of(json), answer.isFault() ? PROBLEM : MediaType.JSON);
    return Verdict.Proceed.PROCEED;
  }

  private static Verdict refused(FaultCode code, String detail) {
    return new Verdict.Reply(LocalReply.of(Fault.of(code, detail)));
  }
}
