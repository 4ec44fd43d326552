package tollgate.core.route;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.PathTemplate;
import tollgate.core.http.Method;

/**
 * Where a path can go on after some segments: a literal, a parameter, the rest, or an end. Tried in
 * this order, the first template with the method wins, and so a literal without the method falls
 * back to a parameter that has it. Immutable.
 *
 * <p>A look-up visits a node per segment and literal/parameter fork, at most as many as one API has
 * templates, however many APIs there are.
 */
final class TemplateNode<R> {
  private final @Nullable SegmentMap<TemplateNode<R>> literals;
  private final @Nullable TemplateNode<R> parameter;
  private final @Nullable Leaf<R> rest;
  private final @Nullable Leaf<R> end;

  private TemplateNode(Growing<R> growing) {
    Map<String, TemplateNode<R>> children = new LinkedHashMap<>();
    growing.literals.forEach((text, child) -> children.put(text, new TemplateNode<>(child)));
    this.literals = SegmentMap.of(children);
    this.parameter = growing.parameter == null ? null : new TemplateNode<>(growing.parameter);
    this.rest = growing.leaf(growing.rest, true);
    this.end = growing.leaf(growing.end, false);
  }

  static <R> TemplateNode<R> of(ApiRoutes<R> api) {
    Growing<R> root = new Growing<>(api, List.of());
    for (ApiRoutes.Operation<R> operation : api.operations()) {
      root.add(operation);
    }
    if (api.operations().isEmpty()) {
      root.rest.add(new ApiRoutes.Operation<>(null, EVERYTHING, api.everything()));
    }
    return new TemplateNode<>(root);
  }

  /**
   * @param start where the first segment below the context begins
   * @param from where the segment to be read at this node begins
   */
  Match.@Nullable Operation<R> find(
      String path, int start, int from, Method method, boolean isPreflight) {
    int slash = path.indexOf('/', from);
    int to = slash < 0 ? path.length() : slash;
    if (literals != null) {
      TemplateNode<R> child = literals.get(path, from, to);
      if (child != null) {
        Match.Operation<R> found = child.findBehind(path, start, slash, method, isPreflight);
        if (found != null) {
          return found;
        }
      }
    }
    if (parameter != null && to > from) {
      Match.Operation<R> found = parameter.findBehind(path, start, slash, method, isPreflight);
      if (found != null) {
        return found;
      }
    }
    return rest == null ? null : rest.match(path, start, method, isPreflight);
  }

  private Match.@Nullable Operation<R> findBehind(
      String path, int start, int slash, Method method, boolean isPreflight) {
    if (slash >= 0) {
      return find(path, start, slash + 1, method, isPreflight);
    }
    return end == null ? null : end.match(path, start, method, isPreflight);
  }

  /** Adds the operations of every template that matches the path. */
  void collect(String path, int from, List<Leaf<R>> leaves) {
    int slash = path.indexOf('/', from);
    int to = slash < 0 ? path.length() : slash;
    TemplateNode<R> child = literals == null ? null : literals.get(path, from, to);
    if (child != null) {
      child.collectBehind(path, slash, leaves);
    }
    if (parameter != null && to > from) {
      parameter.collectBehind(path, slash, leaves);
    }
    if (rest != null) {
      leaves.add(rest);
    }
  }

  private void collectBehind(String path, int slash, List<Leaf<R>> leaves) {
    if (slash >= 0) {
      collect(path, slash + 1, leaves);
    } else if (end != null) {
      leaves.add(end);
    }
  }

  /** Captures nothing, where an API declares no operations. */
  private static final PathTemplate EVERYTHING = PathTemplate.parse("/{rest*}");

  /** A node while operations are added. */
  private static final class Growing<R> {
    private final ApiRoutes<R> api;
    private final List<Integer> captured;
    private final Map<String, Growing<R>> literals = new LinkedHashMap<>();
    private final List<ApiRoutes.Operation<R>> rest = new ArrayList<>(1);
    private final List<ApiRoutes.Operation<R>> end = new ArrayList<>(1);
    private final int depth;
    private @Nullable Growing<R> parameter;

    Growing(ApiRoutes<R> api, List<Integer> captured) {
      this(api, captured, 0);
    }

    private Growing(ApiRoutes<R> api, List<Integer> captured, int depth) {
      this.api = api;
      this.captured = captured;
      this.depth = depth;
    }

    void add(ApiRoutes.Operation<R> operation) {
      Growing<R> node = this;
      for (PathTemplate.Segment segment : operation.template().segments()) {
        switch (segment) {
          case PathTemplate.Literal literal -> node = node.literal(literal.text());
          case PathTemplate.Parameter _ -> node = node.parameter();
          case PathTemplate.Rest _ -> {
            node.rest.add(operation);
            return;
          }
        }
      }
      node.end.add(operation);
    }

    private Growing<R> literal(String text) {
      Growing<R> child = literals.get(text);
      if (child == null) {
        child = new Growing<>(api, captured, depth + 1);
        literals.put(text, child);
      }
      return child;
    }

    private Growing<R> parameter() {
      Growing<R> child = parameter;
      if (child == null) {
        List<Integer> more = new ArrayList<>(captured);
        more.add(depth);
        child = new Growing<>(api, more, depth + 1);
        parameter = child;
      }
      return child;
    }

    @Nullable Leaf<R> leaf(List<ApiRoutes.Operation<R>> operations, boolean isRest) {
      if (operations.isEmpty()) {
        return null;
      }
      List<Integer> segments = new ArrayList<>(captured);
      boolean capturesRest = isRest && !api.operations().isEmpty();
      if (capturesRest) {
        segments.add(depth);
      }
      int[] indexes = segments.stream().mapToInt(Integer::intValue).toArray();
      return new Leaf<>(api.everything(), operations, api.allowsPreflight(), indexes, capturesRest);
    }
  }
}
