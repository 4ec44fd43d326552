package tollgate.config.read;

import static tollgate.config.read.ValueTypes.bool;
import static tollgate.config.read.ValueTypes.either;
import static tollgate.config.read.ValueTypes.integer;
import static tollgate.config.read.ValueTypes.listOf;
import static tollgate.config.read.ValueTypes.mapOf;
import static tollgate.config.read.ValueTypes.oneOf;
import static tollgate.config.read.ValueTypes.schemaFile;
import static tollgate.config.read.ValueTypes.text;

import java.util.List;
import java.util.Map;
import java.util.Set;
import tollgate.config.model.ApiConfig;
import tollgate.config.model.OperationMatch;
import tollgate.config.model.PathTemplate;
import tollgate.config.model.RestConfig;
import tollgate.config.model.SoapConfig;

/** The keys of {@code soap} and {@code rest}. */
final class SoapShapes {
  // SOAP 1.1 4.2, SOAP 1.2 part 1 5.2.1.
  private static final String NO_NAMESPACE =
      "has a block without a namespace, which SOAP does not allow (expected: the key namespace)";

  private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

  // Names in XML, Namespaces 3, as far as they are ASCII.
  private static final ScalarType<String> ELEMENT =
      text("name in XML", "GetOrder", "[A-Za-z_][A-Za-z0-9_.-]{0,127}");

  private static final ScalarType<String> MEMBER =
      text("name", "orderId", "[A-Za-z_][A-Za-z0-9_.-]{0,127}");

  private static final ScalarType<String> NAMESPACE =
      text("namespace", "urn:example:orders", "[!#-%'-;=?-~]{1,1024}");

  // What may stand in a quoted string of a field.
  private static final ScalarType<String> ACTION =
      text("action", "urn:example:orders#GetOrder", "[!#-\\[\\]-~]{1,1024}");

  private static final ScalarType<String> PATH =
      ScalarType.parsed("path", "/services/orders", "/.*", ApiConfig::requireContext, path -> path);

  // RFC 9110 5.6.2: token.
  private static final ScalarType<String> HEADER =
      text("header name", "X-Tenant", "[A-Za-z0-9!#$%&'*+.^_`|~-]+");

  private static final ScalarType<OperationMatch> TARGET =
      ScalarType.parsed(
          "method and path",
          "GET /orders/{orderId}",
          "[A-Z]+ +/.*",
          SoapShapes::parseTarget,
          OperationMatch::toString);

  private static final ScalarType<SoapConfig.Block> BLOCK_WORD =
      ELEMENT.as(
          element -> new SoapConfig.Block(element, null, SoapConfig.Block.DEFAULT_MUST_UNDERSTAND),
          SoapConfig.Block::element);

  private static final Shape<SoapConfig.Block> BLOCK =
      Shape.of(
          SoapConfig.Block.class,
          "A header block of the envelope, with the value of a request header field in it.",
          keys -> {
            var element = keys.required("element", ELEMENT, "Name of the block.");
            var namespace =
                keys.optional(
                    "namespace", NAMESPACE, "Namespace of the block.", "that of the operation");
            var mustUnderstand =
                keys.withDefault(
                    "mustUnderstand",
                    bool(),
                    SoapConfig.Block.DEFAULT_MUST_UNDERSTAND,
                    "Whether the backend has to understand it.");
            return fields ->
                new SoapConfig.Block(
                    fields.get(element), fields.get(namespace), fields.get(mustUnderstand));
          });

