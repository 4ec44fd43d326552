package tollgate.core.chain;

/**
 * Whether an operation's responses go on for as long as both sides like: the label {@code kind}.
 */
public enum StreamKind {
  /** An answer like any other. */
  NONE("none"),
  /** Server-sent events: the response is endless, and the client has said all it will say. */
  SSE("sse"),
  /** A handshake that is answered with 101 begins a tunnel; any other answer is as ever. */
  WEBSOCKET("ws"),
  /** gRPC: both sides may go on for as long as they like. */
  GRPC("grpc");

  private final String word;

  StreamKind(String word) {
    this.word = word;
  }

  /** As it is printed. */
  public String word() {
    return word;
  }
}
