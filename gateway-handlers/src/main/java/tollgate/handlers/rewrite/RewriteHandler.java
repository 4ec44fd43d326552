package tollgate.handlers.rewrite;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.Exchange;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.Handler;
import tollgate.core.handler.LocalReply;
import tollgate.core.handler.Verdict;
import tollgate.core.http.QueryEditor;
import tollgate.core.http.RequestHead;

/** Changes where in the backend a request goes. Event loop only. */
final class RewriteHandler implements Handler {
  private static final Verdict NOT_A_PATH =
      new Verdict.Reply(
          LocalReply.of(
              Fault.of(
                  FaultCode.MALFORMED_PATH, "The path does not fit the one the backend expects.")));

  private final @Nullable PathPattern path;
  private final @Nullable QueryEditor query;
  private final @Nullable String host;

  /** One for each operation that shares the policy: theirs are the parameters. */
  private final Map<RouteHandle, BoundPath> bound = new ConcurrentHashMap<>();

  RewriteHandler(RewriteOptions options) {
    this.path = options.path();
    this.query =
        options.query().isEmpty()
            ? null
            : new QueryEditor(options.query().set(), options.query().remove());
    this.host = options.host();
  }

  @Override
  public String name() {
    return RewriteHandlerType.NAME;
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    RequestHead head = exchange.request();
    if (path != null) {
      String filled = bound(path, exchange.route()).fill(exchange);
      if (filled == null) {
        return NOT_A_PATH;
      }
      head.path(filled);
    }
    if (query != null) {
      head.query(query.edit(head.query()));
    }
    if (host != null) {
      head.authority(host);
    }
    return Verdict.Proceed.PROCEED;
  }

  private BoundPath bound(PathPattern pattern, RouteHandle route) {
    BoundPath known = bound.get(route);
    if (known == null) {
      known = BoundPath.of(pattern, route);
      bound.put(route, known);
    }
    return known;
  }
}
