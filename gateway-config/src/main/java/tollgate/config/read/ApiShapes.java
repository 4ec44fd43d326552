package tollgate.config.read;

import static java.util.Objects.requireNonNull;
import static tollgate.config.read.ValueTypes.bool;
import static tollgate.config.read.ValueTypes.duration;
import static tollgate.config.read.ValueTypes.host;
import static tollgate.config.read.ValueTypes.instant;
import static tollgate.config.read.ValueTypes.listOf;
import static tollgate.config.read.ValueTypes.name;
import static tollgate.config.read.ValueTypes.nameOf;
import static tollgate.config.read.ValueTypes.oneOf;
import static tollgate.config.read.ValueTypes.schemaFile;
import static tollgate.config.read.ValueTypes.size;
import static tollgate.config.read.ValueTypes.text;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.ApiConfig;
import tollgate.config.model.ConvertConfig;
import tollgate.config.model.CorsConfig;
import tollgate.config.model.DataSize;
import tollgate.config.model.GrpcConfig;
import tollgate.config.model.HostPattern;
import tollgate.config.model.MessagesConfig;
import tollgate.config.model.OperationConfig;
import tollgate.config.model.OperationMatch;
import tollgate.config.model.RestConfig;
import tollgate.config.model.ValidateConfig;
import tollgate.config.model.WebSocketConfig;

/**
 * The keys of {@code kind: Api}.
 *
 * <p>More than 400 lines in one class: one list of keys.
 */
final class ApiShapes {
  // RFC 9110 5.6.2: token.
  private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";
  private static final Pattern ORIGIN =
      Pattern.compile("[a-z][a-z0-9+.-]*://(?:[a-z0-9_.-]+|\\[[0-9a-f:.]+])(?::[0-9]{1,5})?");

  private static final DataSize LARGEST_MESSAGE = DataSize.ofMebibytes(1024);

  private static final ScalarType<String> CONTEXT =
      ScalarType.parsed("path", "/orders/v1", "/.*", ApiConfig::requireContext, context -> context);

  private static final ScalarType<String> CORS_ORIGIN =
      ScalarType.parsed(
          "origin",
          "https://shop.example.com",
          "\\*|[A-Za-z][A-Za-z0-9+.-]*://[^/?#]+",
          ApiShapes::parseOrigin,
          origin -> origin);

  private static final ScalarType<String> METHOD = text("method", "GET", "[A-Z][A-Z0-9_-]{0,31}");
  private static final ScalarType<String> HEADER = text("header name", "X-Request-Id", TOKEN);

  private static final ScalarType<OperationMatch> MATCH =
      ScalarType.parsed(
              "method and path",
              "GET /orders/{id}",
              "(?:\\*|[A-Z][A-Z0-9_-]*) +/.*",
              OperationMatch::parse,
              OperationMatch::toString)
          .once();

  private static final ScalarType<OperationConfig.Timeout> TIMEOUT =
      ScalarType.parsed(
          "duration or none",
          "8s",
          "none|" + DurationText.PATTERN,
          ApiShapes::parseTimeout,
          ApiShapes::printTimeout);

  /** Four bytes say how long one is. */
  private static final DataSize LONGEST_MESSAGE = DataSize.ofBytes(0xffff_ffffL);

  private static final ScalarType<GrpcConfig.Target> GRPC =
      ScalarType.parsed(
          "gRPC service or method",
          "shop.v1.Orders/Place",
          GrpcConfig.Target.PATTERN,
          GrpcConfig.Target::parse,
          GrpcConfig.Target::toString);

