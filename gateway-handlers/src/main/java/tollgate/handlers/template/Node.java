package tollgate.handlers.template;

import java.util.List;
import tollgate.core.expression.Expression;
import tollgate.core.expression.Source;

/** A part of a compiled template. Immutable. */
sealed interface Node {
  /**
   * @param offset in the template
   */
  record Literal(String text, int offset) implements Node {}

  record Place(Expression expression, Escape escape) implements Node {}

  /**
   * @param isList whether commas stand between its rounds
   */
  record Loop(String variable, Source.Body over, List<Node> body, boolean isList) implements Node {
    public Loop {
      body = List.copyOf(body);
    }
  }

  record Choice(Expression condition, List<Node> then, List<Node> otherwise) implements Node {
    public Choice {
      then = List.copyOf(then);
      otherwise = List.copyOf(otherwise);
    }
  }
}
