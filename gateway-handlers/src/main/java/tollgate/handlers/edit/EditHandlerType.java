package tollgate.handlers.edit;

import static tollgate.config.read.ValueTypes.anyText;
import static tollgate.config.read.ValueTypes.listOf;
import static tollgate.config.read.ValueTypes.mapOf;
import static tollgate.config.read.ValueTypes.text;
import static tollgate.config.read.ValueTypes.tree;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.OperationConfig;
import tollgate.config.read.Reading;
import tollgate.config.read.ScalarType;
import tollgate.config.read.Shape;
import tollgate.config.read.TreeType;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.ListNode;
import tollgate.config.text.MapNode;
import tollgate.config.text.ScalarNode;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.expression.BodyPath;
import tollgate.core.expression.Sources;
import tollgate.core.expression.TextTemplate;
import tollgate.core.handler.FieldOptions;
import tollgate.core.handler.Handler;
import tollgate.core.handler.HandlerContext;
import tollgate.core.handler.HandlerType;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;

/**
 * The step {@code edit}. Immutable; any thread.
 *
 * <p>What stands at a key is checked where it is read, with any prefix; that prefixes of XPaths are
 * declared shows when all keys are there.
 */
public final class EditHandlerType implements HandlerType<EditOptions> {
  static final String NAME = "edit";

  private static final Pattern PREFIX = Pattern.compile("([\\p{L}_][\\w.\\-]*):");

  private static final ScalarType<String> PATH =
      text().as(EditHandlerType::checkedPath, path -> path).named("path in the body", "$.customer");

  private static final ScalarType<String> TEXT =
      anyText()
          .as(EditHandlerType::checkedText, value -> value)
          .named("text with expressions", "${body:$.id}");

  private static final TreeType<ConfigNode> VALUE =
      tree("any value, with expressions", (node, reading) -> isGood(node, reading) ? node : null);

  private static final Shape<EditOptions> OPTIONS =
      Shape.of(
          EditOptions.class,
          "Changes values of the body, and sets header fields and parameters: first remove, then rename, move, set, merge.",
          keys -> {
            var namespaces =
                keys.withDefault(
                    "namespaces",
                    mapOf(text("prefix", "o", "[A-Za-z_][A-Za-z0-9._-]*"), text()),
                    Map.of(),
                    "What the prefixes of XPaths stand for.");
            var remove =
                keys.withDefault(
                    "remove", listOf(PATH), List.of(), "Values of which nothing is left.");
            var rename =
                keys.withDefault(
                    "rename",
                    mapOf(PATH, text()),
                    Map.of(),
                    "Members, elements or attributes that get another name.");
            var move =
                keys.withDefault(
                    "move", mapOf(PATH, PATH), Map.of(), "Values that go elsewhere in the body.");
            var set =
                keys.withDefault(
                    "set", mapOf(PATH, VALUE), Map.of(), "Places that have this value afterwards.");
            var merge =
                keys.withDefault(
                    "merge",
                    mapOf(PATH, VALUE),
                    Map.of(),
                    "Objects that a JSON Merge Patch is applied to.");
            var headers =
                keys.withDefault(
                    "headers",
                    mapOf(FieldOptions.NAME, TEXT),
                    Map.of(),
                    "Header fields that have this value alone afterwards; without a value they go.");
            var query =
                keys.withDefault(
                    "query",
                    mapOf(text().named("query parameter", "lang"), TEXT),
                    Map.of(),
                    "Query parameters that have this value alone afterwards; without a value they go.");
            return fields -> {
              Map<String, String> declared = fields.get(namespaces);
              List<BodyEdit> edits = new ArrayList<>();
              for (String path : fields.get(remove)) {
                edits.add(BodyEdit.remove(path(path, declared)));
              }
              fields
                  .get(rename)
                  .forEach((path, name) ->
                      edits.add(BodyEdit.rename(path(path, declared), name, declared)));
              fields
                  .get(move)
                  .forEach((from, to) ->
                      edits.add(BodyEdit.move(path(from, declared), path(to, declared))));
              fields
                  .get(set)
                  .forEach((path, value) ->
                      edits.add(
                          BodyEdit.set(
                              path(path, declared), EditValue.compile(value, declared), declared)));
              fields
                  .get(merge)
                  .forEach((path, value) ->
                      edits.add(
                          BodyEdit.merge(
                              path(path, declared), EditValue.compile(value, declared))));
              return EditOptions.of(
                  edits,
                  templates(fields.get(headers), declared),
                  templates(fields.get(query), declared));
            };
          });

  public EditHandlerType() {}

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
    return listed == Side.RESPONSE ? Side.BOTH : listed; // it asks for answers that can be edited
  }

  @Override
  public Shape<EditOptions> options() {
    return OPTIONS;
  }

  @Override
  public Handler create(EditOptions options, Side side, HandlerContext context) {
    return new EditHandler(options, side, context.offload());
  }

  @Override
  public @Nullable String problem(
      EditOptions options, Side listed, RouteHandle route, @Nullable OperationConfig operation) {
    if (listed == Side.RESPONSE && !options.query().isEmpty()) {
      return "has query, which a response does not have (expected: in request)";
    }
    String stream = options.face() == null ? null : Sources.streamProblem(operation, listed);
    return stream == null ? options.sources().problem(listed, route) : stream;
  }

  private static <K> Map<K, TextTemplate> templates(
      Map<K, String> texts, Map<String, String> namespaces) {
    Map<K, TextTemplate> templates = new LinkedHashMap<>();
    texts.forEach((key, text) -> templates.put(key, TextTemplate.compile(text, namespaces)));
    return templates;
  }

  private static BodyPath path(String text, Map<String, String> namespaces) {
    try {
      return BodyPath.compile(text, namespaces);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" " + e.getMessage() + " (expected: prefixes in namespaces)", e);
    }
  }

  private static String checkedPath(String text) {
    if (!text.startsWith("$") && !text.startsWith("/")) {
      throw new IllegalArgumentException(
          "is no path in a body (expected: JSONPath as $.id, or XPath as /order/id)");
    }
    BodyPath.compile(text, anyPrefix(text));
    return text;
  }

  private static String checkedText(String text) {
    TextTemplate.compile(text, anyPrefix(text));
    return text;
  }

  private static boolean isGood(ConfigNode node, Reading reading) {
    return switch (node) {
      case ScalarNode scalar -> scalar.isNull() || TEXT.read(scalar, reading) != null;
      case ListNode list -> {
        boolean good = true;
        for (int i = 0; i < list.items().size(); i++) {
          good &= isGood(list.items().get(i), reading.item(i));
        }
        yield good;
      }
      case MapNode map -> {
        boolean good = true;
        for (MapNode.Entry entry : map.entries()) {
          good &= isGood(entry.value(), reading.key(entry.key()));
        }
        yield good;
      }
    };
  }

  /** All that could be prefixes, each with a namespace. */
  private static Map<String, String> anyPrefix(String text) {
    Map<String, String> namespaces = new HashMap<>();
    Matcher prefixes = PREFIX.matcher(text);
    while (prefixes.find()) {
      namespaces.put(prefixes.group(1), "urn:any");
    }
    return namespaces;
  }
}
