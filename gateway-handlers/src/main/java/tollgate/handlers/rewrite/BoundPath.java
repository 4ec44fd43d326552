package tollgate.handlers.rewrite;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.PathTemplate;
import tollgate.core.exchange.Exchange;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.http.CanonicalPath;

/**
 * A path pattern on one route: its parameters are places in the exchange's captures. Immutable; the
 * exchange that is given, event loop only.
 */
final class BoundPath {
  private static final int LITERAL = -1;
  private static final int BELOW_CONTEXT = -2;

  private final String[] literals;
  private final int[] captures;
  private final int contextLength;

  private BoundPath(String[] literals, int[] captures, int contextLength) {
    this.literals = literals;
    this.captures = captures;
    this.contextLength = contextLength;
  }

  /**
   * @throws IllegalArgumentException if the route has not all parameters of the pattern
   */
  static BoundPath of(PathPattern pattern, RouteHandle route) {
    List<String> parameters = parameters(route);
    int count = pattern.parts().size();
    String[] literals = new String[count];
    int[] captures = new int[count];
    for (int i = 0; i < count; i++) {
      switch (pattern.parts().get(i)) {
        case PathPattern.Part.Literal literal -> {
          literals[i] = literal.text();
          captures[i] = LITERAL;
        }
        case PathPattern.Part.Parameter parameter -> {
          literals[i] = "";
          captures[i] = capture(parameter.name(), parameters, route);
        }
      }
    }
    return new BoundPath(literals, captures, route.context().length());
  }

  /** The first parameter of the pattern that the route has not; null if it has them all. */
  static @Nullable String missing(PathPattern pattern, RouteHandle route) {
    List<String> parameters = parameters(route);
    for (PathPattern.Part part : pattern.parts()) {
      if (part instanceof PathPattern.Part.Parameter parameter
          && !parameter.name().equals(PathPattern.REST)
          && !parameters.contains(parameter.name())) {
        return parameter.name();
      }
    }
    return null;
  }

  static List<String> parameters(RouteHandle route) {
    String template = route.template();
    return template == null ? List.of() : PathTemplate.parse(template).parameters();
  }

  /** The path to send; null if what the caller sent makes none that is canonical. */
  @Nullable String fill(Exchange exchange) {
    StringBuilder path = new StringBuilder(64);
    for (int i = 0; i < captures.length; i++) {
      switch (captures[i]) {
        case LITERAL -> path.append(literals[i]);
        case BELOW_CONTEXT -> appendBelowContext(path, exchange.request().received().path());
        default -> path.append(exchange.captures().get(captures[i]));
      }
    }
    String filled = path.toString();
    return filled.equals(CanonicalPath.of(filled)) ? filled : null;
  }

  /** What follows the context and its slash, as it was received. */
  private void appendBelowContext(StringBuilder path, String received) {
    path.append(received, Math.min(contextLength + 1, received.length()), received.length());
  }

  private static int capture(String name, List<String> parameters, RouteHandle route) {
    int index = parameters.indexOf(name);
    if (index >= 0) {
      return index;
    }
    if (name.equals(PathPattern.REST)) {
      return BELOW_CONTEXT;
    }
    throw new IllegalArgumentException(name + ": not a parameter of " + route.template());
  }
}
