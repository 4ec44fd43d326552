package tollgate.config.read;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The values of one map, by the keys of its shape. One thread. */
public final class Fields {
  private final @Nullable Object[] values;
  private final Reading reading;

  Fields(@Nullable Object[] values, Reading reading) {
    this.values = values;
    this.reading = reading;
  }

  /** The value of a key, or its default. */
  @SuppressWarnings("unchecked") // the shape put a T at the index of its Key<T>
  public <T> T get(Key<T> key) {
    return (T) Objects.requireNonNull(values[key.index()], key.name());
  }

  /** The value of a key, or null when it is absent. */
  @SuppressWarnings("unchecked") // the shape put a T at the index of its OptionalKey<T>
  public <T> @Nullable T get(OptionalKey<T> key) {
    return (T) values[key.index()];
  }

  /** An absolute path; a relative one starts from the root folder. For defaults that are paths. */
  public Path resolve(Path path) {
    return reading.resolve(path);
  }
}
