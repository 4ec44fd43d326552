package tollgate.handlers.grpcweb;

import tollgate.config.read.Shape;
import tollgate.core.handler.Handler;
import tollgate.core.handler.HandlerContext;
import tollgate.core.handler.HandlerType;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;

/** The step {@code grpcWeb}. Immutable; any thread. */
public final class GrpcWebHandlerType implements HandlerType<GrpcWebOptions> {
  static final String NAME = "grpcWeb";

  private static final Shape<GrpcWebOptions> OPTIONS =
      Shape.of(
          GrpcWebOptions.class,
          "Makes gRPC of gRPC-Web for the backend, and gRPC-Web of its answers.",
          _ -> _ -> new GrpcWebOptions());

  public GrpcWebHandlerType() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Stage stage() {
    return Stage.CONTENT;
  }

  @Override
  public Side sides() {
    return Side.REQUEST;
  }

  @Override
  public Side runs(Side listed) {
    return Side.BOTH; // who changes the question changes the answer back
  }

  @Override
  public Shape<GrpcWebOptions> options() {
    return OPTIONS;
  }

  @Override
  public Handler create(GrpcWebOptions options, Side side, HandlerContext context) {
    return new GrpcWebHandler();
  }
}
