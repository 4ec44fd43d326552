package tollgate.core.message.json;

import java.nio.file.Path;

/** Where independent test cases lie: beside the project, never in it. */
final class Suites {
  private Suites() {}

  static Path folder() {
    return Path.of(System.getProperty("suites", "../../shared/suites"));
  }
}
