package tollgate.dist.assembly;

import static java.util.Comparator.comparing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.ApiConfig;
import tollgate.config.model.Declared;
import tollgate.config.model.GatewayConfiguration;
import tollgate.config.model.GrpcConfig;
import tollgate.config.model.HostPattern;
import tollgate.config.model.MessagesConfig;
import tollgate.config.model.OperationConfig;
import tollgate.config.model.OperationMatch;
import tollgate.config.model.PolicyConfig;
import tollgate.config.model.StepConfig;
import tollgate.config.model.UpstreamConfig;
import tollgate.config.model.WebSocketConfig;
import tollgate.config.read.Diagnostic;
import tollgate.core.chain.Chain;
import tollgate.core.chain.CompiledRoute;
import tollgate.core.chain.MessageRules;
import tollgate.core.chain.StreamKind;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.fault.FaultStyle;
import tollgate.core.grpc.GrpcRules;
import tollgate.core.handler.Handler;
import tollgate.core.handler.HandlerContext;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;
import tollgate.core.http.Method;
import tollgate.core.message.MessageFormats;
import tollgate.core.message.PayloadLimits;
import tollgate.core.port.Offload;
import tollgate.core.route.ApiRoutes;
import tollgate.core.route.ApiTree;
import tollgate.core.telemetry.Telemetry;
import tollgate.core.time.Ticker;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.core.websocket.WebSocketRules;
import tollgate.handlers.BuiltInHandlers;
import tollgate.handlers.StepFailedException;
import tollgate.handlers.Steps;
import tollgate.handlers.apistate.ApiStateHandler;
import tollgate.handlers.convert.Conversions;
import tollgate.handlers.validate.ValidateHandler;
import tollgate.handlers.validate.Validations;

/**
 * One API declaration, with the policies it names and the upstream it goes to, to a {@link
 * CompiledApi}.
 *
 * <p>More than 400 lines in one class: all wiring of one API, and nothing else.
 */
final class ApiAssembly {
  private final Chain listenerChain;
  private final SharedPieces shared;
  private final int loopCount;
  private final Ticker ticker;
  private final Offload offload;
  private final Telemetry telemetry;
  private final Steps steps;
  private final MessageFormats formats;

