package tollgate.core.overload;

import java.util.Locale;

/** What can run out: the label {@code resource}. */
public enum Resource {
  HEAP,
  DIRECT_MEMORY,
  FILE_DESCRIPTORS,
  /** The time of the event loops. */
  LOOP_LAG;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** As it is printed. */
  public String word() {
    return word;
  }

  /** Whether a client's open connection alone holds some of it. */
  public boolean isHeldByConnections() {
    return this != LOOP_LAG;
  }
}
