package tollgate.dist.assembly;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.ApiConfig;
import tollgate.config.model.DataSize;
import tollgate.config.model.Declared;
import tollgate.config.model.GatewayConfiguration;
import tollgate.config.model.ListenerConfig;
import tollgate.config.model.PolicyConfig;
import tollgate.config.model.UpstreamConfig;
import tollgate.config.read.Diagnostic;
import tollgate.config.read.Loaded;
import tollgate.core.chain.Chain;
import tollgate.core.chain.CompiledRoute;
import tollgate.core.chain.InFlight;
import tollgate.core.chain.Site;
import tollgate.core.chain.Traffic;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.fault.FaultStyle;
import tollgate.core.handler.HandlerContext;
import tollgate.core.http.Cidr;
import tollgate.core.http.TrustedProxies;
import tollgate.core.port.Offload;
import tollgate.core.route.RouteProblem;
import tollgate.core.route.RouteTable;
import tollgate.core.telemetry.Telemetry;
import tollgate.core.time.Ticker;
import tollgate.dist.plugins.Plugins;
import tollgate.handlers.BuiltInHandlers;
import tollgate.handlers.StepFailedException;
import tollgate.handlers.convert.Conversions;
import tollgate.handlers.validate.Validations;
import tollgate.transport.client.NameResolver;
import tollgate.transport.loop.EventLoops;

/**
 * Compiles configurations to generations. One thread at a time. Opens no connection, resolves no
 * name, binds nothing; reads only the TLS files of listeners and upstreams. The one validator of
 * what the records alone do not show: {@code check}, {@code run}, reload and {@code explain} all
 * come here.
 */
public final class Assembly {
  private final SharedPieces shared = new SharedPieces();
  private final EventLoops loops;
  private final Ticker ticker;
  private final Telemetry telemetry;
  private final Traffic traffic;
  private final Offload offload;
  private final UpstreamAssembly upstreams;
  private final List<ListenerConfig> listeners;
  private final Chain listenerChain;
  private final ApiAssembly apis;
  private long generation;

  /** Hash of the last {@code kind: Gateway} whose certificate files could all be used. */
  private @Nullable String checkedGateway;

  /**
   * @param listeners those that the process was started with: a change of them needs a restart
   */
  public Assembly(
      Plugins plugins,
      List<ListenerConfig> listeners,
      EventLoops loops,
      NameResolver names,
      Ticker ticker,
      Telemetry telemetry,
      Traffic traffic,
      Offload offload) {
    this.offload = offload;
    this.loops = loops;
    this.ticker = ticker;
    this.telemetry = telemetry;
    this.traffic = traffic;
    this.upstreams = new UpstreamAssembly(loops, names, ticker, shared);
    this.listeners = List.copyOf(listeners);
    this.listenerChain = Chain.of(listenerEntries());
    this.apis =
        new ApiAssembly(
            plugins.steps(),
            plugins.formats(),
            listenerChain,
            shared,
            loops.count(),
            ticker,
            offload,
            telemetry);
  }

  private List<Chain.Entry> listenerEntries() {
    Map<String, TrustedProxies> proxies = new HashMap<>();
    for (ListenerConfig listener : listeners) {
      if (!listener.trustedProxies().isEmpty()) {
        proxies.put(
            listener.name(),
            TrustedProxies.of(listener.trustedProxies().stream().map(Assembly::cidr).toList()));
      }
    }
    return BuiltInHandlers.listenerStage(proxies, new ListenerContext());
  }

  /** A range as the configuration holds it, as the core takes it. */
  public static Cidr cidr(tollgate.config.model.Cidr config) {
    return requireNonNull(
        Cidr.parse(config.toString()), "what the reader accepts is an address block");
  }

  /**
   * A new generation, or why there is none; what the configuration shares with earlier generations
   * is not made again.
   */
  public Loaded<GatewaySnapshot> compileBlocking(
      GatewayConfiguration configuration, List<Diagnostic> warnings) {
    List<Diagnostic> problems = new ArrayList<>();
    SharedPieces.Holder pieces = shared.holder();
    GatewaySnapshot snapshot = null;
    try {
      snapshot = compileBlocking(configuration, pieces, problems);
    } catch (StepFailedException e) {
      problems.add(
          Diagnostic.error(
              e.step().location(), e.step().name(), "cannot be made: " + e.getCause()));
    }
    if (snapshot == null) {
      pieces.close();
      problems.addAll(warnings);
      return new Loaded.Invalid<>(problems);
    }
    return new Loaded.Valid<>(snapshot, warnings);
  }

