package tollgate.dist.assembly;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.OperationMatch;
import tollgate.core.chain.CompiledRoute;
import tollgate.core.handler.Handler;

/**
 * An API ready to serve: the same object in every generation in which it, its policies and its
 * upstream are unchanged. Immutable; closed with the last of them.
 */
final class CompiledApi implements AutoCloseable {
  private final List<Operation> operations;
  private final CompiledRoute labels;
  private final List<Handler> handlers;
  private final SharedPieces.Holder pieces;

  /**
   * One operation.
   *
   * @param match null for everything below the context
   */
  record Operation(@Nullable OperationMatch match, CompiledRoute route) {}

  CompiledApi(
      List<Operation> operations,
      CompiledRoute labels,
      List<Handler> handlers,
      SharedPieces.Holder pieces) {
    this.operations = List.copyOf(operations);
    this.labels = labels;
    this.handlers = List.copyOf(handlers);
    this.pieces = pieces;
  }

  List<Operation> operations() {
    return operations;
  }

  /** Stands for the API where no operation matches. */
  CompiledRoute labels() {
    return labels;
  }

  @Override
  public void close() {
    handlers.forEach(Handler::close);
    pieces.close();
  }
}