  private static final Shape<CorsConfig> CORS =
      Shape.of(
          CorsConfig.class,
          "Which pages of other origins may call the API.",
          keys -> {
            var origins =
                keys.required(
                    "origins",
                    listOf(CORS_ORIGIN).nonEmpty(),
                    "Exact origins, or \"*\" alone for any.");
            var methods =
                keys.withDefault(
                    "methods",
                    listOf(METHOD).nonEmpty(),
                    CorsConfig.DEFAULT_METHODS,
                    "Methods a page may use.");
            var headers =
                keys.withDefault(
                    "headers",
                    listOf(HEADER),
                    CorsConfig.DEFAULT_HEADERS,
                    "Request header fields a page may set, or \"*\" alone for any.");
            var exposeHeaders =
                keys.withDefault(
                    "exposeHeaders",
                    listOf(HEADER),
                    CorsConfig.DEFAULT_EXPOSE_HEADERS,
                    "Response header fields a page may read, or \"*\" alone for any.");
            var credentials =
                keys.withDefault(
                    "credentials",
                    bool(),
                    CorsConfig.DEFAULT_CREDENTIALS,
                    "Whether cookies and authorization are allowed; not together with \"*\".");
            var maxAge =
                keys.optional(
                    "maxAge",
                    duration(),
                    "How long a browser may keep the answer to a preflight.",
                    "left to the browser");
            keys.check(origins, fields -> alone(fields.get(origins)));
            keys.check(headers, fields -> alone(fields.get(headers)));
            keys.check(exposeHeaders, fields -> alone(fields.get(exposeHeaders)));
            keys.check(
                credentials,
                fields ->
                    fields.get(credentials)
                            && (fields.get(origins).contains(CorsConfig.ANY)
                                || fields.get(headers).contains(CorsConfig.ANY)
                                || fields.get(exposeHeaders).contains(CorsConfig.ANY))
                        ? "true together with \"*\" (expected: the exact origins and header names)"
                        : null);
            return fields ->
                new CorsConfig(
                    fields.get(origins),
                    fields.get(methods),
                    fields.get(headers),
                    fields.get(exposeHeaders),
                    fields.get(credentials),
                    fields.get(maxAge));
          });

  private static final Shape<ApiConfig.Route> ROUTE =
      Shape.of(
          ApiConfig.Route.class,
          "Where requests go.",
          keys -> {
            var upstream = keys.required("upstream", nameOf("Upstream"), "Name of an upstream.");
            var stripContext =
                keys.withDefault(
                    "stripContext",
                    bool(),
                    ApiConfig.Route.DEFAULT_STRIP_CONTEXT,
                    "Whether the context is taken off the path that is sent.");
            var preserveHost =
                keys.withDefault(
                    "preserveHost",
                    bool(),
                    ApiConfig.Route.DEFAULT_PRESERVE_HOST,
                    "Whether the client's host is sent instead of the target's.");
            return fields ->
                new ApiConfig.Route(
                    fields.get(upstream), fields.get(stripContext), fields.get(preserveHost));
          });

  private static final Shape<WebSocketConfig> WEBSOCKET =
      Shape.of(
          WebSocketConfig.class,
          "What holds for the WebSockets of the operation.",
          keys -> {
            var origins =
                keys.optional(
                    "origins",
                    listOf(CORS_ORIGIN).nonEmpty(),
                    "Whose pages may open one: exact origins, or \"*\" alone for any. Who sends no Origin is no page.",
                    "those of the host that is asked");
            var maxFrame =
                keys.withDefault(
                    "maxFrame",
                    size(DataSize.ofBytes(125), LARGEST_MESSAGE),
                    WebSocketConfig.DEFAULT_MAX_FRAME,
                    "Longest frame, as it is sent.");
            var maxMessage =
                keys.withDefault(
                    "maxMessage",
                    size(DataSize.ofBytes(125), LARGEST_MESSAGE),
                    WebSocketConfig.DEFAULT_MAX_MESSAGE,
                    "Longest message, decompressed.");
            var idleTimeout =
                keys.withDefault(
                    "idleTimeout",
                    duration(),
                    WebSocketConfig.DEFAULT_IDLE_TIMEOUT,
                    "How long no frame may pass, in either direction, before it is closed.");
            var maxAge =
                keys.optional(
                    "maxAge", duration(), "How long one may last, whatever passes.", "no limit");
            var pingInterval =
                keys.optional(
                    "pingInterval",
                    duration(),
                    "After how long a silent client is sent a ping; shorter than idleTimeout.",
                    "no pings");
            var deflate =
                keys.withDefault(
                    "deflate",
                    bool(),
                    WebSocketConfig.DEFAULT_DEFLATE,
                    "Whether client and backend may agree on permessage-deflate.");
            keys.check(
                origins,
                fields -> {
                  List<String> given = fields.get(origins);
                  return given == null ? null : alone(given);
                });
            keys.check(
                pingInterval,
                fields -> {
                  Duration ping = fields.get(pingInterval);
                  Duration idle = fields.get(idleTimeout);
                  return ping != null && ping.compareTo(idle) >= 0
                      ? DurationText.print(ping)
                          + " is not shorter than idleTimeout, "
                          + DurationText.print(idle)
                          + " (expected: a ping before it is too late)"
                      : null;
                });
            return fields ->
                new WebSocketConfig(
                    fields.get(origins),
                    fields.get(maxFrame),
                    fields.get(maxMessage),
                    fields.get(idleTimeout),
                    fields.get(maxAge),
                    fields.get(pingInterval),
                    fields.get(deflate));
          });

