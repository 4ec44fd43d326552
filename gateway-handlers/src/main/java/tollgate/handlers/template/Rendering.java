package tollgate.handlers.template;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.expression.BodyPath;
import tollgate.core.expression.Bounds;
import tollgate.core.expression.Expression;
import tollgate.core.expression.Scope;
import tollgate.core.expression.Source;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonKind;
import tollgate.core.message.json.JsonPath;
import tollgate.core.message.xml.XmlDocument;

/** One making of a body. One thread, once. */
final class Rendering {
  /**
   * A node is one step, a round of a loop is sixteen, and sixteen bytes that a path may go over in
   * loops are one. A round makes a document of its element, which takes half a microsecond.
   */
  private static final int MAX_STEPS = 20_000_000;

  private static final int STEPS_PER_ROUND = 16;

  private final Scope scope;
  private final StringBuilder out = new StringBuilder(256);
  private long steps;
  private int loops;

  Rendering(Scope scope) {
    this.scope = scope;
  }

  /**
   * @throws MalformedPayloadException if it takes too many steps or makes too much
   */
  String run(List<Node> nodes) {
    add(nodes);
    return out.toString();
  }

  private void add(List<Node> nodes) {
    for (Node node : nodes) {
      step(1);
      switch (node) {
        case Node.Literal literal -> out.append(literal.text());
        case Node.Place(Expression expression, Escape escape) -> add(expression, escape);
        case Node.Loop loop -> add(loop);
        case Node.Choice choice ->
            add(isMet(choice.condition()) ? choice.then() : choice.otherwise());
      }
      Bounds.check(out.length());
    }
  }

  private void add(Expression expression, Escape escape) {
    charge(expression.source());
    if (escape == Escape.JSON_VALUE) {
      JsonDocument json = expression.json(scope);
      out.append(json == null ? "null" : json.toString());
      return;
    }
    String text = expression.text(scope);
    if (text != null) {
      escape.write(text, out);
    }
  }

  private boolean isMet(Expression condition) {
    charge(condition.source());
    String text = condition.text(scope);
    return text != null && !text.isEmpty() && !text.equals("false");
  }

  private void add(Node.Loop loop) {
    charge(loop.over());
    loops++;
    switch (loop.over().path()) {
      case BodyPath.Json(JsonPath path) -> addJson(loop, path, scope.json(loop.over().of()));
      case BodyPath.Xml xml -> addXml(loop, xml, scope.xml(), scope.node(loop.over().of()));
    }
    loops--;
  }

  private void addJson(Node.Loop loop, JsonPath path, @Nullable JsonDocument body) {
    if (body == null) {
      return;
    }
    int[] nodes = path.select(body);
    if (path.isSingular() && nodes.length == 1 && body.kind(nodes[0]) == JsonKind.ARRAY) {
      boolean isFirst = true;
      for (int item = body.firstChild(nodes[0]);
          item != JsonDocument.NONE;
          item = body.next(item)) {
        isFirst = addRound(loop, body.part(item), isFirst);
      }
    } else {
      boolean isFirst = true;
      for (int node : nodes) {
        step((body.end(node) - body.start(node)) / 16); // they may stand in one another
        isFirst = addRound(loop, body.part(node), isFirst);
      }
    }
    scope.json(loop.variable(), null);
  }

  private boolean addRound(Node.Loop loop, JsonDocument item, boolean isFirst) {
    scope.json(loop.variable(), item);
    return addRound(loop, isFirst);
  }

  private void addXml(Node.Loop loop, BodyPath.Xml xml, @Nullable XmlDocument body, int context) {
    if (body == null || context == XmlDocument.NONE) {
      return;
    }
    boolean isFirst = true;
    for (int node : xml.path().select(body, context)) {
      scope.node(loop.variable(), node);
      isFirst = addRound(loop, isFirst);
    }
    scope.node(loop.variable(), XmlDocument.NONE);
  }

  /** Gives whether the next round is still the first that makes something. */
  private boolean addRound(Node.Loop loop, boolean isFirst) {
    step(STEPS_PER_ROUND);
    if (!loop.isList()) {
      add(loop.body());
      return false;
    }
    int before = out.length();
    if (!isFirst) {
      out.append(',');
    }
    int from = out.length();
    add(loop.body());
    for (int i = from; i < out.length(); i++) {
      if (out.charAt(i) > ' ') {
        return false;
      }
    }
    out.setLength(before); // nothing but blanks: no item of the list
    return isFirst;
  }

  private void charge(Source source) {
    if (loops == 0 || !(source instanceof Source.Body body)) {
      return;
    }
    JsonDocument json = scope.json(body.of());
    XmlDocument xml = scope.xml();
    if (json != null) {
      step(json.length() / 16);
    } else if (xml != null && mayLeave(body)) {
      step(xml.size() / 16);
    } else {
      step(16);
    }
  }

  /** Whether a path may go over more than the little that is around its begin. */
  private static boolean mayLeave(Source.Body body) {
    if (!(body.path() instanceof BodyPath.Xml xml)) {
      return true;
    }
    String text = xml.text();
    return text.startsWith("/") || text.contains("//") || text.contains("::") || text.contains("[");
  }

  private void step(int count) {
    steps += count;
    if (steps > MAX_STEPS) {
      throw new MalformedPayloadException(
          Kind.TOO_COMPLEX, "its body takes too many steps to make");
    }
  }
}
