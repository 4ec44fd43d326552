package tollgate.core.chain;

import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.grpc.GrpcRules;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.core.websocket.WebSocketRules;

/**
 * All that an operation's exchanges need, computed when the configuration was loaded. Immutable;
 * the same object across generations while the API and what it refers to are unchanged.
 *
 * @param stripContext the backend does not see the API's context
 * @param preserveHost the backend sees the client's Host instead of its own
 * @param stream what its responses are
 * @param websocket what holds for its WebSockets; null unless {@code stream} is {@link
 *     StreamKind#WEBSOCKET}
 * @param grpc what is allowed where it is a gRPC service or method; null where it is none
 * @param messages how its messages are built
 */
public record CompiledRoute(
    RouteHandle handle,
    Chain chain,
    Backend backend,
    AttemptTimeouts timeouts,
    boolean stripContext,
    boolean preserveHost,
    StreamKind stream,
    @Nullable WebSocketRules websocket,
    @Nullable GrpcRules grpc,
    MessageRules messages) {
  /** Without WebSockets, and no gRPC service or method. */
  public CompiledRoute(
      RouteHandle handle,
      Chain chain,
      Backend backend,
      AttemptTimeouts timeouts,
      boolean stripContext,
      boolean preserveHost,
      StreamKind stream,
      MessageRules messages) {
    this(
        handle, chain, backend, timeouts, stripContext, preserveHost, stream, null, null, messages);
  }
}
