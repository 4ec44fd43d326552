package tollgate.config.text;

import org.jspecify.annotations.Nullable;

/** Where {@code ${env:NAME}} looks. Any thread. */
@FunctionalInterface
public interface Environment {
  /** The value of a variable, or null when it is not set. */
  @Nullable String variable(String name);

  /** The environment of this process. */
  static Environment ofProcess() {
    return System::getenv;
  }
}
