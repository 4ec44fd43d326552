package tollgate.config.read;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.config.text.ConfigNode;

/**
 * A value of any form, a scalar as well as a list or a map, of which a function makes something.
 * Immutable.
 */
public final class TreeType<T> implements ValueType<T> {
  private final String name;
  private final Reader<T> reader;
  private final Map<String, Object> schema;

  /** Makes a value of a node. */
  @FunctionalInterface
  public interface Reader<T> {
    /** As {@link ValueType#read}. */
    @Nullable T read(ConfigNode node, Reading reading);
  }

  TreeType(String name, Reader<T> reader, Map<String, Object> schema) {
    this.name = requireNonNull(name, "name");
    this.reader = requireNonNull(reader, "reader");
    this.schema = Map.copyOf(schema);
  }

  @Override
  public @Nullable T read(ConfigNode node, Reading reading) {
    return reader.read(node, reading);
  }

  @Override
  public String describe() {
    return name;
  }

  @Override
  public Map<String, Object> schema() {
    return schema;
  }

  /** Left out: what it was made of is not known. */
  @Override
  public @Nullable Object json(T value) {
    return null;
  }
}
