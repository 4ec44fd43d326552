package tollgate.handlers.validate;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tollgate.config.openapi.OpenApiParameter;
import tollgate.config.openapi.OpenApiParameter.In;
import tollgate.config.openapi.ParameterType;
import tollgate.config.openapi.ParameterType.Primitive;
import tollgate.config.openapi.ParameterType.Single;
import tollgate.core.http.PercentText;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * How the text of one parameter becomes a value (OpenAPI 3.1, "Style Values"). Immutable; any
 * thread.
 *
 * <p>Text is split before it is decoded: an encoded comma is part of an item.
 */
final class ParameterText {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");

  private final OpenApiParameter parameter;
  private final String prefix;

  /** The text cannot be what the parameter's style says. Without a stack. */
  static final class BadTextException extends Exception {
    private static final long serialVersionUID = 1L;

    BadTextException(String message) {
      super(message, null, false, false);
    }
  }

  ParameterText(OpenApiParameter parameter) {
    this.parameter = parameter;
    this.prefix = parameter.name() + "[";
  }

  /** The value of a path parameter, a header or a cookie. */
  JsonNode value(String raw) throws BadTextException {
    return switch (parameter.style()) {
      case LABEL -> {
        if (!raw.startsWith(".")) {
          throw new BadTextException("does not begin with a dot (style label)");
        }
        yield value(raw.substring(1), parameter.explode() ? "\\." : ",", "=");
      }
      case MATRIX -> matrix(raw);
      case SIMPLE, FORM, SPACE_DELIMITED, PIPE_DELIMITED, DEEP_OBJECT -> value(raw, ",", "=");
    };
  }

  private JsonNode value(String raw, String separator, String equals) throws BadTextException {
    return switch (parameter.type()) {
      case Single single -> single(raw, single);
      case ParameterType.Items items -> {
        ArrayNode array = NODES.arrayNode();
        if (!raw.isEmpty()) {
          for (String item : raw.split(separator, -1)) {
            array.add(single(item, items.item()));
          }
        }
        yield array;
      }
      case ParameterType.Properties properties -> {
        ObjectNode object = NODES.objectNode();
        String[] parts = raw.isEmpty() ? new String[0] : raw.split(separator, -1);
        if (parameter.explode()) {
          for (String part : parts) {
            int at = part.indexOf(equals);
            if (at < 0) {
              throw new BadTextException("is not written as name" + equals + "value");
            }
            put(object, part.substring(0, at), part.substring(at + 1), properties);
          }
        } else {
          byTurns(object, parts, properties);
        }
        yield object;
      }
    };
  }

  private void byTurns(ObjectNode object, String[] parts, ParameterType.Properties properties)
      throws BadTextException {
    if (parts.length % 2 != 0) {
      throw new BadTextException("is not names and values by turns");
    }
    for (int i = 0; i < parts.length; i += 2) {
      put(object, parts[i], parts[i + 1], properties);
    }
  }

  private void put(
      ObjectNode object, String rawName, String raw, ParameterType.Properties properties)
      throws BadTextException {
    String name = decoded(rawName);
    Single type = properties.named().getOrDefault(name, properties.other());
    if (object.has(name)) {
      throw new BadTextException("has a property twice");
    }
    object.set(name, single(raw, type));
  }

  /** {@code ;color=blue,black} and {@code ;color=blue;color=black}; an object's own names. */
  private JsonNode matrix(String raw) throws BadTextException {
    String semicolon = raw.startsWith("%3B") ? "%3B" : ";"; // raw ones come to no handler
    if (!raw.startsWith(semicolon)) {
      throw new BadTextException("does not begin with a semicolon (style matrix)");
    }
    String rest = raw.substring(semicolon.length());
    String own = parameter.name() + "=";
    boolean isExplodedObject =
        parameter.explode() && parameter.type() instanceof ParameterType.Properties;
    if (isExplodedObject) {
      return value(rest, semicolon, "=");
    }
    if (!parameter.explode() || !(parameter.type() instanceof ParameterType.Items)) {
      if (!rest.startsWith(own)) {
        throw new BadTextException("does not name the parameter (style matrix)");
      }
      return value(rest.substring(own.length()), ",", "=");
    }
    StringBuilder joined = new StringBuilder();
    for (String part : rest.split(semicolon, -1)) {
      if (!part.startsWith(own)) {
        throw new BadTextException("does not name the parameter (style matrix)");
      }
      joined.append(joined.isEmpty() ? "" : ",").append(part.substring(own.length()));
    }
    return value(joined.toString(), ",", "=");
  }

