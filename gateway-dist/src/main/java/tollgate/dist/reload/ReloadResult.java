package tollgate.dist.reload;

import java.util.List;
import tollgate.config.read.Diagnostic;

/** What became of one attempt to load the configuration anew. Immutable. */
public sealed interface ReloadResult {
  /**
   * A new generation serves.
   *
   * @param needsRestart whether the process's own part (kind Gateway) differs from what this
   *     process was started with
   */
  record Applied(long generation, Changes changes, List<Diagnostic> warnings, boolean needsRestart)
      implements ReloadResult {}

  /** The files say what is served already. */
  record Unchanged(long generation) implements ReloadResult {}

  /** The old generation serves on. */
  record Refused(long generation, List<Diagnostic> problems) implements ReloadResult {}
}