  /** Of an operation whose backend speaks SOAP. */
  static final Shape<SoapConfig> SOAP =
      Shape.of(
          SoapConfig.class,
          "The backend speaks SOAP: what the request becomes, and what its answers mean.",
          keys -> {
            var version =
                keys.withDefault(
                    "version",
                    oneOf(SoapConfig.Version.class, SoapConfig.Version::word),
                    SoapConfig.DEFAULT_VERSION,
                    "Version of SOAP.");
            var action =
                keys.optional(
                    "action",
                    ACTION,
                    "SOAPAction in 1.1, the parameter action of the media type in 1.2.",
                    "an empty SOAPAction");
            var path =
                keys.optional(
                    "path", PATH, "Path at the backend.", "that of the request, below the context");
            var element =
                keys.required("element", ELEMENT, "Name of the element in the envelope's body.");
            var namespace = keys.optional("namespace", NAMESPACE, "Its namespace.", "none");
            var qualified =
                keys.withDefault(
                    "qualified",
                    bool(),
                    SoapConfig.DEFAULT_QUALIFIED,
                    "Whether the elements in it are of its namespace, where xsd does not say.");
            var xsd =
                keys.optional(
                    "xsd",
                    schemaFile("schemas/orders.xsd", SchemaKind.XSD),
                    "XML Schema of what stands in the bodies: says order, names, types and lists.",
                    "validate or the OpenAPI file says types and lists of the JSON, if they do");
            var parameters =
                keys.withDefault(
                    "parameters",
                    mapOf(MEMBER, MEMBER),
                    Map.<String, String>of(),
                    "Members that parameters of path and query become; other ones of the path become members of their own name, other ones of the query nothing.");
            var headers =
                keys.withDefault(
                    "headers",
                    mapOf(HEADER, either(BLOCK_WORD, BLOCK)),
                    Map.<String, SoapConfig.Block>of(),
                    "Header blocks made of request header fields; a name alone is one in the namespace of the operation.");
            var faults =
                keys.withDefault(
                    "faults",
                    mapOf(ELEMENT, integer(400, 599)),
                    Map.<String, Integer>of(),
                    "Statuses of faults by a name in their detail, a subcode or a code; else 400 for the sender's and 502 for others.");
            keys.check(
                headers,
                fields ->
                    fields.get(namespace) == null
                            && fields.get(headers).values().stream()
                                .anyMatch(block -> block.namespace() == null)
                        ? NO_NAMESPACE
                        : null);
            return fields ->
                new SoapConfig(
                    fields.get(version),
                    fields.get(action),
                    fields.get(path),
                    fields.get(element),
                    fields.get(namespace),
                    fields.get(qualified),
                    fields.get(xsd),
                    fields.get(parameters),
                    fields.get(headers),
                    fields.get(faults));
          });

  private static final Shape<RestConfig.Call> CALL =
      Shape.of(
          RestConfig.Call.class,
          "What one operation of SOAP becomes.",
          keys -> {
            var element =
                keys.required("element", ELEMENT, "Name of the element in the envelope's body.");
            var action =
                keys.optional(
                    "action",
                    ACTION,
                    "The action that a message with this element may name; another one is refused.",
                    "any but those of other elements");
            var call =
                keys.required(
                    "call",
                    TARGET,
                    "Method and path at the backend; parameters are members of the body.");
            var query =
                keys.withDefault(
                    "query",
                    listOf(MEMBER),
                    List.<String>of(),
                    "Members of the body that become parameters of the query.");
            var response =
                keys.optional(
                    "response",
                    ELEMENT,
                    "Name of the element in the answer's body.",
                    "element with Response behind it");
            return fields -> {
              String given = fields.get(response);
              return new RestConfig.Call(
                  fields.get(element),
                  fields.get(action),
                  fields.get(call),
                  fields.get(query),
                  given == null ? fields.get(element) + "Response" : given);
            };
          });

  /** Of an operation whose callers speak SOAP. */
  static final Shape<RestConfig> REST =
      Shape.of(
          RestConfig.class,
          "The callers speak SOAP and the backend JSON: which calls their messages become.",
          keys -> {
            var namespace =
                keys.optional(
                    "namespace", NAMESPACE, "Namespace of the elements in the bodies.", "none");
            var qualified =
                keys.withDefault(
                    "qualified",
                    bool(),
                    RestConfig.DEFAULT_QUALIFIED,
                    "Whether what stands in answers is of that namespace, where xsd does not say.");
            var xsd =
                keys.optional(
                    "xsd",
                    schemaFile("schemas/orders.xsd", SchemaKind.XSD),
                    "XML Schema of what stands in the bodies: says order, names, types and lists.",
                    "texts are strings");
            var headers =
                keys.withDefault(
                    "headers",
                    mapOf(ELEMENT, HEADER),
                    Map.<String, String>of(),
                    "Request header fields made of header blocks in that namespace, which are understood then.");
            var calls =
                keys.required(
                    "calls",
                    listOf(CALL).nonEmpty().unique("element", RestConfig.Call::element),
                    "What each operation becomes.");
            keys.check(
                headers,
                fields ->
                    fields.get(namespace) == null && !fields.get(headers).isEmpty()
                        ? NO_NAMESPACE
                        : null);
            return fields ->
                new RestConfig(
                    fields.get(namespace),
                    fields.get(qualified),
                    fields.get(xsd),
                    fields.get(headers),
                    fields.get(calls));
          });

  private SoapShapes() {}

  private static OperationMatch parseTarget(String text) {
    OperationMatch target = OperationMatch.parse(text);
    String method = target.method();
    if (method == null || !METHODS.contains(method)) {
      throw new IllegalArgumentException(
          "has another method (expected: GET, POST, PUT, PATCH or DELETE)");
    }
    if (target.path().segments().getLast() instanceof PathTemplate.Rest) {
      throw new IllegalArgumentException(
          "has a parameter of several segments (expected e.g. GET /orders/{orderId})");
    }
    return target;
  }
}