  /** Whether a pair of a query, or a cookie, belongs to the parameter. */
  boolean owns(String name) {
    return switch (parameter.style()) {
      case DEEP_OBJECT -> name.startsWith(prefix) && name.endsWith("]");
      case FORM, SPACE_DELIMITED, PIPE_DELIMITED, SIMPLE, LABEL, MATRIX ->
          isExplodedObject()
              ? parameter.type() instanceof ParameterType.Properties properties
                  && properties.named().containsKey(name)
              : name.equals(parameter.name());
    };
  }

  private boolean isExplodedObject() {
    return parameter.explode() && parameter.type() instanceof ParameterType.Properties;
  }

  /** The value of a query parameter or a cookie; null if it is not there. */
  @Nullable JsonNode value(QueryText text) throws BadTextException {
    List<QueryText.Pair> own = new ArrayList<>(1);
    for (QueryText.Pair pair : text.pairs()) {
      if (owns(pair.name())) {
        own.add(pair);
      }
    }
    if (own.isEmpty()) {
      return null;
    }
    boolean isDeep = parameter.style() == OpenApiParameter.Style.DEEP_OBJECT;
    if (parameter.type() instanceof ParameterType.Properties properties
        && (isDeep || parameter.explode())) {
      ObjectNode object = NODES.objectNode();
      for (QueryText.Pair pair : own) {
        String name =
            isDeep ? pair.name().substring(prefix.length(), pair.name().length() - 1) : pair.name();
        Single type = properties.named().getOrDefault(name, properties.other());
        if (object.has(name)) {
          throw new BadTextException("has a property twice");
        }
        object.set(name, single(pair.raw(), type));
      }
      return object;
    }
    if (parameter.type() instanceof ParameterType.Items items && parameter.explode()) {
      ArrayNode array = NODES.arrayNode();
      for (QueryText.Pair pair : own) {
        array.add(single(pair.raw(), items.item()));
      }
      return array;
    }
    if (own.size() > 1) {
      throw new BadTextException("is there more than once");
    }
    String raw = own.getFirst().raw();
    return switch (parameter.style()) {
      case SPACE_DELIMITED -> value(raw, "%20|\\+", "=");
      case PIPE_DELIMITED -> value(raw, "\\||%7[Cc]", "=");
      case SIMPLE, LABEL, MATRIX, FORM, DEEP_OBJECT -> value(raw, ",", "=");
    };
  }

  /** What a parameter's text is when it is not taken apart. */
  String decoded(String raw) throws BadTextException {
    String text =
        parameter.in() == In.HEADER ? raw : PercentText.decoded(raw, parameter.in() == In.QUERY);
    if (text == null) {
      throw new BadTextException("is not percent-encoded UTF-8");
    }
    return text;
  }

  private JsonNode single(String raw, Single type) throws BadTextException {
    String text = decoded(raw);
    if (type.types().contains(Primitive.NUMBER) && NUMBER.matcher(text).matches()) {
      JsonNode number = Numbers.node(text);
      if (number == null) {
        throw new BadTextException("is a number beyond " + Numbers.MAX_DIGITS + " digits");
      }
      return number;
    }
    if (type.types().contains(Primitive.BOOLEAN)) {
      if (text.equals("true") || text.equals("false")) {
        return NODES.booleanNode(text.equals("true"));
      }
    }
    boolean isNull =
        type.types().contains(Primitive.NULL)
            && (text.equals("null")
                || (text.isEmpty() && !type.types().contains(Primitive.STRING)));
    return isNull ? NODES.nullNode() : NODES.stringNode(text);
  }

  /** The same as a text, where a number or a word may be one too; null where it may not. */
  static @Nullable JsonNode alternative(JsonNode value, ParameterType type) {
    boolean mayBeText = type instanceof Single single && single.types().contains(Primitive.STRING);
    return mayBeText && (value.isNumber() || value.isBoolean())
        ? NODES.stringNode(value.asString())
        : null;
  }
}
