package tollgate.core.expression;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.core.message.MalformedPayloadException;

/** Text with expressions in it, compiled. Immutable; any thread. */
public final class TextTemplate {
  private final List<Part> parts;

  private sealed interface Part {
    record Literal(String text) implements Part {}

    record Place(Expression expression) implements Part {}
  }

  private TextTemplate(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  /**
   * Compiles a text.
   *
   * @param namespaces what the prefixes of XPaths in it stand for
   * @throws ExpressionException if an expression in it is none
   */
  public static TextTemplate compile(String text, Map<String, String> namespaces) {
    List<Part> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    ExpressionReader reader = new ExpressionReader(text, namespaces);
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith("$${", at)) {
        literal.append("${");
        at += 3;
      } else if (text.startsWith("${", at)) {
        if (!literal.isEmpty()) {
          parts.add(new Part.Literal(literal.toString()));
          literal.setLength(0);
        }
        parts.add(new Part.Place(reader.read(at, List.of())));
        at = reader.end();
      } else {
        literal.append(text.charAt(at++));
      }
    }
    if (!literal.isEmpty() || parts.isEmpty()) {
      parts.add(new Part.Literal(literal.toString()));
    }
    return new TextTemplate(parts);
  }

  /** The text, if it has no expression; else null. */
  public @Nullable String constant() {
    return parts.size() == 1 && parts.getFirst() instanceof Part.Literal(String text) ? text : null;
  }

  /** The expression, if it is one alone; else null. */
  public @Nullable Expression alone() {
    return parts.size() == 1 && parts.getFirst() instanceof Part.Place(Expression expression)
        ? expression
        : null;
  }

  /** What its expressions ask for. */
  public List<Source> sources() {
    List<Source> sources = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Part.Place(Expression expression)) {
        sources.add(expression.source());
      }
    }
    return sources;
  }

  /**
   * The text with all values; one that is missing leaves nothing in its place.
   *
   * @return null if it is one expression alone, and that is missing
   * @throws MalformedPayloadException if a path takes too many steps
   */
  public @Nullable String text(Scope scope) {
    Expression alone = alone();
    if (alone != null) {
      return alone.text(scope);
    }
    String constant = constant();
    if (constant != null) {
      return constant;
    }
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      switch (part) {
        case Part.Literal(String literal) -> text.append(literal);
        case Part.Place(Expression expression) -> {
          String value = expression.text(scope);
          text.append(value == null ? "" : requireNonNull(value));
          Bounds.check(text.length());
        }
      }
    }
    return text.toString();
  }
}
