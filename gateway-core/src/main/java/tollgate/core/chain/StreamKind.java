package tollgate.core.chain;

import java.util.Locale;

/**
 * Whether an operation's responses go on for as long as both sides like: the label {@code kind}.
 */
public enum StreamKind {
  /** An answer like any other. */
  NONE,
  /** Server-sent events: the response is endless, and the client has said all it will say. */
  SSE,
  /** gRPC: both sides may go on for as long as they like. */
  GRPC;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** As it is printed. */
  public String word() {
    return word;
  }
}
