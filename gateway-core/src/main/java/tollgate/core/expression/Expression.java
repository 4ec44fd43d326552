package tollgate.core.expression;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.json.JsonComposer;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonKind;
import tollgate.core.message.json.JsonParser;
import tollgate.core.message.xml.XmlDocument;
import tollgate.core.message.xml.XmlPath;

/**
 * <code>${source ?? fallback}</code>. Immutable; any thread.
 *
 * @param fallback what stands in for a value that is missing; null if nothing does
 */
public record Expression(Source source, @Nullable String fallback) {
  public Expression {
    requireNonNull(source, "source");
  }

  /**
   * The value as text: a string as what it says, other JSON as it is written; null of JSON is
   * missing here.
   *
   * @return null where it is missing
   * @throws MalformedPayloadException if a path takes too many steps
   */
  public @Nullable String text(Scope scope) {
    String text =
        source instanceof Source.Body body
            ? switch (body.path()) {
              case BodyPath.Json json -> text(json, scope.json(body.of()));
              case BodyPath.Xml xml -> text(xml.path(), scope.xml(), scope.node(body.of()));
            }
            : scope.fact(source);
    return text == null ? fallback : text;
  }

  /**
   * The value as JSON: what a path of names and indexes selects, or an array of all that another
   * path selects; the status as a number, all else as a string.
   *
   * @return null where it is missing
   * @throws MalformedPayloadException as {@link #text}
   */
  public @Nullable JsonDocument json(Scope scope) {
    if (source instanceof Source.Body(String of, BodyPath.Json(var path))) {
      JsonDocument body = scope.json(of);
      if (body != null && path.isSingular()) {
        int node = path.first(body);
        if (node != JsonDocument.NONE) {
          return body.part(node);
        }
      } else if (body != null) {
        return array(body, path.select(body));
      }
      return fallback == null ? null : string(fallback);
    }
    String text = text(scope);
    if (text == null) {
      return null;
    }
    return source == Source.Fact.STATUS && JsonParser.isNumber(text)
        ? new JsonComposer(4).number(text).finish()
        : string(text);
  }

  private static @Nullable String text(BodyPath.Json json, @Nullable JsonDocument body) {
    if (body == null) {
      return null;
    }
    if (!json.path().isSingular()) {
      return array(body, json.path().select(body)).toString();
    }
    int node = json.path().first(body);
    if (node == JsonDocument.NONE || body.kind(node) == JsonKind.NULL) {
      return null;
    }
    return body.kind(node).isContainer() ? body.part(node).toString() : body.string(node);
  }

  private static @Nullable String text(XmlPath path, @Nullable XmlDocument body, int context) {
    if (body == null || context == XmlDocument.NONE) {
      return null;
    }
    if (!path.selectsNodes()) {
      return path.string(body, context);
    }
    return path.select(body, context).length == 0 ? null : path.string(body, context);
  }

  private static JsonDocument array(JsonDocument body, int[] nodes) {
    JsonComposer array = new JsonComposer(64).beginArray();
    long bytes = 0;
    for (int node : nodes) {
      bytes += body.end(node) - body.start(node);
      Bounds.check(bytes);
      array.copy(body, node);
    }
    return array.end().finish();
  }

  private static JsonDocument string(String text) {
    return new JsonComposer(text.length() + 2).string(text).finish();
  }
}
