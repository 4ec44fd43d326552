package tollgate.handlers.validate;

import org.jspecify.annotations.Nullable;
import tollgate.core.message.json.JsonDocument;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Messages in the form that the library of JSON Schema takes. One thread, used once. */
final class DocumentNodes {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final JsonDocument document;
  private final Violations violations;

  private DocumentNodes(JsonDocument document, Violations violations) {
    this.document = document;
    this.violations = violations;
  }

  /**
   * The whole of a document.
   *
   * @return null, and a violation, if it cannot be compared with any schema
   */
  static @Nullable JsonNode of(JsonDocument document, Violations violations) {
    int before = violations.count();
    JsonNode node = new DocumentNodes(document, violations).node(JsonDocument.ROOT, 0);
    return violations.count() > before ? null : node;
  }

  private JsonNode node(int node, int depth) {
    return switch (document.kind(node)) {
      case OBJECT -> object(node, depth);
      case ARRAY -> array(node, depth);
      case STRING -> NODES.stringNode(document.string(node));
      case NUMBER -> number(node);
      case TRUE -> NODES.booleanNode(true);
      case FALSE -> NODES.booleanNode(false);
      case NULL -> NODES.nullNode();
    };
  }

  private JsonNode object(int node, int depth) {
    ObjectNode object = NODES.objectNode();
    if (isTooDeep(depth)) {
      return object;
    }
    int members = 0;
    int child = document.firstChild(node);
    for (; child != JsonDocument.NONE; child = document.next(child)) {
      object.set(document.name(child), node(child, depth + 1));
      members++;
    }
    if (object.size() < members) {
      // Whoever reads it next may take the other one.
      violations.add("", "has an object with a name twice");
    }
    return object;
  }

  private JsonNode array(int node, int depth) {
    ArrayNode array = NODES.arrayNode();
    if (isTooDeep(depth)) {
      return array;
    }
    int child = document.firstChild(node);
    for (; child != JsonDocument.NONE; child = document.next(child)) {
      array.add(node(child, depth + 1));
    }
    return array;
  }

  private boolean isTooDeep(int depth) {
    if (depth < LibraryChecker.MAX_DEPTH) {
      return false;
    }
    violations.add("", "is nested too deeply to compare with a schema");
    return true;
  }

  private JsonNode number(int node) {
    JsonNode number = Numbers.node(document.lexeme(node));
    if (number == null) {
      violations.add(
          "",
          "has a number with more than "
              + Numbers.MAX_DIGITS
              + " digits, or an exponent beyond "
              + Numbers.MAX_DIGITS);
      return NODES.nullNode();
    }
    return number;
  }
}
