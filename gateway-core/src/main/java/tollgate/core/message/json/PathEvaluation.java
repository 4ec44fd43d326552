package tollgate.core.message.json;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.json.PathExpression.Logical;
import tollgate.core.message.json.PathExpression.Operator;
import tollgate.core.message.json.PathExpression.Query;
import tollgate.core.message.json.PathExpression.Segment;
import tollgate.core.message.json.PathExpression.Selector;
import tollgate.core.message.json.PathExpression.Value;

/**
 * One evaluation of a path. It recurses only as deep as the path's filters; descendants are a range
 * of the tape. Every node and character that is looked at is a step. One thread.
 */
final class PathEvaluation {
  private final JsonDocument json;
  private final long maxSteps;
  private long steps;

  PathEvaluation(JsonDocument json, long maxSteps) {
    this.json = json;
    this.maxSteps = maxSteps;
  }

  /** A value that is a node of some document; null stands for Nothing. */
  private record Operand(JsonDocument json, int node) {
    JsonKind kind() {
      return json.kind(node);
    }
  }

  NodeList select(Query query) {
    return select(query, JsonDocument.ROOT);
  }

  private NodeList select(Query query, int current) {
    NodeList nodes = new NodeList();
    nodes.add(query.isRelative() ? current : JsonDocument.ROOT);
    for (Segment segment : query.segments()) {
      NodeList selected = new NodeList();
      for (int i = 0; i < nodes.size(); i++) {
        if (segment.isDescendant()) {
          selectDescendants(segment, nodes.get(i), selected);
        } else {
          selectChildren(segment, nodes.get(i), selected);
        }
      }
      nodes = selected;
    }
    return nodes;
  }

  /** The node and all that stand in it, in the order of the text. */
  private void selectDescendants(Segment segment, int node, NodeList selected) {
    int[] tape = json.tape();
    int end = json.behind(node);
    for (int i = node; i < end; ) {
      int head = tape[i];
      if (Tape.isContainer(head)) {
        selectChildren(segment, i, selected);
      } else {
        step();
      }
      i += Tape.kind(head) == Tape.END ? 1 : 2;
    }
  }

  private void selectChildren(Segment segment, int node, NodeList selected) {
    for (Selector selector : segment.selectors()) {
      step();
      switch (selector) {
        case Selector.Name name -> selectName(name.name(), node, selected);
        case Selector.Index index -> selectIndex(index.index(), node, selected);
        case Selector.Slice slice -> selectSlice(slice, node, selected);
        case Selector.Wildcard _ -> selectAll(node, null, selected);
        case Selector.Filter filter -> selectAll(node, filter.condition(), selected);
      }
    }
  }

  private void selectName(JsonName name, int node, NodeList selected) {
    if (json.kind(node) != JsonKind.OBJECT) {
      return;
    }
    for (int child = json.firstChild(node); child != JsonDocument.NONE; child = json.next(child)) {
      step();
      if (json.isNamed(child, name)) {
        selected.add(child);
        return;
      }
    }
  }

  private void selectIndex(long index, int node, NodeList selected) {
    if (json.kind(node) != JsonKind.ARRAY) {
      return;
    }
    long wanted = index < 0 ? index + size(node) : index;
    if (wanted < 0) {
      return;
    }
    int child = json.firstChild(node);
    for (long i = 0; i < wanted && child != JsonDocument.NONE; i++) {
      step();
      child = json.next(child);
    }
    if (child != JsonDocument.NONE) {
      selected.add(child);
    }
  }

  /** RFC 9535 2.3.4.2.2. */
  private void selectSlice(Selector.Slice slice, int node, NodeList selected) {
    long step = slice.step();
    if (json.kind(node) != JsonKind.ARRAY || step == 0) {
      return;
    }
    NodeList all = new NodeList();
    selectAll(node, null, all);
    long size = all.size();
    Long start = slice.start();
    Long end = slice.end();
    long from = start == null ? (step > 0 ? 0 : size - 1) : (start < 0 ? size + start : start);
    long to = end == null ? (step > 0 ? size : -size - 1) : end;
    to = to < 0 ? size + to : to;
    if (step > 0) {
      from = Math.clamp(from, 0, size);
      to = Math.clamp(to, 0, size);
    } else {
      from = Math.clamp(from, -1, size - 1);
      to = Math.clamp(to, -1, size - 1);
    }
    for (long i = from; step > 0 ? i < to : i > to; i += step) {
      selected.add(all.get((int) i));
    }
  }

  private void selectAll(int node, @Nullable Logical condition, NodeList selected) {
    for (int child = json.firstChild(node); child != JsonDocument.NONE; child = json.next(child)) {
      step();
      if (condition == null || test(condition, child)) {
        selected.add(child);
      }
    }
  }

  private int size(int node) {
    int size = json.size(node);
    step(size);
    return size;
  }

  private boolean test(Logical condition, int current) {
    step();
    return switch (condition) {
      case Logical.Or or -> {
        for (Logical each : or.any()) {
          if (test(each, current)) {
            yield true;
          }
        }
        yield false;
      }
      case Logical.And and -> {
        for (Logical each : and.all()) {
          if (!test(each, current)) {
            yield false;
          }
        }
        yield true;
      }
      case Logical.Not not -> !test(not.not(), current);
      case Logical.Exists exists -> select(exists.query(), current).size() > 0;
      case Logical.Compare compare ->
          compare(
              compare.operator(), value(compare.left(), current), value(compare.right(), current));
      case Logical.Matches matches -> matches(matches, current);
    };
  }