  private static final Shape<OperationConfig> OPERATION =
      Shape.of(
          OperationConfig.class,
          "One operation of the API.",
          keys -> {
            var id = keys.required("id", name(), "Name in logs and metrics; unique in its API.");
            var match =
                keys.optional(
                    "match",
                    MATCH,
                    "Method (\"*\" for any) and path below the context; {x} takes one segment, {x*} the rest.",
                    "grpc says it");
            var grpc =
                keys.optional(
                    "grpc",
                    GRPC,
                    "In place of match: a gRPC service, or a service and a method; POST and its path are meant.",
                    "no gRPC");
            var timeout =
                keys.optional(
                    "timeout",
                    TIMEOUT,
                    "Longest wait for the head of the response, in place of the upstream's; none waits for ever.",
                    "as the upstream says");
            var stream =
                keys.withDefault(
                    "stream",
                    oneOf(OperationConfig.Stream.class, OperationConfig.Stream::word),
                    OperationConfig.DEFAULT_STREAM,
                    "sse where responses are server-sent events, grpc where gRPC calls go on: no timeout but one given here; with sse the end of the client's output ends it. websocket where WebSockets may be opened; other requests are as ever.");
            var websocket =
                keys.optional(
                    "websocket",
                    WEBSOCKET,
                    "What holds for the WebSockets of the operation.",
                    "the defaults below");
            keys.check(
                websocket,
                fields ->
                    fields.get(websocket) != null
                            && fields.get(stream) != OperationConfig.Stream.WEBSOCKET
                        ? "has no effect without WebSockets (expected: stream: websocket beside it)"
                        : null);
            var maxMessage =
                keys.optional(
                    "maxMessage",
                    size(DataSize.ofBytes(0), LONGEST_MESSAGE),
                    "Largest gRPC message, in either direction and as it is on the wire.",
                    GrpcConfig.DEFAULT_MAX_MESSAGE + ", with grpc");
            var maxDeadline =
                keys.optional(
                    "maxDeadline",
                    duration(),
                    "Longest that a gRPC call may take, all attempts together, whatever its caller says.",
                    "as long as its caller says");
            var validate =
                keys.optional(
                    "validate",
                    ValidateShapes.VALIDATE,
                    "Which messages of the operation are checked against a schema.",
                    "as the API says");
            var messages =
                keys.optional(
                    "messages",
                    MessagesShapes.OPERATION,
                    "What messages of the operation are converted to.",
                    "as the API says");
            var soap =
                keys.optional(
                    "soap",
                    SoapShapes.SOAP,
                    "Where callers speak JSON and the backend SOAP.",
                    "messages says it");
            var rest =
                keys.optional(
                    "rest",
                    SoapShapes.REST,
                    "Where callers speak SOAP and the backend JSON.",
                    "messages says it");
            keys.check(
                soap,
                fields ->
                    fields.get(soap) == null
                        ? null
                        : besides(fields.get(messages), fields.get(stream), fields.get(rest)));
            keys.check(
                rest,
                fields ->
                    fields.get(rest) == null
                        ? null
                        : restBesides(fields.get(messages), fields.get(stream), fields.get(match)));
            keys.check(
                match,
                fields ->
                    fields.get(match) == null && fields.get(grpc) == null
                        ? "is missing (expected: method and path, or the key grpc)"
                        : null);
            keys.check(
                grpc,
                fields ->
                    fields.get(match) != null && fields.get(grpc) != null
                        ? "stands beside match (expected: one of them)"
                        : null);
            keys.check(stream, fields -> misfit(fields.get(stream), fields.get(grpc)));
            keys.check(
                maxMessage,
                fields -> fields.get(maxMessage) == null ? null : withoutGrpc(fields.get(grpc)));
            keys.check(
                maxDeadline,
                fields -> fields.get(maxDeadline) == null ? null : withoutGrpc(fields.get(grpc)));
            return fields -> {
              var rules = fields.get(websocket);
              boolean isDefault =
                  rules == null && fields.get(stream) == OperationConfig.Stream.WEBSOCKET;
              var given = fields.get(timeout);
              var target = fields.get(grpc);
              var longest = fields.get(maxMessage);
              return new OperationConfig(
                  fields.get(id),
                  target == null ? requireNonNull(fields.get(match), "match") : target.match(),
                  given == null ? OperationConfig.DEFAULT_TIMEOUT : given,
                  fields.get(stream),
                  isDefault ? WebSocketConfig.DEFAULTS : rules,
                  target == null
                      ? null
                      : new GrpcConfig(
                          target,
                          longest == null ? GrpcConfig.DEFAULT_MAX_MESSAGE : longest,
                          fields.get(maxDeadline)),
                  orNone(fields.get(validate)),
                  fields.get(messages),
                  fields.get(soap),
                  fields.get(rest));
            };
          });

