package tollgate.config.openapi;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Set;

/** What the text of a parameter becomes before it is compared with its schema. Immutable. */
public sealed interface ParameterType {
  /** A text that may be one of the JSON types; with none of them it stays a text. */
  record Single(Set<Primitive> types) implements ParameterType {
    /** A text and nothing else. */
    static final Single TEXT = new Single(Set.of());

    public Single {
      types = Set.copyOf(types);
    }
  }

  /** Items, all of one type. */
  record Items(Single item) implements ParameterType {
    public Items {
      requireNonNull(item, "item");
    }
  }

  /**
   * Properties.
   *
   * @param other of those that are not named
   */
  record Properties(Map<String, Single> named, Single other) implements ParameterType {
    public Properties {
      named = Map.copyOf(named);
      requireNonNull(other, "other");
    }
  }

  /** What a text may be besides a string. */
  enum Primitive {
    NUMBER,
    BOOLEAN,
    NULL,
    STRING
  }
}
