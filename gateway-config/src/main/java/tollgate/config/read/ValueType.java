package tollgate.config.read;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.config.text.ConfigNode;

/**
 * What a value in a configuration may look like, and the Java value it becomes. Immutable. The one
 * definition drives the reader, the JSON Schema and the reference page. {@link ValueTypes} has the
 * ready ones.
 */
public sealed interface ValueType<T>
    permits ScalarType, ListType, MapType, EitherType, Shape, StepListType, TreeType {

  /**
   * The value of a node, or null when it is not one; the problem has been added to the reading
   * then.
   */
  @Nullable T read(ConfigNode node, Reading reading);

  /** What the value is, for people: {@code duration}, {@code list of texts}. */
  String describe();

  /** The JSON Schema of the value, of plain maps, lists, strings, numbers and booleans. */
  Map<String, Object> schema();

  /**
   * A value as JSON, for defaults in the schema and the reference page; null when it is better left
   * out.
   */
  @Nullable Object json(T value);
}
