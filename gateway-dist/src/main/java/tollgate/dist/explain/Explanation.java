package tollgate.dist.explain;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.ApiConfig;
import tollgate.config.model.Declared;
import tollgate.config.model.ListenerConfig;
import tollgate.config.model.PathTemplate;
import tollgate.core.chain.Backend;
import tollgate.core.chain.Chain;
import tollgate.core.chain.CompiledRoute;
import tollgate.core.chain.InFlight;
import tollgate.core.chain.Site;
import tollgate.core.chain.Traffic;
import tollgate.core.exchange.RouteHandle;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.http.FieldName;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.route.ApiRoutes;
import tollgate.core.route.Match;
import tollgate.core.route.RouteTable;
import tollgate.core.telemetry.Telemetry;
import tollgate.core.upstream.Target;
import tollgate.dist.assembly.GatewaySnapshot;

/** What would become of one request, as text of labelled lines. One thread; used once. */
public final class Explanation {
  private static final FieldName ORIGIN = FieldName.of("Origin");
  private static final FieldName PREFLIGHT_METHOD = FieldName.of("Access-Control-Request-Method");
  private static final String INDENT = " ".repeat(12);

  private final GatewaySnapshot snapshot;
  private final AskedRequest asked;
  private final List<String> lines = new ArrayList<>();

  private Explanation(GatewaySnapshot snapshot, AskedRequest asked) {
    this.snapshot = snapshot;
    this.asked = asked;
  }

  /** The explanation with its last line end. */
  public static String of(GatewaySnapshot snapshot, AskedRequest asked) {
    Explanation explanation = new Explanation(snapshot, asked);
    explanation.explain();
    return String.join("\n", explanation.lines) + "\n";
  }

  private void explain() {
    add("request", asked.toString());
    ListenerConfig listener = listener();
    Site site = snapshot.site(listener.name());
    if (asked.canonicalPath() == null) {
      add("match", "malformed: a path that some decoder behind the gateway would read differently");
      addHandlers(site.listenerChain());
      run(site, listener, Fault.of(FaultCode.MALFORMED_PATH, "path is refused"), null);
      return;
    }
    switch (match()) {
      case Match.Operation<CompiledRoute> operation -> explain(operation, site, listener);
      case Match.PathOnly<CompiledRoute> pathOnly -> {
        add(
            "match",
            "path of "
                + identity(pathOnly.api().handle())
                + ", but not with this method: 405, Allow: "
                + pathOnly.allow());
        addHandlers(site.listenerChain());
        run(site, listener, null, null);
      }
      case Match.None<CompiledRoute> none -> {
        CompiledRoute api = none.api();
        add(
            "match",
            api == null
                ? "no API has this host and path: 404"
                : "in the context of "
                    + identity(api.handle())
                    + ", which has no such operation: 404");
        addHandlers(site.listenerChain());
        run(site, listener, null, null);
      }
      case Match.Malformed<CompiledRoute> malformed ->
          add("match", "malformed: " + malformed.fault().detail());
    }
  }

  /**
   * By the port of the URL; the first one if none listens there, because a load balancer may stand
   * before it.
   */
  private ListenerConfig listener() {
    List<ListenerConfig> listeners = snapshot.configuration().gateway().value().listeners();
    for (ListenerConfig listener : listeners) {
      if (listener.bind().port() == asked.port()) {
        add("listener", listener.name() + " (" + listener.bind() + ")");
        return listener;
      }
    }
    ListenerConfig first = listeners.getFirst();
    add(
        "listener",
        first.name()
            + " ("
            + first.bind()
            + "), the first one: none listens on port "
            + asked.port());
    return first;
  }

  private Match<CompiledRoute> match() {
    ReceivedRequest received = asked.received();
    int origin = received.fields().indexOf(ORIGIN, 0);
    int method = received.fields().indexOf(PREFLIGHT_METHOD, 0);
    String preflightMethod = origin >= 0 && method >= 0 ? received.fields().value(method) : null;
    return snapshot
        .routes()
        .match(received.authority(), received.path(), received.method(), preflightMethod);
  }

