package tollgate.dist.assembly;

import static java.util.Comparator.comparing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.ApiConfig;
import tollgate.config.model.Declared;
import tollgate.config.model.OperationConfig;
import tollgate.config.model.PolicyConfig;
import tollgate.config.model.StepConfig;
import tollgate.config.model.UpstreamConfig;
import tollgate.config.read.Diagnostic;
import tollgate.core.chain.Chain;
import tollgate.core.chain.CompiledRoute;
import tollgate.core.chain.StreamKind;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.handler.Handler;
import tollgate.core.handler.HandlerContext;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;
import tollgate.core.time.Ticker;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.handlers.BuiltInHandlers;
import tollgate.handlers.apistate.ApiStateHandler;

/**
 * One API declaration, with the policies it names and the upstream it goes to, to a {@link
 * CompiledApi}.
 */
final class ApiAssembly {
  private final List<Chain.Entry> listenerEntries;
  private final SharedPieces shared;
  private final int loopCount;
  private final Ticker ticker;

  /**
   * @param listenerEntries what every chain begins with
   */
  ApiAssembly(
      List<Chain.Entry> listenerEntries, SharedPieces shared, int loopCount, Ticker ticker) {
    this.listenerEntries = List.copyOf(listenerEntries);
    this.shared = shared;
    this.loopCount = loopCount;
    this.ticker = ticker;
  }

  /** What the API depends on, so that it is compiled again when any of it changes. */
  static String hash(
      Declared<ApiConfig> api,
      Collection<Declared<PolicyConfig>> policies,
      Declared<UpstreamConfig> upstream) {
    StringBuilder hash =
        new StringBuilder(api.contentHash()).append('+').append(upstream.contentHash());
    policies.forEach(policy -> hash.append('+').append(policy.contentHash()));
    return hash.toString();
  }

  /** Steps that do not fit the API's routes; known before anything is made. */
  List<Diagnostic> problems(
      Declared<ApiConfig> declared, Collection<Declared<PolicyConfig>> policies) {
    List<Diagnostic> problems = new ArrayList<>();
    for (Declared<PolicyConfig> policy : policies) {
      for (StepConfig step : policy.value().request()) {
        addProblems(step, declared.value(), problems);
      }
      addBackwards(policy.value().request(), "request", problems);
      for (StepConfig step : policy.value().response()) {
        addProblems(step, declared.value(), problems);
      }
    }
    return problems;
  }

  private void addProblems(StepConfig step, ApiConfig api, List<Diagnostic> problems) {
    for (RouteHandle route : handles(api)) {
      String problem = BuiltInHandlers.problem(step, route);
      if (problem != null) {
        problems.add(
            Diagnostic.error(
                step.location(),
                step.name(),
                problem + " (on operation " + route.operation() + " of " + identity(api) + ")"));
      }
    }
  }

  /** DESIGN 2: within one list stages may not go backwards. */
  private void addBackwards(List<StepConfig> steps, String list, List<Diagnostic> problems) {
    for (int i = 1; i < steps.size(); i++) {
      Stage stage = BuiltInHandlers.stage(steps.get(i));
      Stage before = BuiltInHandlers.stage(steps.get(i - 1));
      if (stage.compareTo(before) < 0) {
        problems.add(
            Diagnostic.error(
                steps.get(i).location(),
                list + "[" + i + "]",
                steps.get(i).name()
                    + " is of stage "
                    + stage
                    + " and stands after one of stage "
                    + before
                    + " (expected: before it)"));
      }
    }
  }

  /** All operations with their chain; {@code upstream} is held for as long as the API is. */
  CompiledApi compile(
      Declared<ApiConfig> declared,
      Collection<Declared<PolicyConfig>> policies,
      UpstreamPiece upstream,
      String upstreamHash) {
    ApiConfig api = declared.value();
    SharedPieces.Holder pieces = shared.holder();
    UpstreamPiece held =
        pieces.get(UpstreamPiece.class, upstream.config().name(), upstreamHash, () -> upstream);
    List<Handler> made = new ArrayList<>();
    Chain chain = Chain.of(entries(api, policies, new Context(pieces), made));
    List<CompiledApi.Operation> operations = new ArrayList<>();
    List<OperationConfig> configs = served(api);
    List<RouteHandle> handles = handles(api);
    for (int i = 0; i < handles.size(); i++) {
      OperationConfig operation = configs.isEmpty() ? null : configs.get(i);
      CompiledRoute route =
          new CompiledRoute(
              handles.get(i),
              chain,
              held.backend(),
              timeouts(held.config().timeouts(), operation),
              api.route().stripContext(),
              api.route().preserveHost(),
              stream(operation));
      operations.add(
          new CompiledApi.Operation(operation == null ? null : operation.match(), route));
    }
    return new CompiledApi(operations, labels(api, operations.getFirst().route()), made, pieces);
  }