  /**
   * @param listenerChain what every chain begins with
   */
  ApiAssembly(
      Steps steps,
      MessageFormats formats,
      Chain listenerChain,
      SharedPieces shared,
      int loopCount,
      Ticker ticker,
      Offload offload,
      Telemetry telemetry) {
    this.steps = steps;
    this.formats = formats;
    this.listenerChain = listenerChain;
    this.shared = shared;
    this.loopCount = loopCount;
    this.ticker = ticker;
    this.offload = offload;
    this.telemetry = telemetry;
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
        addProblems(step, Side.REQUEST, declared.value(), problems);
      }
      addBackwards(policy.value().request(), "request", problems);
      for (StepConfig step : policy.value().response()) {
        addProblems(step, Side.RESPONSE, declared.value(), problems);
      }
    }
    return problems;
  }

  private void addProblems(StepConfig step, Side side, ApiConfig api, List<Diagnostic> problems) {
    List<RouteHandle> handles = handles(api);
    for (int i = 0; i < handles.size(); i++) {
      RouteHandle route = handles.get(i);
      OperationConfig operation = served(api).isEmpty() ? null : served(api).get(i);
      String problem = steps.problem(step, side, route, operation);
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
  private void addBackwards(List<StepConfig> listed, String list, List<Diagnostic> problems) {
    for (int i = 1; i < listed.size(); i++) {
      Stage stage = steps.stage(listed.get(i));
      Stage before = steps.stage(listed.get(i - 1));
      if (stage.compareTo(before) < 0) {
        problems.add(
            Diagnostic.error(
                listed.get(i).location(),
                list + "[" + i + "]",
                listed.get(i).name()
                    + " is of stage "
                    + stage
                    + " and stands after one of stage "
                    + before
                    + " (expected: before it)"));
      }
    }
  }

  /** The schemas of an API's messages, compiled; with a problem they are of no use. */
  Validations validationsBlocking(
      Declared<ApiConfig> declared, GatewayConfiguration configuration, List<Diagnostic> problems) {
    ApiConfig api = declared.value();
    return Validations.compileBlocking(
        api.withOperations(served(api)),
        configuration.root(),
        configuration.shownRoot(),
        declared.location(),
        problems);
  }

  /** What the API's messages become; as {@link #validationsBlocking}. */
  Conversions conversionsBlocking(
      Declared<ApiConfig> declared, GatewayConfiguration configuration, List<Diagnostic> problems) {
    ApiConfig api = declared.value();
    return Conversions.compileBlocking(
        api.withOperations(served(api)),
        configuration.root(),
        configuration.shownRoot(),
        declared.location(),
        problems);
  }

  /** All operations with their chain; {@code upstream} is held for as long as the API is. */
  CompiledApi compile(
      Declared<ApiConfig> declared,
      Collection<Declared<PolicyConfig>> policies,
      Validations validations,
      Conversions conversions,
      UpstreamPiece upstream,
      String upstreamHash) {
    SharedPieces.Holder pieces = shared.holder();
    try {
      return compile(declared, policies, validations, conversions, upstream, upstreamHash, pieces);
    } catch (StepFailedException e) {
      pieces.close();
      throw e;
    }
  }

  private CompiledApi compile(
      Declared<ApiConfig> declared,
      Collection<Declared<PolicyConfig>> policies,
      Validations validations,
      Conversions conversions,
      UpstreamPiece upstream,
      String upstreamHash,
      SharedPieces.Holder pieces) {
    ApiConfig api = declared.value();
    UpstreamPiece held =
        pieces.get(UpstreamPiece.class, upstream.config().name(), upstreamHash, () -> upstream);
    List<Handler> made = new ArrayList<>();
    Context context = new Context(pieces);
    List<Chain.Entry> own = own(api, policies, context);
    Chain chain = chain(own, made);
    List<RouteHandle> handles = handles(api);
    List<ApiRoutes.Operation<CompiledRoute>> operations = new ArrayList<>();
    MessageRules messages = messages(api);
    CompiledRoute everything = null;
    for (int i = 0; i < handles.size(); i++) {
      OperationConfig operation = served(api).isEmpty() ? null : served(api).get(i);
      ValidateHandler validate =
          validations.handler(operation == null ? null : operation.id(), context, telemetry);
      Handler convert = conversions.handler(operation == null ? null : operation.id(), context);
      CompiledRoute route =
          route(
              handles.get(i),
              api,
              operation,
              operationChain(chain, own, validate, convert, made),
              held,
              messages);
      if (operation == null) {
        everything = route;
      } else {
        operations.add(operation(operation.match(), route));
      }
    }
    if (everything == null) {
      everything = route(unmatched(api), api, null, unmatchedChain(api, made), held, messages);
    }
    return new CompiledApi(handles, tree(api, everything, operations), made, pieces);
  }

  private MessageRules messages(ApiConfig api) {
    MessagesConfig config = api.messages();
    MessagesConfig.Limits limits = config.limits();
    int body = (int) limits.body().bytes();
    return new MessageRules(
        config.builders().isEmpty() ? formats : formats.mapped(config.builders()),
        new PayloadLimits(
            body,
            limits.depth(),
            PayloadLimits.DEFAULT.nodes(),
            limits.members(),
            limits.arrayLength(),
            (int) limits.name().bytes(),
            (int) limits.string().bytes(),
            PayloadLimits.DEFAULT.numberBytes(),
            limits.attributes(),
            limits.arrayLength(),
            limits.parts()),
        offload,
        switch (api.faults()) {
          case PROBLEM -> FaultStyle.PROBLEM;
          case WSO2 -> FaultStyle.WSO2;
        });
  }

  private static CompiledRoute route(
      RouteHandle handle,
      ApiConfig api,
      @Nullable OperationConfig operation,
      Chain chain,
      UpstreamPiece upstream,
      MessageRules messages) {
    return new CompiledRoute(
        handle,
        chain,
        upstream.backend(),
        timeouts(upstream, operation),
        api.route().stripContext(),
        api.route().preserveHost(),
        stream(operation),
        websocket(operation),
        grpc(operation),
        messages);
  }

  private static ApiRoutes.Operation<CompiledRoute> operation(
      OperationMatch match, CompiledRoute route) {
    String method = match.method();
    return new ApiRoutes.Operation<>(
        method == null ? null : Method.of(method), match.path(), route);
  }

  private static ApiTree<CompiledRoute> tree(
      ApiConfig api,
      CompiledRoute everything,
      List<ApiRoutes.Operation<CompiledRoute>> operations) {
    return ApiTree.of(
        new ApiRoutes<>(
            api.identity(),
            everything,
            api.context(),
            api.hosts().stream().map(HostPattern::toString).toList(),
            operations,
            api.cors() != null && !ApiStateHandler.isHidden(api.state())));
  }

  /** 404 and 405 inside the API's context: pages that may call it may read them. */
  private Chain unmatchedChain(ApiConfig api, List<Handler> made) {
    return chain(BuiltInHandlers.unmatchedStage(api), made);
  }

  /** What 404 and 405 inside the API's context are counted under. */
  private static RouteHandle unmatched(ApiConfig api) {
    return new RouteHandle(api.name(), api.version(), "_none", context(api), null);
  }

  private static String context(ApiConfig api) {
    return api.context().equals("/") ? "" : api.context();
  }

  /**
   * An API that nobody may see answers for all of its context alike, so that its operations do not
   * show.
   */
  private static List<OperationConfig> served(ApiConfig api) {
    return ApiStateHandler.isHidden(api.state()) ? List.of() : api.operations();
  }

  private static List<RouteHandle> handles(ApiConfig api) {
    String context = context(api);
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
                operation.match().path().text()))
        .toList();
  }

  /** The API's chain, or one of the operation's own where its messages are looked into. */
  private Chain operationChain(
      Chain chain,
      List<Chain.Entry> own,
      @Nullable ValidateHandler validate,
      @Nullable Handler convert,
      List<Handler> made) {
    if (validate == null && convert == null) {
      return chain;
    }
    List<Chain.Entry> entries = new ArrayList<>(listenerChain.entries());
    entries.addAll(
        BuiltInHandlers.withConversion(BuiltInHandlers.withValidation(own, validate), convert));
    if (validate != null) {
      made.add(validate);
    }
    if (convert != null) {
      made.add(convert);
    }
    return Chain.of(entries);
  }

  /** The handlers of the API's own, by stage. */
  private List<Chain.Entry> own(
      ApiConfig api, Collection<Declared<PolicyConfig>> policies, HandlerContext context) {
    List<Chain.Entry> own = new ArrayList<>(BuiltInHandlers.edgeStage(api));
    for (Declared<PolicyConfig> policy : policies) {
      for (StepConfig step : policy.value().request()) {
        own.add(steps.step(step, Side.REQUEST, context));
      }
      // Responses run in reverse, and a policy's list reads from top to bottom.
      for (StepConfig step : policy.value().response().reversed()) {
        own.add(steps.step(step, Side.RESPONSE, context));
      }
    }
    own.sort(comparing(Chain.Entry::stage)); // stable: the configured order holds within a stage
    return own;
  }

  /** Behind the handlers of the listeners. */
  private Chain chain(List<Chain.Entry> own, List<Handler> made) {
    if (own.isEmpty()) {
      return listenerChain;
    }
    own.forEach(entry -> made.add(entry.handler()));
    List<Chain.Entry> entries = new ArrayList<>(listenerChain.entries());
    entries.addAll(own);
    return Chain.of(entries);
  }

  private static AttemptTimeouts timeouts(
      UpstreamPiece piece, @Nullable OperationConfig operation) {
    UpstreamConfig.Timeouts upstream = piece.config().timeouts();
    OperationConfig.Timeout own =
        operation == null ? OperationConfig.DEFAULT_TIMEOUT : operation.timeout();
    boolean goesOn = stream(operation) == StreamKind.SSE || stream(operation) == StreamKind.GRPC;
    if (own == OperationConfig.Timeout.Inherited.INHERITED && !goesOn) {
      return piece.timeouts();
    }
    long response =
        switch (own) {
          case OperationConfig.Timeout.Inherited _ -> upstream.response().toNanos();
          case OperationConfig.Timeout.None _ -> 0;
          case OperationConfig.Timeout.After after -> after.duration().toNanos();
        };
    if (goesOn) {
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
      case WEBSOCKET -> StreamKind.WEBSOCKET;
      case GRPC -> StreamKind.GRPC;
    };
  }

  private static @Nullable WebSocketRules websocket(@Nullable OperationConfig operation) {
    WebSocketConfig rules = operation == null ? null : operation.websocket();
    if (rules == null) {
      return null;
    }
    Duration maxAge = rules.maxAge();
    Duration ping = rules.pingInterval();
    return new WebSocketRules(
        rules.origins(),
        rules.maxFrame().bytes(),
        rules.maxMessage().bytes(),
        rules.idleTimeout().toNanos(),
        maxAge == null ? 0 : maxAge.toNanos(),
        ping == null ? 0 : ping.toNanos(),
        rules.deflate());
  }

  private static @Nullable GrpcRules grpc(@Nullable OperationConfig operation) {
    GrpcConfig config = operation == null ? null : operation.grpc();
    if (config == null) {
      return null;
    }
    Duration longest = config.maxDeadline();
    return new GrpcRules(
        config.maxMessage().bytes(), longest == null ? Long.MAX_VALUE : longest.toNanos());
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
    public Offload offload() {
      return offload;
    }

    @Override
    public <T> T shared(Class<T> kind, String name, String definitionHash, Supplier<T> factory) {
      return pieces.get(kind, name, definitionHash, factory);
    }
  }
}
