package tollgate.config.openapi;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tollgate.config.openapi.ParameterType.Items;
import tollgate.config.openapi.ParameterType.Primitive;
import tollgate.config.openapi.ParameterType.Properties;
import tollgate.config.openapi.ParameterType.Single;
import tollgate.config.schema.Draft;
import tollgate.config.schema.SchemaFile;
import tollgate.config.schema.SchemaIndex;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.ListNode;
import tollgate.config.text.MapNode;
import tollgate.config.text.ScalarNode;

/** Finds out of schemas what the texts of parameters become. One thread. */
final class ParameterTypes {
  private static final int MAX_STEPS = 200;

  private final SchemaIndex index;
  private final Draft draft;
  private int steps;

  /** What one schema, and those that it applies to the same value, say together. */
  private static final class Seen {
    final Set<String> words = new TreeSet<>();
    @Nullable ConfigNode items;
    final Map<String, ConfigNode> properties = new HashMap<>();
    @Nullable ConfigNode other;
    @Nullable SchemaFile file;
  }

  ParameterTypes(SchemaIndex index, Draft draft) {
    this.index = index;
    this.draft = draft;
  }

  /** The type of a schema that stands in a file. */
  ParameterType of(ConfigNode schema, SchemaFile file) {
    Seen seen = seen(schema, file);
    SchemaFile home = seen.file == null ? file : seen.file;
    if (seen.words.contains("array") || (seen.words.isEmpty() && seen.items != null)) {
      return new Items(single(seen.items, home));
    }
    if (seen.words.contains("object") || (seen.words.isEmpty() && !seen.properties.isEmpty())) {
      Map<String, Single> named = new HashMap<>();
      seen.properties.forEach((name, property) -> named.put(name, single(property, home)));
      return new Properties(named, single(seen.other, home));
    }
    return single(seen);
  }

  private Single single(@Nullable ConfigNode schema, SchemaFile file) {
    return schema == null ? Single.TEXT : single(seen(schema, file));
  }

  private static Single single(Seen seen) {
    Set<Primitive> types = EnumSet.noneOf(Primitive.class);
    for (String word : seen.words) {
      switch (word) {
        case "integer", "number" -> types.add(Primitive.NUMBER);
        case "boolean" -> types.add(Primitive.BOOLEAN);
        case "null" -> types.add(Primitive.NULL);
        case "string" -> types.add(Primitive.STRING);
        default -> {}
      }
    }
    return new Single(types);
  }

  private Seen seen(ConfigNode schema, SchemaFile file) {
    Seen seen = new Seen();
    steps = 0;
    collect(schema, file, seen);
    return seen;
  }

  private void collect(ConfigNode schema, SchemaFile file, Seen seen) {
    if (!(schema instanceof MapNode map) || ++steps > MAX_STEPS) {
      return;
    }
    if (map.value("$ref") instanceof ScalarNode reference) {
      SchemaIndex.Target target = index.followBlocking(reference, file, draft);
      if (target != null) {
        collect(target.node(), target.file(), seen);
      }
    }
    switch (map.value("type")) {
      case ScalarNode word -> seen.words.add(word.text());
      case ListNode words -> {
        for (ConfigNode word : words.items()) {
          if (word instanceof ScalarNode text) {
            seen.words.add(text.text());
          }
        }
      }
      case null, default -> {}
    }
    if (map.value("nullable") instanceof ScalarNode nullable && nullable.text().equals("true")) {
      seen.words.add("null");
    }
    ConfigNode items = map.value("items");
    if (items != null && seen.items == null) {
      seen.items = items;
      seen.file = file;
    }
    if (map.value("additionalProperties") instanceof MapNode other) {
      seen.other = other;
    }
    if (map.value("properties") instanceof MapNode properties) {
      seen.file = file;
      properties
          .entries()
          .forEach(property -> seen.properties.putIfAbsent(property.key(), property.value()));
    }
    for (String key : new String[] {"allOf", "anyOf", "oneOf"}) {
      if (map.value(key) instanceof ListNode list) {
        list.items().forEach(item -> collect(item, file, seen));
      }
    }
  }
}