  /**
   * @param formats of messages, beside the built-in ones
   */
  static Shape<ApiConfig> api(List<String> formats) {
    return Shape.ofKind(
        "Api",
        ApiConfig.class,
        "What is offered under a context.",
        keys -> {
          var name = keys.required("name", name(), "Name; together with the version it is unique.");
          var version = keys.required("version", name(), "Version.");
          var context =
              keys.required(
                  "context",
                  CONTEXT,
                  "Path that all its operations are below; the longest context wins.");
          var hosts =
              keys.withDefault(
                  "hosts",
                  listOf(host()).unique("", pattern -> pattern),
                  List.<HostPattern>of(),
                  "Hosts it answers for, exact or *.name; left out: any.");
          var state =
              keys.withDefault(
                  "state",
                  oneOf(ApiConfig.State.class, ApiConfig.State::word),
                  ApiConfig.DEFAULT_STATE,
                  "created and retired answer 404, blocked 503; the others serve, deprecated with Deprecation and Sunset.");
          var sunset =
              keys.optional(
                  "sunset",
                  instant(),
                  "When a deprecated API will end, as RFC 3339 writes it.",
                  "not known");
          var security =
              keys.required(
                  "security",
                  oneOf(ApiConfig.Security.class, ApiConfig.Security::word),
                  "Who may call it; none is anybody.",
                  "is missing: an API is never open by omission (expected: \"security: none\" for an open one)");
          var subscription =
              keys.withDefault(
                  "subscription",
                  oneOf(ApiConfig.Subscription.class, ApiConfig.Subscription::word),
                  ApiConfig.DEFAULT_SUBSCRIPTION,
                  "Whether a caller needs a subscription.");
          var policies =
              keys.withDefault(
                  "policies",
                  listOf(nameOf("Policy")).unique("", policy -> policy),
                  List.<String>of(),
                  "Policies that apply, in this order.");
          var cors =
              keys.optional(
                  "cors",
                  CORS,
                  "Which pages of other origins may call the API.",
                  "cross-origin requests are passed on like others");
          var route = keys.required("route", ROUTE, "Where requests go.");
          var openapi =
              keys.optional(
                  "openapi",
                  schemaFile("specs/orders.yaml", SchemaKind.OPENAPI),
                  "OpenAPI 3.0 or 3.1 document of the API, JSON or YAML.",
                  "none");
          var validate =
              keys.optional(
                  "validate",
                  ValidateShapes.VALIDATE,
                  "Which messages are checked against a schema; an operation may say otherwise.",
                  "none");
          var messages =
              keys.withDefault(
                  "messages",
                  MessagesShapes.api(formats),
                  MessagesConfig.DEFAULTS,
                  "How messages are read where something looks into them, and what they are converted to.");
          var faults =
              keys.withDefault(
                  "faults",
                  oneOf(ApiConfig.Faults.class, ApiConfig.Faults::word),
                  ApiConfig.DEFAULT_FAULTS,
                  "What refusals look like: problem details, or wso2 for the flat body of WSO2's gateway. XML for callers who speak it, a fault for those of SOAP.");
          var operations =
              keys.withDefault(
                  "operations",
                  listOf(OPERATION)
                      .unique("id", OperationConfig::id)
                      .unique("match", operation -> operation.match().shape()),
                  List.<OperationConfig>of(),
                  "What is offered; left out: what the OpenAPI file offers, and without one everything under the context.");
          keys.check(
              sunset,
              fields ->
                  fields.get(sunset) != null && fields.get(state) != ApiConfig.State.DEPRECATED
                      ? "has no effect in the state "
                          + fields.get(state).word()
                          + " (expected: state: deprecated)"
                      : null);
          keys.check(
              validate,
              fields -> {
                ValidateConfig given = fields.get(validate);
                return given != null && given.needsOpenApi() && fields.get(openapi) == null
                    ? "has nothing to check against (expected: the key openapi beside it, or jsonSchema or xsd in it)"
                    : null;
              });
          keys.check(
              operations,
              fields ->
                  fields.get(openapi) == null ? withoutOpenApi(fields.get(operations)) : null);
          return fields ->
              new ApiConfig(
                  fields.get(name),
                  fields.get(version),
                  fields.get(context),
                  fields.get(hosts),
                  fields.get(state),
                  fields.get(sunset),
                  fields.get(security),
                  fields.get(subscription),
                  fields.get(policies),
                  fields.get(cors),
                  fields.get(route),
                  fields.get(openapi),
                  orNone(fields.get(validate)),
                  fields.get(messages),
                  fields.get(faults),
                  fields.get(operations));
        });
  }