  private void explain(
      Match.Operation<CompiledRoute> operation, Site site, ListenerConfig listener) {
    CompiledRoute route = operation.route();
    RouteHandle handle = route.handle();
    add(
        "match",
        (operation.isPreflight() ? "CORS preflight of " : "")
            + "operation "
            + handle.operation()
            + " of "
            + identity(handle)
            + ", declared at "
            + place(handle));
    String template = handle.template();
    add("path", handle.context() + (template == null ? "/ and everything below" : template));
    if (template != null) {
      List<String> names = PathTemplate.parse(template).parameters();
      for (int i = 0; i < operation.captures().size(); i++) {
        add("capture", names.get(i) + " = " + operation.captures().get(i));
      }
    }
    addHandlers(route.chain());
    switch (route.backend()) {
      case Backend.Remote remote -> {
        add("upstream", remote.name());
        for (Target target : remote.upstream().targets()) {
          add("target", target.scheme() + "://" + target.label() + ", weight " + target.weight());
        }
        DryRun run = new DryRun();
        CompiledRoute dry =
            new CompiledRoute(
                handle,
                route.chain(),
                new Backend.Remote(remote.upstream(), run.connector),
                route.timeouts(),
                route.stripContext(),
                route.preserveHost(),
                route.stream(),
                route.websocket(),
                route.grpc(),
                route.messages());
        run(onlyWith(dry, operation, site), listener, null, run);
      }
      case Backend.Local local -> add("upstream", local.name() + ", in this process");
    }
  }

  /** The site with one route, whose backend is the dry one. */
  private Site onlyWith(CompiledRoute dry, Match.Operation<CompiledRoute> operation, Site site) {
    String template = dry.handle().template();
    RouteTable<CompiledRoute> routes =
        RouteTable.<CompiledRoute>builder()
            .add(
                new ApiRoutes<>(
                    identity(dry.handle()),
                    dry,
                    dry.handle().context(),
                    List.of(),
                    template == null
                        ? List.of()
                        : List.of(
                            new ApiRoutes.Operation<>(null, PathTemplate.parse(template), dry)),
                    operation.isPreflight()))
            .build();
    return new Site(
        site.generation(),
        site.listenerChain(),
        routes,
        site.maxBodyBytes(),
        Telemetry.NONE,
        new InFlight(1),
        Traffic.unlimited(1),
        site.faults());
  }

  private void run(
      Site site, ListenerConfig listener, @Nullable Fault malformed, @Nullable DryRun prepared) {
    DryRun run = prepared == null ? new DryRun() : prepared;
    Site quiet =
        new Site(
            site.generation(),
            site.listenerChain(),
            site.routes(),
            site.maxBodyBytes(),
            Telemetry.NONE,
            new InFlight(1),
            Traffic.unlimited(1),
            site.faults());
    run.run(quiet, asked, listener.name(), malformed);
    if (!run.sent().isEmpty()) {
      addAll("sent", run.sent());
    } else if (!run.answer().isEmpty()) {
      addAll("answered", run.answer());
      if (!run.answerBody().isEmpty()) {
        addAll("body", run.answerBody().lines().toList());
      }
    }
  }

  private void addHandlers(Chain chain) {
    String label = "handlers";
    for (Chain.Entry entry : chain.entries()) {
      String side =
          switch (entry.side()) {
            case REQUEST -> "request";
            case RESPONSE -> "response";
            case BOTH -> "request and response";
          };
      add(label, "%-9s %-16s %s".formatted(entry.stage(), entry.handler().name(), side));
      label = "";
    }
  }

  private String place(RouteHandle handle) {
    for (Declared<ApiConfig> api : snapshot.configuration().apis()) {
      if (api.value().name().equals(handle.api())
          && api.value().version().equals(handle.apiVersion())) {
        return api.location().toString();
      }
    }
    return "no file";
  }

  private static String identity(RouteHandle handle) {
    return handle.api() + ":" + handle.apiVersion();
  }

  private void addAll(String label, List<String> texts) {
    add(label, texts.getFirst());
    texts.subList(1, texts.size()).forEach(text -> add("", text));
  }

  private void add(String label, String text) {
    lines.add((label + INDENT).substring(0, INDENT.length()) + text);
  }
}
