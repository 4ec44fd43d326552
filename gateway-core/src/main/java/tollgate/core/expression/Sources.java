package tollgate.core.expression;

import static java.util.Objects.requireNonNull;

import io.netty.util.NetUtil;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.OperationConfig;
import tollgate.config.model.PathTemplate;
import tollgate.core.exchange.Exchange;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.handler.Side;
import tollgate.core.http.Fields;
import tollgate.core.http.PercentText;
import tollgate.core.message.Payload;

/**
 * All that the expressions of one step ask for. Immutable but for what it remembers of routes; any
 * thread where nothing else is said.
 */
public final class Sources {
  private final Set<Source> facts = new LinkedHashSet<>();
  private final @Nullable Face face;
  private final Map<RouteHandle, List<String>> parameters = new ConcurrentHashMap<>();

  /**
   * @param forms of bodies that the step needs besides
   * @throws IllegalArgumentException if some of it reads JSON and some of it XML
   */
  public Sources(List<Source> sources, Collection<Face> forms) {
    Set<Face> faces = new LinkedHashSet<>(forms);
    for (Source source : sources) {
      if (source instanceof Source.Body body) {
        faces.add(body.path().face());
      } else {
        facts.add(source);
      }
    }
    if (faces.size() > 1) {
      throw new IllegalArgumentException(
          "has JSONPath beside XPath (expected: one of them, a body is either JSON or XML)");
    }
    this.face = faces.isEmpty() ? null : faces.iterator().next();
  }

  /** The form that bodies must have; null if it does not look into them. */
  public @Nullable Face face() {
    return face;
  }

  /** What is wrong with the sources where the step stands; null if nothing is. */
  public @Nullable String problem(Side listed, RouteHandle route) {
    if (listed == Side.REQUEST && facts.contains(Source.Fact.STATUS)) {
      return "has ${status}, which a request does not have (expected: in response)";
    }
    List<String> known = parametersOf(route);
    for (Source source : facts) {
      if (source instanceof Source.PathParameter(String name) && !known.contains(name)) {
        return "has ${path:"
            + name
            + "}, which the path of the operation does not have"
            + (known.isEmpty() ? "" : " (expected one of: " + String.join(", ", known) + ")");
      }
    }
    return null;
  }

  /**
   * Why a step that looks into bodies cannot stand on an operation; null if it can. The request of
   * server-sent events is a message as others are.
   */
  public static @Nullable String streamProblem(@Nullable OperationConfig operation, Side listed) {
    OperationConfig.Stream stream =
        operation == null ? OperationConfig.DEFAULT_STREAM : operation.stream();
    boolean hasNoBody =
        switch (stream) {
          case NONE -> operation != null && operation.grpc() != null;
          case SSE -> listed == Side.RESPONSE;
          case WEBSOCKET, GRPC -> true;
        };
    return hasNoBody
        ? "looks into bodies, and the operation is a stream (expected: on operations that are none)"
        : null;
  }

  /**
   * What they are now. Event loop only.
   *
   * @param side the message that is changed
   * @param body of it; null if it has none
   */
  public Scope scope(Exchange exchange, Side side, @Nullable Payload body) {
    if (facts.isEmpty()) {
      return new Scope(Map.of(), body);
    }
    Map<Source, String> values = HashMap.newHashMap(facts.size());
    for (Source source : facts) {
      String value = value(source, exchange, side);
      if (value != null) {
        values.put(source, value);
      }
    }
    return new Scope(values, body);
  }

  private @Nullable String value(Source source, Exchange exchange, Side side) {
    return switch (source) {
      case Source.Header header ->
          field(
              header.ofRequest() || side == Side.REQUEST
                  ? exchange.request().fields()
                  : requireNonNull(exchange.response()).fields(),
              header);
      case Source.Query query -> PercentText.parameter(exchange.request().query(), query.name());
      case Source.PathParameter parameter -> parameter(exchange, parameter.name());
      case Source.Fact fact ->
          switch (fact) {
            case METHOD -> exchange.request().method().toString();
            case PATH -> exchange.request().received().path();
            case CLIENT_ADDRESS -> NetUtil.toAddressString(exchange.clientAddress());
            case REQUEST_ID -> exchange.requestId();
            case STATUS ->
                exchange.response() == null
                    ? null
                    : Integer.toString(requireNonNull(exchange.response()).status());
          };
      case Source.Body _ -> null;
    };
  }

  private static @Nullable String field(Fields fields, Source.Header header) {
    List<String> lines = fields.all(header.name());
    return lines.isEmpty() ? null : String.join(", ", lines); // RFC 9110 5.3
  }

  private @Nullable String parameter(Exchange exchange, String name) {
    int index = parametersOf(exchange.route()).indexOf(name);
    return index < 0 || index >= exchange.captures().size()
        ? null
        : PercentText.decoded(exchange.captures().get(index), false);
  }

  private List<String> parametersOf(RouteHandle route) {
    List<String> known = parameters.get(route);
    if (known == null) {
      String template = route.template();
      known = template == null ? List.of() : PathTemplate.parse(template).parameters();
      parameters.put(route, known);
    }
    return known;
  }
}