  private ApiShapes() {}

  private static @Nullable String besides(
      @Nullable ConvertConfig messages, OperationConfig.Stream stream, @Nullable RestConfig rest) {
    if (rest != null) {
      return "stands beside rest (expected: one of them)";
    }
    if (messages != null) {
      return "stands beside messages (expected: one of them)";
    }
    return stream == OperationConfig.Stream.NONE
        ? null
        : "stands beside stream: " + stream.word() + " (expected: no stream)";
  }

  private static @Nullable String restBesides(
      @Nullable ConvertConfig messages,
      OperationConfig.Stream stream,
      @Nullable OperationMatch match) {
    String problem = besides(messages, stream, null);
    if (problem != null) {
      return problem;
    }
    return match != null && "POST".equals(match.method())
        ? null
        : "takes envelopes, which are sent with POST (expected e.g. match: POST /soap)";
  }

  private static ValidateConfig orNone(@Nullable ValidateConfig given) {
    return given == null ? ValidateConfig.NONE : given;
  }

  private static @Nullable String withoutOpenApi(List<OperationConfig> operations) {
    for (OperationConfig operation : operations) {
      if (operation.validate().needsOpenApi()) {
        return operation.id()
            + " is to be checked against an OpenAPI file and the API has none (expected: the key openapi of the API, or jsonSchema or xsd in validate)";
      }
    }
    return null;
  }

  private static @Nullable String alone(List<String> words) {
    return words.size() > 1 && words.contains(CorsConfig.ANY)
        ? "\"*\" stands beside others (expected: alone)"
        : null;
  }

  private static @Nullable String misfit(
      OperationConfig.Stream stream, GrpcConfig.@Nullable Target grpc) {
    return switch (stream) {
      case NONE -> null;
      case SSE, WEBSOCKET ->
          grpc == null
              ? null
              : "is " + stream.word() + " and the operation is gRPC (expected: grpc or none)";
      case GRPC -> withoutGrpc(grpc);
    };
  }

  private static @Nullable String withoutGrpc(GrpcConfig.@Nullable Target grpc) {
    return grpc == null
        ? "stands without the key grpc (expected e.g. grpc: shop.v1.Orders beside it)"
        : null;
  }

  private static String parseOrigin(String text) {
    String origin = text.toLowerCase(Locale.ROOT);
    String expected = " (expected e.g. https://shop.example.com, or \"*\")";
    if (!origin.equals(CorsConfig.ANY) && !ORIGIN.matcher(origin).matches()) {
      throw new IllegalArgumentException("is not an origin" + expected);
    }
    // RFC 6454 6.2: browsers leave the default port out, so that one written here would never
    // match.
    if (origin.matches("http://.*:80|https://.*:443")) {
      throw new IllegalArgumentException(
          "has the default port, which browsers leave out" + expected);
    }
    return origin;
  }

  private static OperationConfig.Timeout parseTimeout(String text) {
    if (text.equals("none")) {
      return OperationConfig.Timeout.None.NONE;
    }
    Duration after = ValueTypes.parseDuration(text, Duration.ofMillis(1));
    return new OperationConfig.Timeout.After(after);
  }

  private static String printTimeout(OperationConfig.Timeout timeout) {
    return switch (timeout) {
      case OperationConfig.Timeout.Inherited _ -> "inherited";
      case OperationConfig.Timeout.None _ -> "none";
      case OperationConfig.Timeout.After after -> DurationText.print(after.duration());
    };
  }
}
