package tollgate.dist.assembly;

import java.util.List;
import tollgate.core.chain.CompiledRoute;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.handler.Handler;
import tollgate.core.route.ApiTree;

/**
 * An API ready to serve: the same object in every generation in which it, its policies and its
 * upstream are unchanged. Immutable; closed with the last of them.
 */
final class CompiledApi implements AutoCloseable {
  private final List<RouteHandle> handles;
  private final ApiTree<CompiledRoute> tree;
  private final List<Handler> handlers;
  private final SharedPieces.Holder pieces;

  CompiledApi(
      List<RouteHandle> handles,
      ApiTree<CompiledRoute> tree,
      List<Handler> handlers,
      SharedPieces.Holder pieces) {
    this.handles = List.copyOf(handles);
    this.tree = tree;
    this.handlers = List.copyOf(handlers);
    this.pieces = pieces;
  }

  /** One for each operation. */
  List<RouteHandle> handles() {
    return handles;
  }

  /** How requests find their operation; the same in each route table. */
  ApiTree<CompiledRoute> tree() {
    return tree;
  }

  @Override
  public void close() {
    handlers.forEach(Handler::close);
    pieces.close();
  }
}