  private @Nullable GatewaySnapshot compileBlocking(
      GatewayConfiguration configuration, SharedPieces.Holder pieces, List<Diagnostic> problems) {
    if (!configuration.gateway().contentHash().equals(checkedGateway)) {
      problems.addAll(ListenerTls.problemsBlocking(configuration.gateway()));
      checkedGateway = problems.isEmpty() ? configuration.gateway().contentHash() : null;
    }
    Map<String, UpstreamPiece> upstreamPieces = new LinkedHashMap<>();
    Map<String, Declared<UpstreamConfig>> upstreamConfigs = new HashMap<>();
    for (Declared<UpstreamConfig> upstream : configuration.upstreams()) {
      upstreamConfigs.put(upstream.value().name(), upstream);
      UpstreamPiece piece = upstreams.pieceBlocking(upstream, pieces, problems);
      if (piece != null) {
        upstreamPieces.put(upstream.value().name(), piece);
      }
    }
    if (!problems.isEmpty()) {
      return null;
    }
    Map<String, Declared<PolicyConfig>> policies = new HashMap<>();
    configuration.policies().forEach(policy -> policies.put(policy.value().name(), policy));
    RouteTable.Builder<CompiledRoute> routes = RouteTable.builder();
    List<RouteHandle> handles = new ArrayList<>();
    Map<String, Declared<ApiConfig>> declared = new HashMap<>();
    for (Declared<ApiConfig> api : configuration.apis()) {
      List<Declared<PolicyConfig>> named =
          api.value().policies().stream().map(name -> get(policies, name)).toList();
      int before = problems.size();
      problems.addAll(apis.problems(api, named));
      declared.put(ApiAssembly.identity(api.value()), api);
      String upstream = api.value().route().upstream();
      String hash = ApiAssembly.hash(api, named, get(upstreamConfigs, upstream));
      Validations validations = Validations.NONE;
      Conversions conversions = Conversions.NONE;
      if (!shared.has(CompiledApi.class, ApiAssembly.identity(api.value()), hash)) {
        validations = apis.validationsBlocking(api, configuration, problems);
        conversions = apis.conversionsBlocking(api, configuration, problems);
      }
      if (problems.size() == before) {
        CompiledApi compiled =
            compiled(
                api,
                named,
                validations,
                conversions,
                get(upstreamPieces, upstream),
                get(upstreamConfigs, upstream),
                pieces);
        handles.addAll(compiled.handles());
        routes.add(compiled.tree());
      }
    }
    routes.problems().forEach(problem -> problems.add(diagnostic(problem, declared)));
    if (!problems.isEmpty()) {
      return null;
    }
    upstreams.retain(upstreamPieces.keySet());
    return snapshot(
        configuration, routes.build(), handles, List.copyOf(upstreamPieces.values()), pieces);
  }

  private static <V> V get(Map<String, V> map, String name) {
    V value = map.get(name);
    if (value == null) {
      throw new IllegalStateException(name + ": a reference that the reader let through");
    }
    return value;
  }

  private CompiledApi compiled(
      Declared<ApiConfig> api,
      List<Declared<PolicyConfig>> policies,
      Validations validations,
      Conversions conversions,
      UpstreamPiece upstream,
      Declared<UpstreamConfig> upstreamConfig,
      SharedPieces.Holder pieces) {
    return pieces.get(
        CompiledApi.class,
        ApiAssembly.identity(api.value()),
        ApiAssembly.hash(api, policies, upstreamConfig),
        () ->
            apis.compile(
                api, policies, validations, conversions, upstream, upstreamConfig.contentHash()));
  }

  private static Diagnostic diagnostic(
      RouteProblem problem, Map<String, Declared<ApiConfig>> apis) {
    return switch (problem) {
      case RouteProblem.SameContext same ->
          Diagnostic.error(
              get(apis, same.second()).location(),
              "context",
              same.message() + ", declared at " + get(apis, same.first()).location());
      case RouteProblem.SameOperation same ->
          Diagnostic.error(
              get(apis, same.api()).location(),
              "operations[" + same.secondIndex() + "].match",
              same.message());
      case RouteProblem.BadContext bad ->
          Diagnostic.error(get(apis, bad.api()).location(), "context", bad.message());
      case RouteProblem.BadHost bad ->
          Diagnostic.error(get(apis, bad.api()).location(), "hosts", bad.message());
    };
  }

  private GatewaySnapshot snapshot(
      GatewayConfiguration configuration,
      RouteTable<CompiledRoute> routes,
      List<RouteHandle> handles,
      List<UpstreamPiece> upstreamPieces,
      SharedPieces.Holder pieces) {
    long number = ++generation;
    InFlight inFlight = new InFlight(loops.count());
    Map<String, Site> sites = new HashMap<>();
    for (ListenerConfig listener : listeners) {
      DataSize body = listener.limits().body();
      long maxBody = body == null ? Long.MAX_VALUE : body.bytes();
      sites.put(
          listener.name(),
          new Site(
              number,
              listenerChain,
              routes,
              maxBody,
              telemetry,
              inFlight,
              traffic,
              FaultStyle.PROBLEM));
    }
    return new GatewaySnapshot(
        number, configuration, routes, handles, sites, upstreamPieces, inFlight, pieces);
  }

  /** LISTENER handlers live as long as the process and share with nobody. */
  private final class ListenerContext implements HandlerContext {
    @Override
    public Ticker ticker() {
      return ticker;
    }

    @Override
    public int loopCount() {
      return loops.count();
    }

    @Override
    public Offload offload() {
      return offload;
    }

    @Override
    public <T> T shared(Class<T> kind, String name, String definitionHash, Supplier<T> factory) {
      return shared.holder().get(kind, name, definitionHash, factory);
    }
  }
}
