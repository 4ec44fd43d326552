package tollgate.handlers.status;

import static tollgate.config.read.ValueTypes.integer;
import static tollgate.config.read.ValueTypes.mapOf;

import org.jspecify.annotations.Nullable;
import tollgate.config.model.OperationConfig;
import tollgate.config.read.ScalarType;
import tollgate.config.read.Shape;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.handler.Handler;
import tollgate.core.handler.HandlerContext;
import tollgate.core.handler.HandlerType;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;

/** The step {@code status}. Immutable; any thread. */
public final class StatusHandlerType implements HandlerType<StatusOptions> {
  static final String NAME = "status";

  private static final ScalarType<String> FROM =
      ScalarType.parsed(
          "status or class of them",
          "5xx",
          "[2-5](?:[0-9][0-9]|xx)",
          StatusOptions::checkFrom,
          status -> status);

  private static final Shape<StatusOptions> OPTIONS =
      Shape.of(
          StatusOptions.class,
          "Gives answers of the backend another status.",
          keys -> {
            var map =
                keys.required(
                    "map",
                    mapOf(FROM, integer(200, 599).as(StatusOptions::checkTo, status -> status)),
                    "What becomes of a status, as 404, or of a class of them, as 5xx; a status wins over its class.");
            return fields -> new StatusOptions(fields.get(map));
          });

  public StatusHandlerType() {}

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
    return Side.RESPONSE;
  }

  @Override
  public Shape<StatusOptions> options() {
    return OPTIONS;
  }

  @Override
  public Handler create(StatusOptions options, Side side, HandlerContext context) {
    return new StatusHandler(options);
  }

  @Override
  public @Nullable String problem(
      StatusOptions options, Side listed, RouteHandle route, @Nullable OperationConfig operation) {
    return operation != null
            && (operation.grpc() != null || operation.stream() == OperationConfig.Stream.GRPC)
        ? "changes the status, which says nothing in gRPC (expected: on operations that are not)"
        : null;
  }
}