  private boolean matches(Logical.Matches matches, int current) {
    Operand text = value(matches.text(), current);
    Operand pattern = value(matches.pattern(), current);
    if (text == null
        || pattern == null
        || text.kind() != JsonKind.STRING
        || pattern.kind() != JsonKind.STRING) {
      return false;
    }
    Regexp regexp = matches.compiled();
    if (regexp == null) {
      regexp = Regexp.compile(pattern.json().string(pattern.node()));
      step(pattern.json().end(pattern.node()));
    }
    String string = text.json().string(text.node());
    return matches.isWhole()
        ? regexp.matches(string, this::step)
        : regexp.isFoundIn(string, this::step);
  }

  private @Nullable Operand value(Value value, int current) {
    return switch (value) {
      case Value.Literal literal -> new Operand(literal.value(), JsonDocument.ROOT);
      case Value.Singular singular -> only(select(singular.query(), current));
      case Value.Only only -> only(select(only.of(), current));
      case Value.Count count -> number(select(count.of(), current).size());
      case Value.Length length -> length(value(length.of(), current));
    };
  }

  private @Nullable Operand only(NodeList nodes) {
    return nodes.size() == 1 ? new Operand(json, nodes.get(0)) : null;
  }

  private static Operand number(int value) {
    return new Operand(new JsonComposer(16).number(value).finish(), JsonDocument.ROOT);
  }

  private @Nullable Operand length(@Nullable Operand of) {
    if (of == null) {
      return null;
    }
    return switch (of.kind()) {
      case STRING -> {
        String string = of.json().string(of.node());
        step(string.length());
        yield number(string.codePointCount(0, string.length()));
      }
      case ARRAY, OBJECT -> number(size(of.node())); // only nodes of the document are such
      case NUMBER, TRUE, FALSE, NULL -> null;
    };
  }

  /** RFC 9535 2.3.5.2.2. */
  private boolean compare(Operator operator, @Nullable Operand left, @Nullable Operand right) {
    return switch (operator) {
      case EQUAL -> isEqual(left, right);
      case NOT_EQUAL -> !isEqual(left, right);
      case LESS -> isLess(left, right);
      case GREATER -> isLess(right, left);
      case LESS_OR_EQUAL -> isLess(left, right) || isEqual(left, right);
      case GREATER_OR_EQUAL -> isLess(right, left) || isEqual(left, right);
    };
  }

  private boolean isLess(@Nullable Operand left, @Nullable Operand right) {
    if (left == null || right == null || left.kind() != right.kind()) {
      return false;
    }
    return switch (left.kind()) {
      case NUMBER -> number(left).compareTo(number(right)) < 0;
      case STRING -> Arrays.compareUnsigned(bytes(left), bytes(right)) < 0; // by code points
      case OBJECT, ARRAY, TRUE, FALSE, NULL -> false;
    };
  }

  private boolean isEqual(@Nullable Operand left, @Nullable Operand right) {
    if (left == null || right == null) {
      return left == null && right == null;
    }
    if (!left.kind().isContainer() || left.kind() != right.kind()) {
      return isScalarEqual(left, right);
    }
    NodeList lefts = new NodeList();
    NodeList rights = new NodeList();
    lefts.add(left.node());
    rights.add(right.node());
    for (int i = 0; i < lefts.size(); i++) { // grows while pairs are still to be compared
      step();
      if (!pairUp(lefts.get(i), rights.get(i), lefts, rights)) {
        return false;
      }
    }
    return true;
  }

  /** Compares two nodes of this document but for what stands in them, which is added. */
  private boolean pairUp(int left, int right, NodeList lefts, NodeList rights) {
    JsonKind kind = json.kind(left);
    if (kind != json.kind(right)) {
      return false;
    }
    if (!kind.isContainer()) {
      return isScalarEqual(new Operand(json, left), new Operand(json, right));
    }
    int leftChild = json.firstChild(left);
    int rightChild = json.firstChild(right);
    while (leftChild != JsonDocument.NONE && rightChild != JsonDocument.NONE) {
      step();
      int partner = rightChild;
      if (kind == JsonKind.OBJECT) {
        partner = partner(leftChild, rightChild, right);
        if (partner == JsonDocument.NONE) {
          return false;
        }
      }
      lefts.add(leftChild);
      rights.add(partner);
      leftChild = json.next(leftChild);
      rightChild = json.next(rightChild);
    }
    return leftChild == rightChild;
  }

  /** The member of the right object that has the name of one of the left; likely that beside it. */
  private int partner(int leftChild, int rightChild, int right) {
    JsonName name = JsonName.of(json.name(leftChild));
    if (json.isNamed(rightChild, name)) {
      return rightChild;
    }
    size(right);
    return json.member(right, name);
  }

  private boolean isScalarEqual(Operand left, Operand right) {
    if (left.kind() != right.kind()) {
      return false;
    }
    return switch (left.kind()) {
      case NUMBER -> number(left).compareTo(number(right)) == 0;
      case STRING -> Arrays.equals(bytes(left), bytes(right));
      case TRUE, FALSE, NULL -> true;
      case OBJECT, ARRAY -> false;
    };
  }

  private JsonNumber number(Operand of) {
    String lexeme = of.json().lexeme(of.node());
    step(lexeme.length() / 8);
    return JsonNumber.of(lexeme);
  }

  private byte[] bytes(Operand string) {
    byte[] bytes = JsonText.bytes(string.json().string(string.node()));
    step(bytes.length / 8);
    return bytes;
  }

  private void step() {
    step(1);
  }

  private void step(int count) {
    steps += count;
    if (steps > maxSteps) {
      throw new MalformedPayloadException(
          Kind.TOO_COMPLEX, "JSONPath: more than " + maxSteps + " steps");
    }
  }
}