  /** What 404 and 405 inside the API's context are counted under. */
  private static CompiledRoute labels(ApiConfig api, CompiledRoute any) {
    if (served(api).isEmpty()) {
      return any;
    }
    RouteHandle handle =
        new RouteHandle(api.name(), api.version(), "_none", any.handle().context(), null);
    return new CompiledRoute(
        handle,
        any.chain(),
        any.backend(),
        any.timeouts(),
        any.stripContext(),
        any.preserveHost(),
        StreamKind.NONE);
  }

  /**
   * An API that nobody may see answers for all of its context alike, so that its operations do not
   * show.
   */
  private static List<OperationConfig> served(ApiConfig api) {
    return ApiStateHandler.isHidden(api.state()) ? List.of() : api.operations();
  }

  private static List<RouteHandle> handles(ApiConfig api) {
    String context = api.context().equals("/") ? "" : api.context();
    if (served(api).isEmpty()) {
      return List.of(new RouteHandle(api.name(), api.version(), "_all", context, null));
    }
    return served(api).stream()
        .map(operation ->
            new RouteHandle(
                api.name(),
                api.version(),
                operation.id(),
                context,
                operation.match().path().toString()))
        .toList();
  }

  private List<Chain.Entry> entries(
      ApiConfig api,
      Collection<Declared<PolicyConfig>> policies,
      HandlerContext context,
      List<Handler> made) {
    List<Chain.Entry> own = new ArrayList<>(BuiltInHandlers.edgeStage(api));
    for (Declared<PolicyConfig> policy : policies) {
      for (StepConfig step : policy.value().request()) {
        own.add(BuiltInHandlers.step(step, Side.REQUEST, context));
      }
      // Responses run in reverse, and a policy's list reads from top to bottom.
      for (StepConfig step : policy.value().response().reversed()) {
        own.add(BuiltInHandlers.step(step, Side.RESPONSE, context));
      }
    }
    own.sort(comparing(Chain.Entry::stage)); // stable: the configured order holds within a stage
    own.forEach(entry -> made.add(entry.handler()));
    List<Chain.Entry> entries = new ArrayList<>(listenerEntries);
    entries.addAll(own);
    return entries;
  }

  private static AttemptTimeouts timeouts(
      UpstreamConfig.Timeouts upstream, @Nullable OperationConfig operation) {
    OperationConfig.Timeout own =
        operation == null ? OperationConfig.DEFAULT_TIMEOUT : operation.timeout();
    long response =
        switch (own) {
          case OperationConfig.Timeout.Inherited _ -> upstream.response().toNanos();
          case OperationConfig.Timeout.None _ -> 0;
          case OperationConfig.Timeout.After after -> after.duration().toNanos();
        };
    if (stream(operation) != StreamKind.NONE) {
      // Endless, and silent for as long as nothing happens; only the wait for the head can be
      // bounded.
      boolean isBounded = own instanceof OperationConfig.Timeout.After;
      return new AttemptTimeouts(upstream.connect().toNanos(), isBounded ? response : 0, 0);
    }
    // An operation that may take for ever may also be silent for ever.
    long idle = own instanceof OperationConfig.Timeout.None ? 0 : upstream.idle().toNanos();
    return new AttemptTimeouts(upstream.connect().toNanos(), response, idle);
  }

  private static StreamKind stream(@Nullable OperationConfig operation) {
    OperationConfig.Stream stream =
        operation == null ? OperationConfig.DEFAULT_STREAM : operation.stream();
    return switch (stream) {
      case NONE -> StreamKind.NONE;
      case SSE -> StreamKind.SSE;
    };
  }

  static String identity(ApiConfig api) {
    return api.name() + ":" + api.version();
  }

  /** What handlers of one API are made with. */
  private final class Context implements HandlerContext {
    private final SharedPieces.Holder pieces;

    Context(SharedPieces.Holder pieces) {
      this.pieces = pieces;
    }

    @Override
    public Ticker ticker() {
      return ticker;
    }

    @Override
    public int loopCount() {
      return loopCount;
    }

    @Override
    public <T> T shared(Class<T> kind, String name, String definitionHash, Supplier<T> factory) {
      return pieces.get(kind, name, definitionHash, factory);
    }
  }
}
