package tollgate.handlers.template;

import static tollgate.config.read.ValueTypes.mapOf;
import static tollgate.config.read.ValueTypes.text;
import static tollgate.config.read.ValueTypes.textFile;
import static tollgate.config.read.ValueTypes.tree;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.OperationConfig;
import tollgate.config.read.LocatedException;
import tollgate.config.read.ScalarType;
import tollgate.config.read.Shape;
import tollgate.config.text.Location;
import tollgate.config.text.ScalarNode;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.expression.ExpressionException;
import tollgate.core.expression.Sources;
import tollgate.core.handler.Handler;
import tollgate.core.handler.HandlerContext;
import tollgate.core.handler.HandlerType;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;
import tollgate.core.media.MediaType;

/** The step {@code template}. Immutable; any thread. */
public final class TemplateHandlerType implements HandlerType<TemplateOptions> {
  static final String NAME = "template";

  private static final ScalarType<MediaType> TYPE =
      ScalarType.parsed(
          "media type",
          "application/json",
          "[^/]+/.+",
          TemplateHandlerType::parseType,
          MediaType::toString);

  private static final Shape<TemplateOptions> OPTIONS =
      Shape.of(
          TemplateOptions.class,
          "Makes the body of a template.",
          keys -> {
            var type =
                keys.required(
                    "type", TYPE, "Media type of the body: of JSON, XML, text/plain, or a form.");
            var body =
                keys.optional(
                    "body",
                    tree(
                        "text with expressions",
                        (node, reading) -> {
                          if (node instanceof ScalarNode scalar && !scalar.isNull()) {
                            return scalar.isBroken() ? null : scalar;
                          }
                          reading.refuse(node, "(expected: text with expressions)");
                          return null;
                        }),
                    "The template.",
                    "in `file`");
            var file =
                keys.optional(
                    "file",
                    textFile("templates/order.json", (node, _) -> (ScalarNode) node),
                    "File that holds the template.",
                    "in `body`");
            var namespaces =
                keys.withDefault(
                    "namespaces",
                    mapOf(text("prefix", "o", "[A-Za-z_][A-Za-z0-9._-]*"), text()),
                    Map.of(),
                    "What the prefixes of XPaths stand for.");
            keys.check(
                type,
                fields ->
                    (fields.get(body) == null) == (fields.get(file) == null)
                        ? "needs a template beside it (expected: either body or file)"
                        : null);
            return fields -> {
              ScalarNode inline = fields.get(body);
              ScalarNode source = inline == null ? fields.get(file) : inline;
              if (source == null) {
                throw new IllegalArgumentException("has no template (expected: body or file)");
              }
              return options(fields.get(type), source, inline == null, fields.get(namespaces));
            };
          });

  public TemplateHandlerType() {}

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
    return Side.BOTH;
  }

  @Override
  public Side runs(Side listed) {
    return listed == Side.RESPONSE ? Side.BOTH : listed; // it asks for answers that can be read
  }

  @Override
  public Shape<TemplateOptions> options() {
    return OPTIONS;
  }

  @Override
  public Handler create(TemplateOptions options, Side side, HandlerContext context) {
    return new TemplateHandler(options, side, context.offload());
  }

  @Override
  public @Nullable String problem(
      TemplateOptions options,
      Side listed,
      RouteHandle route,
      @Nullable OperationConfig operation) {
    String stream = Sources.streamProblem(operation, listed);
    return stream == null ? options.sources().problem(listed, route) : stream;
  }

  private static MediaType parseType(String text) {
    MediaType type = MediaType.parse(text);
    if (type == null || Output.of(type) == null) {
      throw new IllegalArgumentException(
          "is none that a template is for (expected: JSON, XML, text/plain or a form)");
    }
    String charset = type.parameter("charset");
    if (charset != null && !charset.equalsIgnoreCase("utf-8")) {
      throw new IllegalArgumentException("names a charset (expected: none, or utf-8)");
    }
    return type;
  }

  private static TemplateOptions options(
      MediaType type, ScalarNode source, boolean isFile, Map<String, String> namespaces) {
    Output output = Output.of(type);
    if (output == null) {
      throw new IllegalArgumentException(type + " is none that a template is for");
    }
    try {
      Template template = Template.compile(source.text(), output, namespaces);
      return new TemplateOptions(type, template, new Sources(template.sources(), List.of()));
    } catch (ExpressionException e) {
      boolean isSecret = source.form() == ScalarNode.Form.RESOLVED;
      String reason = isSecret ? "does not resolve to a good value" : e.reason();
      throw located(source, isFile, reason, e.offset());
    }
  }

  /** In a file the place itself; in YAML the place of the text, and that in the text. */
  private static LocatedException located(
      ScalarNode source, boolean isFile, String reason, int offset) {
    String before = source.text().substring(0, Math.min(offset, source.text().length()));
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    String inLine = before.substring(before.lastIndexOf('\n') + 1);
    int column = 1 + inLine.codePointCount(0, inLine.length());
    return isFile
        ? new LocatedException(new Location(source.location().file(), line, column), reason)
        : new LocatedException(
            source.location(), reason + " at line " + line + ", column " + column + " of body");
  }
}
