package tollgate.dist.run;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Something that may be there, with its own way to be closed in a try block. */
record Closing<T>(@Nullable T value, Consumer<T> how) implements AutoCloseable {
  @Override
  public void close() {
    T present = value;
    if (present != null) {
      how.accept(present);
    }
  }
}
