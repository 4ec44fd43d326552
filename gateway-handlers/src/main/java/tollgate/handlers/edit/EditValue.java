package tollgate.handlers.edit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.ListNode;
import tollgate.config.text.MapNode;
import tollgate.config.text.ScalarNode;
import tollgate.core.expression.Expression;
import tollgate.core.expression.Scope;
import tollgate.core.expression.Source;
import tollgate.core.expression.TextTemplate;
import tollgate.core.message.json.JsonComposer;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonKind;
import tollgate.core.message.json.JsonParser;

/** A value as the configuration writes it, perhaps with expressions in it. Immutable. */
sealed interface EditValue {
  /** The same for every message. */
  record Fixed(JsonDocument json) implements EditValue {}

  record Text(TextTemplate template) implements EditValue {}

  record Items(List<EditValue> items) implements EditValue {}

  record Members(Map<String, EditValue> members) implements EditValue {}

  /**
   * Compiles a value.
   *
   * @throws IllegalArgumentException if an expression in it is none
   */
  static EditValue compile(ConfigNode node, Map<String, String> namespaces) {
    return switch (node) {
      case ScalarNode scalar -> scalar(scalar, namespaces);
      case ListNode list -> {
        List<EditValue> items = new ArrayList<>();
        list.items().forEach(item -> items.add(compile(item, namespaces)));
        yield folded(new Items(List.copyOf(items)), items);
      }
      case MapNode map -> {
        Map<String, EditValue> members = new LinkedHashMap<>();
        for (MapNode.Entry entry : map.entries()) {
          members.put(entry.key(), compile(entry.value(), namespaces));
        }
        yield folded(new Members(members), members.values());
      }
    };
  }

  private static EditValue scalar(ScalarNode scalar, Map<String, String> namespaces) {
    JsonComposer json = new JsonComposer(32);
    String text = scalar.text();
    if (scalar.isNull()) {
      return new Fixed(json.nullValue().finish());
    }
    if (scalar.form() == ScalarNode.Form.PLAIN) {
      if (text.equals("true") || text.equals("false")) {
        return new Fixed(json.bool(text.equals("true")).finish());
      }
      if (JsonParser.isNumber(text)) {
        return new Fixed(json.number(text).finish());
      }
    }
    TextTemplate template = TextTemplate.compile(text, namespaces);
    String constant = template.constant();
    return constant == null ? new Text(template) : new Fixed(json.string(constant).finish());
  }

  /** The value made now, if it is the same for every message. */
  private static EditValue folded(EditValue value, Iterable<EditValue> parts) {
    for (EditValue part : parts) {
      if (!(part instanceof Fixed)) {
        return value;
      }
    }
    JsonComposer json = new JsonComposer(64);
    value.write(Scope.EMPTY, json);
    return new Fixed(json.finish());
  }

  /** The value; null if it is an expression alone that is missing. */
  default @Nullable JsonDocument json(Scope scope) {
    if (this instanceof Fixed(JsonDocument json)) {
      return json;
    }
    JsonComposer json = new JsonComposer(64);
    return write(scope, json) ? json.finish() : null;
  }

  /** The value as text; null as {@link #json}. */
  default @Nullable String text(Scope scope) {
    return switch (this) {
      case Fixed(JsonDocument json) -> json.string(JsonDocument.ROOT);
      case Text(TextTemplate template) -> template.text(scope);
      case Items _, Members _ -> throw new IllegalStateException("no text");
    };
  }

  /** Whether it is a single value, which can stand in XML. */
  default boolean isScalar() {
    return switch (this) {
      case Fixed(JsonDocument json) -> !json.kind(JsonDocument.ROOT).isContainer();
      case Text _ -> true;
      case Items _, Members _ -> false;
    };
  }

  /** Whether it is an object, or may be one. */
  default boolean mayBeObject() {
    return switch (this) {
      case Fixed(JsonDocument json) -> json.kind(JsonDocument.ROOT) == JsonKind.OBJECT;
      case Text(TextTemplate template) -> template.alone() != null;
      case Items _ -> false;
      case Members _ -> true;
    };
  }

  /** Adds what it asks for. */
  default void addSources(List<Source> to) {
    switch (this) {
      case Fixed _ -> {}
      case Text(TextTemplate template) -> to.addAll(template.sources());
      case Items(List<EditValue> items) -> items.forEach(item -> item.addSources(to));
      case Members(Map<String, EditValue> members) ->
          members.values().forEach(member -> member.addSources(to));
    }
  }

  /** Adds the value; false if it is missing, and nothing was added. */
  private boolean write(Scope scope, JsonComposer to) {
    switch (this) {
      case Fixed(JsonDocument json) -> to.copy(json, JsonDocument.ROOT);
      case Text(TextTemplate template) -> {
        JsonDocument json = json(template, scope);
        if (json == null) {
          return false;
        }
        to.copy(json, JsonDocument.ROOT);
      }
      case Items(List<EditValue> items) -> {
        to.beginArray();
        items.forEach(item -> item.write(scope, to));
        to.end();
      }
      case Members(Map<String, EditValue> members) -> {
        to.beginObject();
        members.forEach((name, member) -> {
          JsonDocument json = member.json(scope);
          if (json != null) {
            to.name(name).copy(json, JsonDocument.ROOT);
          }
        });
        to.end();
      }
    }
    return true;
  }

  private static @Nullable JsonDocument json(TextTemplate template, Scope scope) {
    Expression alone = template.alone();
    if (alone != null) {
      return alone.json(scope);
    }
    String text = template.text(scope);
    return text == null ? null : new JsonComposer(text.length() + 2).string(text).finish();
  }
}
