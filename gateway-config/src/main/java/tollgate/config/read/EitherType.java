package tollgate.config.read;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.config.text.ConfigNode;
import tollgate.config.text.ScalarNode;

/** A value with a short form, a scalar, and a long one, a list or map. Immutable. */
public final class EitherType<T> implements ValueType<T> {
  private final ScalarType<? extends T> shortForm;
  private final ValueType<? extends T> longForm;

  EitherType(ScalarType<? extends T> shortForm, ValueType<? extends T> longForm) {
    this.shortForm = requireNonNull(shortForm, "shortForm");
    this.longForm = requireNonNull(longForm, "longForm");
  }

  /** The type of scalars. */
  public ScalarType<? extends T> shortForm() {
    return shortForm;
  }

  /** The type of lists or maps. */
  public ValueType<? extends T> longForm() {
    return longForm;
  }

  @Override
  public @Nullable T read(ConfigNode node, Reading reading) {
    if (node instanceof ScalarNode scalar) {
      if (scalar.isNull()) {
        reading.refuse(node, "(expected: " + describe() + ")");
        return null;
      }
      return shortForm.read(node, reading);
    }
    return longForm.read(node, reading);
  }

  @Override
  public String describe() {
    return shortForm.describe() + ", or " + longForm.describe();
  }

  @Override
  public Map<String, Object> schema() {
    return ValueTypes.ordered("anyOf", List.of(shortForm.schema(), longForm.schema()));
  }

  /** Left out: which of the two forms made a value is not known. */
  @Override
  public @Nullable Object json(T value) {
    return null;
  }
}
