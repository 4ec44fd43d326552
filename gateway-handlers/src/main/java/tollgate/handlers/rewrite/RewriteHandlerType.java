package tollgate.handlers.rewrite;

import static tollgate.config.read.ValueTypes.anyText;
import static tollgate.config.read.ValueTypes.listOf;
import static tollgate.config.read.ValueTypes.mapOf;
import static tollgate.config.read.ValueTypes.text;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.config.read.ScalarType;
import tollgate.config.read.Shape;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.handler.Handler;
import tollgate.core.handler.HandlerContext;
import tollgate.core.handler.HandlerType;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;
import tollgate.core.http.Authority;

/** The step {@code rewrite}. Immutable; any thread. */
public final class RewriteHandlerType implements HandlerType<RewriteOptions> {
  static final String NAME = "rewrite";

  private static final ScalarType<PathPattern> PATH =
      ScalarType.parsed("path", "/v2/{orderId}", "/.*", PathPattern::parse, PathPattern::text);

  private static final ScalarType<String> HOST =
      ScalarType.parsed(
          "host", "orders.internal:8080", "[^/]+", RewriteHandlerType::parseHost, host -> host);

  private static final Shape<RewriteOptions.QueryEdits> QUERY =
      Shape.of(
          RewriteOptions.QueryEdits.class,
          "Changes single parameters of the query; the others stay as they came, in their order.",
          keys -> {
            var set =
                keys.withDefault(
                    "set",
                    mapOf(text().named("query parameter", "lang"), anyText()),
                    RewriteOptions.QueryEdits.DEFAULT_SET,
                    "Parameters that have this value alone afterwards; plain text, encoded when sent.");
            var remove =
                keys.withDefault(
                    "remove",
                    listOf(text().named("query parameter", "debug")).unique("", name -> name),
                    RewriteOptions.QueryEdits.DEFAULT_REMOVE,
                    "Parameters of which nothing is left.");
            return fields -> new RewriteOptions.QueryEdits(fields.get(set), fields.get(remove));
          });

  private static final Shape<RewriteOptions> OPTIONS =
      Shape.of(
          RewriteOptions.class,
          "Asks the backend for another path, query or host.",
          keys -> {
            var path =
                keys.optional(
                    "path",
                    PATH,
                    "Path to send; {name} is a parameter of the operation's path, {path} else all of it below the context.",
                    "the path stays");
            var query = keys.section("query", QUERY, "Changes of the query.");
            var host =
                keys.optional(
                    "host",
                    HOST,
                    "Host to send, with a port if need be; the target that is connected to stays.",
                    "as the API's route says");
            return fields ->
                new RewriteOptions(fields.get(path), fields.get(query), fields.get(host));
          });

  public RewriteHandlerType() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Stage stage() {
    return Stage.CONTENT;
  }

  @Override
  public Side sides() {
    return Side.REQUEST;
  }

  @Override
  public Shape<RewriteOptions> options() {
    return OPTIONS;
  }

  @Override
  public Handler create(RewriteOptions options, Side side, HandlerContext context) {
    return new RewriteHandler(options);
  }

  @Override
  public @Nullable String problem(RewriteOptions options, RouteHandle route) {
    PathPattern path = options.path();
    if (path == null) {
      return null;
    }
    String missing = BoundPath.missing(path, route);
    if (missing == null) {
      return null;
    }
    List<String> known = BoundPath.parameters(route);
    return "path \""
        + path.text()
        + "\" has {"
        + missing
        + "}, which the operation "
        + route.operation()
        + " does not have (expected: {path}"
        + (known.isEmpty() ? "" : " or one of " + String.join(", ", known))
        + ")";
  }

  private static String parseHost(String text) {
    String host = Authority.canonical(text);
    if (host == null) {
      throw new IllegalArgumentException(
          "is not a host (expected e.g. orders.internal or orders.internal:8080)");
    }
    return host;
  }
}
