package tollgate.core.message.json;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of a compiled JSONPath, named as RFC 9535 names them. Immutable. */
sealed interface PathExpression {
  /**
   * @param isRelative begins at the current node ({@code @}) and not at the root
   */
  record Query(boolean isRelative, List<Segment> segments) implements PathExpression {
    /** Whether it gives one node at most (RFC 9535 2.3.5.1). */
    boolean isSingular() {
      return segments.stream().allMatch(Segment::isSingular);
    }
  }

  record Segment(boolean isDescendant, List<Selector> selectors) {
    boolean isSingular() {
      return !isDescendant
          && selectors.size() == 1
          && (selectors.getFirst() instanceof Selector.Name
              || selectors.getFirst() instanceof Selector.Index);
    }
  }

  sealed interface Selector {
    record Name(JsonName name) implements Selector {}

    record Index(long index) implements Selector {}

    record Slice(@Nullable Long start, @Nullable Long end, long step) implements Selector {}

    enum Wildcard implements Selector {
      ALL
    }

    record Filter(Logical condition) implements Selector {}
  }

  sealed interface Logical extends PathExpression {
    record Or(List<Logical> any) implements Logical {}

    record And(List<Logical> all) implements Logical {}

    record Not(Logical not) implements Logical {}

    record Exists(Query query) implements Logical {}

    record Compare(Operator operator, Value left, Value right) implements Logical {}

    /**
     * @param compiled the pattern, if it is a literal; null if it comes from the document
     */
    record Matches(Value text, Value pattern, @Nullable Regexp compiled, boolean isWhole)
        implements Logical {}
  }

  enum Operator {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL
  }

  sealed interface Value extends PathExpression {
    /**
     * @param value a document of one scalar
     */
    record Literal(JsonDocument value) implements Value {}

    record Singular(Query query) implements Value {}

    record Length(Value of) implements Value {}

    record Count(Query of) implements Value {}

    record Only(Query of) implements Value {}
  }
}
