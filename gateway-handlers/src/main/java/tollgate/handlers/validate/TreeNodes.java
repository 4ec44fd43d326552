package tollgate.handlers.validate;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.ListNode;
import tollgate.config.text.MapNode;
import tollgate.config.text.ScalarNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Schemas, as located trees, in the form the library takes. Any thread. YAML's plain scalars are
 * read by its JSON schema: a number is what JSON takes for one.
 */
final class TreeNodes {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");

  private TreeNodes() {}

  static JsonNode of(ConfigNode node) {
    return switch (node) {
      case MapNode map -> {
        ObjectNode object = NODES.objectNode();
        map.entries().forEach(entry -> object.set(entry.key(), of(entry.value())));
        yield object;
      }
      case ListNode list -> {
        ArrayNode array = NODES.arrayNode(list.items().size());
        list.items().forEach(item -> array.add(of(item)));
        yield array;
      }
      case ScalarNode scalar -> scalar(scalar);
    };
  }

  private static JsonNode scalar(ScalarNode scalar) {
    if (scalar.form() != ScalarNode.Form.PLAIN) {
      return NODES.stringNode(scalar.text());
    }
    if (scalar.isNull()) {
      return NODES.nullNode();
    }
    JsonNode number = number(scalar.text());
    if (number != null) {
      return number;
    }
    return switch (scalar.text()) {
      case "true" -> NODES.booleanNode(true);
      case "false" -> NODES.booleanNode(false);
      default -> NODES.stringNode(scalar.text());
    };
  }

  private static @Nullable JsonNode number(String text) {
    return NUMBER.matcher(text).matches() ? Numbers.node(text) : null;
  }
}
