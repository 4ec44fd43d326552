package tollgate.handlers.template;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tollgate.core.expression.Expression;
import tollgate.core.expression.ExpressionException;
import tollgate.core.expression.ExpressionReader;
import tollgate.core.expression.Scope;
import tollgate.core.expression.Source;

/**
 * Makes nodes of the text of a template. One thread, once.
 *
 * <pre>
 *   ${source ?? fallback}
 *   ${for line in body:$.lines} ... ${end}        in it, ${line:$.sku} is of the element
 *   ${if source} ... ${else} ... ${end}
 * </pre>
 */
final class TemplateCompiler {
  private static final Pattern FOR =
      Pattern.compile("for\\s+([A-Za-z][A-Za-z0-9]*)\\s+in\\s+(.+)", Pattern.DOTALL);
  private static final Pattern IF = Pattern.compile("if\\s+(.+)", Pattern.DOTALL);
  private static final int MAX_DEPTH = 16;

  private final String text;
  private final Context context;
  private final ExpressionReader reader;
  private final Deque<Block> open = new ArrayDeque<>();

  /** What has begun and not ended: the whole, a loop or a choice. */
  private static final class Block {
    final int start;
    final int state;
    final List<Node> nodes = new ArrayList<>();
    Source.@Nullable Body over;
    @Nullable Expression condition;
    @Nullable List<Node> then;
    String variable = "";
    boolean isList;

    Block(int start, int state) {
      this.start = start;
      this.state = state;
    }
  }

  private TemplateCompiler(String text, Output output, Map<String, String> namespaces) {
    this.text = text;
    this.context = new Context(output);
    this.reader = new ExpressionReader(text, namespaces);
  }

  /**
   * @throws ExpressionException for the first mistake
   */
  static List<Node> compile(String text, Output output, Map<String, String> namespaces) {
    return new TemplateCompiler(text, output, namespaces).compile();
  }

  private List<Node> compile() {
    Block whole = new Block(0, context.state());
    open.addLast(whole);
    int at = 0;
    while (at < text.length()) {
      int dollar = text.indexOf("${", at);
      boolean isLiteral = dollar > 0 && text.charAt(dollar - 1) == '$' && dollar > at;
      int end = dollar < 0 ? text.length() : isLiteral ? dollar - 1 : dollar;
      literal(text.substring(at, end), at);
      if (dollar < 0) {
        break;
      }
      if (isLiteral) { // $${ stands for ${
        literal("${", dollar);
        at = dollar + 2;
      } else {
        expression(reader.content(dollar), dollar);
        at = reader.end();
      }
    }
    if (open.size() > 1) {
      throw new ExpressionException("has a block that does not end", open.getLast().start);
    }
    return whole.nodes;
  }

  private void literal(String literal, int offset) {
    if (literal.isEmpty()) {
      return;
    }
    String problem = context.pass(literal);
    if (problem != null) {
      throw new ExpressionException(problem, offset);
    }
    open.getLast().nodes.add(new Node.Literal(literal, offset));
  }

  private void expression(String content, int start) {
    Matcher loop = FOR.matcher(content);
    Matcher choice = IF.matcher(content);
    if (loop.matches()) {
      begin(loop.group(1), loop.group(2), start);
    } else if (choice.matches()) {
      Block block = block(start);
      block.condition = reader.expression(choice.group(1), start, variables());
      open.addLast(block);
    } else if (content.equals("else")) {
      otherwise(start);
    } else if (content.equals("end")) {
      end(start);
    } else {
      Expression expression = reader.expression(content, start, variables());
      Escape escape = context.place();
      if (escape == null) {
        throw new ExpressionException("has a value where none can stand", start);
      }
      open.getLast().nodes.add(new Node.Place(expression, escape));
    }
  }

  private Block block(int start) {
    if (!context.mayBranch()) {
      throw new ExpressionException("has a block where none can begin", start);
    }
    if (open.size() > MAX_DEPTH) {
      throw new ExpressionException("has more than " + MAX_DEPTH + " blocks in one another", start);
    }
    return new Block(start, context.state());
  }

  private void begin(@Nullable String variable, @Nullable String over, int start) {
    Block block = block(start);
    block.variable = String.valueOf(variable);
    block.isList = context.isList();
    Expression source = reader.expression(String.valueOf(over), start, variables());
    if (!(source.source() instanceof Source.Body body) || source.fallback() != null) {
      throw new ExpressionException("has a loop over what is no place in the body", start);
    }
    if (variables().contains(block.variable)
        || ExpressionReader.isName(block.variable)
        || block.variable.equals(Scope.BODY)) {
      throw new ExpressionException(
          "has the variable " + block.variable + ", which means something else", start);
    }
    if (block.isList && !context.isOpened()) {
      throw new ExpressionException(
          "has a loop that is not alone in its brackets (expected: [ or { before it)", start);
    }
    context.begin();
    block.over = body;
    open.addLast(block);
  }

  private void otherwise(int start) {
    Block block = open.getLast();
    if (block.condition == null || block.then != null) {
      throw new ExpressionException("has an else without an if", start);
    }
    checkState(block, start);
    block.then = List.copyOf(block.nodes);
    block.nodes.clear();
  }

  private void end(int start) {
    if (open.size() == 1) {
      throw new ExpressionException("has an end without a beginning", start);
    }
    Block block = open.removeLast();
    checkState(block, start);
    Node node;
    if (block.over != null) {
      node = new Node.Loop(block.variable, block.over, block.nodes, block.isList);
      if (block.isList) {
        context.close();
      }
    } else {
      Expression condition = requireNonNull(block.condition);
      List<Node> then = block.then;
      node =
          then == null
              ? new Node.Choice(condition, block.nodes, List.of())
              : new Node.Choice(condition, then, block.nodes);
    }
    open.getLast().nodes.add(node);
  }

  private void checkState(Block block, int at) {
    if (block.state != context.state() || !context.mayBranch()) {
      throw new ExpressionException("has a block that ends elsewhere than it began", at);
    }
  }

  private List<String> variables() {
    return open.stream().map(block -> block.variable).filter(name -> !name.isEmpty()).toList();
  }
}
