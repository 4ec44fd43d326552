package tollgate.dist.cli;

import java.io.PrintWriter;
import tollgate.dist.reload.Changes;

/** How differences between two configurations are printed. */
final class ChangeList {
  static final String NEEDS_RESTART =
      "kind Gateway has changed: its listeners, status and state take effect at the next start";

  private ChangeList() {}

  static void print(Changes changes, PrintWriter out) {
    changes.added().forEach(object -> out.println("+ " + object));
    changes.changed().forEach(object -> out.println("~ " + object));
    changes.removed().forEach(object -> out.println("- " + object));
    out.println(changes.isEmpty() ? "no difference" : changes.toString());
  }

  /** Whether something differs that a running gateway does not take up. */
  static boolean needsRestart(Changes changes) {
    return java.util.stream.Stream.of(changes.added(), changes.changed(), changes.removed())
        .flatMap(java.util.List::stream)
        .anyMatch(object -> object.startsWith("Gateway/"));
  }
}
