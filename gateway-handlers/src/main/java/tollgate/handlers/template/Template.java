package tollgate.handlers.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tollgate.core.expression.Expression;
import tollgate.core.expression.ExpressionException;
import tollgate.core.expression.Scope;
import tollgate.core.expression.Source;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.Payload;

/** A compiled template. Immutable; any thread. */
final class Template {
  private final Output output;
  private final List<Node> nodes;

  private Template(Output output, List<Node> nodes) {
    this.output = output;
    this.nodes = nodes;
  }

  /**
   * Compiles a text and looks whether what it makes is of its type, for some values.
   *
   * @throws ExpressionException for the first mistake
   */
  static Template compile(String text, Output output, Map<String, String> namespaces) {
    Template template = new Template(output, TemplateCompiler.compile(text, output, namespaces));
    if (output == Output.JSON || output == Output.XML) {
      for (int rounds : new int[] {1, 0, 2}) {
        Sample.check(template.nodes, output, rounds);
      }
    }
    return template;
  }

  /**
   * Makes a body.
   *
   * @throws MalformedPayloadException if it would be too much, or is none of its type
   */
  Payload payload(Scope scope) {
    return output.payload(text(scope));
  }

  /** The text of a body, which may not be one of its type. */
  String text(Scope scope) {
    return new Rendering(scope).run(nodes);
  }

  /** What its expressions ask for; variables of loops are none of it but for their form. */
  List<Source> sources() {
    List<Source> sources = new ArrayList<>();
    addSources(nodes, sources);
    return sources;
  }

  private static void addSources(List<Node> nodes, List<Source> to) {
    for (Node node : nodes) {
      switch (node) {
        case Node.Literal _ -> {}
        case Node.Place(Expression expression, var _) -> to.add(expression.source());
        case Node.Loop loop -> {
          to.add(loop.over());
          addSources(loop.body(), to);
        }
        case Node.Choice choice -> {
          to.add(choice.condition().source());
          addSources(choice.then(), to);
          addSources(choice.otherwise(), to);
        }
      }
    }
  }
}
