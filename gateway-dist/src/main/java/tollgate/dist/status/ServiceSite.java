package tollgate.dist.status;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import tollgate.config.model.PathTemplate;
import tollgate.core.chain.Backend;
import tollgate.core.chain.Chain;
import tollgate.core.chain.CompiledRoute;
import tollgate.core.chain.InFlight;
import tollgate.core.chain.MessageRules;
import tollgate.core.chain.Site;
import tollgate.core.chain.StreamKind;
import tollgate.core.chain.Traffic;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.fault.FaultStyle;
import tollgate.core.handler.LocalReply;
import tollgate.core.http.Method;
import tollgate.core.http.RequestHead;
import tollgate.core.route.ApiRoutes;
import tollgate.core.route.RouteTable;
import tollgate.core.telemetry.Telemetry;
import tollgate.core.upstream.AttemptTimeouts;

/**
 * Puts services of this process behind a listener of their own: no handlers, no access log, no
 * series in the traffic's metrics.
 */
final class ServiceSite {
  private static final long MAX_BODY_BYTES = 64 * 1024;

  private final String name;
  private final List<ApiRoutes.Operation<CompiledRoute>> operations = new ArrayList<>();

  ServiceSite(String name) {
    this.name = name;
  }

  /** Serves {@code path} with {@code method}; GET also serves HEAD. */
  ServiceSite serve(
      Method method, String path, Function<RequestHead, CompletionStage<LocalReply>> answer) {
    operations.add(
        new ApiRoutes.Operation<>(method, PathTemplate.parse(path), route(path, answer)));
    return this;
  }

  Site build(int loopCount) {
    CompiledRoute labels = operations.getFirst().route();
    RouteTable.Builder<CompiledRoute> routes = RouteTable.builder();
    routes.add(new ApiRoutes<>(name, labels, "/", List.of(), operations, false));
    return new Site(
        0,
        Chain.EMPTY,
        routes.build(),
        MAX_BODY_BYTES,
        Telemetry.NONE,
        new InFlight(loopCount),
        Traffic.unlimited(loopCount),
        FaultStyle.PROBLEM);
  }

  private CompiledRoute route(
      String path, Function<RequestHead, CompletionStage<LocalReply>> answer) {
    return new CompiledRoute(
        new RouteHandle(name, "", path, "", path),
        Chain.EMPTY,
        new Backend.Local(name, new ReplyService(answer)),
        new AttemptTimeouts(0, 0, 0),
        false,
        true,
        StreamKind.NONE,
        MessageRules.NONE);
  }
}
