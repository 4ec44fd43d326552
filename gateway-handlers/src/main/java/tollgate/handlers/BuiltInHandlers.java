package tollgate.handlers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.ApiConfig;
import tollgate.config.model.CorsConfig;
import tollgate.config.read.StepShapes;
import tollgate.core.chain.Chain;
import tollgate.core.handler.Handler;
import tollgate.core.handler.HandlerContext;
import tollgate.core.handler.HandlerType;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;
import tollgate.core.http.TrustedProxies;
import tollgate.handlers.apistate.ApiStateHandler;
import tollgate.handlers.clientaddress.ClientAddressHandler;
import tollgate.handlers.compress.CompressHandlerType;
import tollgate.handlers.cors.CorsHandler;
import tollgate.handlers.edit.EditHandlerType;
import tollgate.handlers.grpcweb.GrpcWebHandlerType;
import tollgate.handlers.headers.HeadersHandlerType;
import tollgate.handlers.identityfields.IdentityFieldsHandler;
import tollgate.handlers.requestid.RequestIdHandler;
import tollgate.handlers.respond.RespondHandlerType;
import tollgate.handlers.rewrite.RewriteHandlerType;
import tollgate.handlers.status.StatusHandlerType;
import tollgate.handlers.structurallimits.StructuralLimitsHandlerType;
import tollgate.handlers.template.TemplateHandlerType;
import tollgate.handlers.tracecontext.TraceContextHandler;

/**
 * The handlers that come with the gateway: the steps that policies may name, and those that
 * listeners and APIs have by themselves. Any thread.
 */
public final class BuiltInHandlers {
  private static final List<HandlerType<?>> STEPS =
      List.of(
          new CompressHandlerType(),
          new EditHandlerType(),
          new GrpcWebHandlerType(),
          new HeadersHandlerType(),
          new RespondHandlerType(),
          new RewriteHandlerType(),
          new StatusHandlerType(),
          new StructuralLimitsHandlerType(),
          new TemplateHandlerType());

  private BuiltInHandlers() {}

  /** The steps that policies may name. */
  public static List<HandlerType<?>> steps() {
    return STEPS;
  }

  /** How their options are written, for the reader of the configuration. */
  public static StepShapes stepShapes() {
    return Steps.BUILT_IN.shapes();
  }

  /**
   * The LISTENER stage, one for all listeners, so that a route's chain is the same on each.
   *
   * @param proxies the peers a listener trusts, by its name; a listener that trusts nobody is
   *     absent
   */
  public static List<Chain.Entry> listenerStage(
      Map<String, TrustedProxies> proxies, HandlerContext context) {
    List<Chain.Entry> entries = new ArrayList<>();
    entries.add(new Chain.Entry(RequestIdHandler.create(context), Stage.LISTENER, Side.BOTH));
    entries.add(new Chain.Entry(TraceContextHandler.create(context), Stage.LISTENER, Side.REQUEST));
    if (!proxies.isEmpty()) {
      entries.add(new Chain.Entry(new ClientAddressHandler(proxies), Stage.LISTENER, Side.REQUEST));
    }
    entries.add(new Chain.Entry(new IdentityFieldsHandler(proxies), Stage.LISTENER, Side.REQUEST));
    return entries;
  }

  /**
   * The EDGE stage of an API. A hidden API's state stands alone, so that its answers are those of
   * no API; else CORS stands first, so that pages can read what the state makes of a request.
   */
  public static List<Chain.Entry> edgeStage(ApiConfig api) {
    List<Chain.Entry> entries = new ArrayList<>();
    CorsConfig cors = api.cors();
    if (cors != null && !ApiStateHandler.isHidden(api.state())) {
      entries.add(new Chain.Entry(CorsHandler.of(cors), Stage.EDGE, Side.BOTH));
    }
    ApiStateHandler state = ApiStateHandler.of(api.state(), api.sunset());
    if (state != null) {
      entries.add(new Chain.Entry(state, Stage.EDGE, Side.BOTH));
    }
    return entries;
  }

  /**
   * The chain of one operation: with the validation of its messages, if they are checked, in the
   * CONTENT stage. It stands behind the limits on structure that a policy puts first there, so that
   * nothing is built of what they refuse, and before what changes messages: a schema is a promise
   * to clients.
   *
   * @param own the handlers of the API by stage, in order
   */
  public static List<Chain.Entry> withValidation(
      List<Chain.Entry> own, @Nullable Handler validate) {
    if (validate == null) {
      return own;
    }
    int at = 0;
    while (at < own.size() && standsBeforeValidation(own.get(at))) {
      at++;
    }
    List<Chain.Entry> entries = new ArrayList<>(own);
    entries.add(at, new Chain.Entry(validate, Stage.CONTENT, Side.BOTH));
    return entries;
  }

  /**
   * The handlers of an operation whose messages are converted: behind all others that look into
   * them, so that those see requests as the client sent them and responses as it will get them.
   *
   * @param own as {@link #withValidation} gives them
   */
  public static List<Chain.Entry> withConversion(List<Chain.Entry> own, @Nullable Handler convert) {
    if (convert == null) {
      return own;
    }
    int at = 0;
    while (at < own.size() && own.get(at).stage().compareTo(Stage.CONTENT) <= 0) {
      at++;
    }
    List<Chain.Entry> entries = new ArrayList<>(own);
    entries.add(at, new Chain.Entry(convert, Stage.CONTENT, Side.BOTH));
    return entries;
  }

  private static boolean standsBeforeValidation(Chain.Entry entry) {
    return entry.stage().compareTo(Stage.CONTENT) < 0
        || (entry.stage() == Stage.CONTENT && entry.handler().name().equals("structuralLimits"));
  }

  /** What requests see that none of the API's operations serves, before they are refused. */
  public static List<Chain.Entry> unmatchedStage(ApiConfig api) {
    CorsConfig cors = api.cors();
    return cors == null || ApiStateHandler.isHidden(api.state())
        ? List.of()
        : List.of(new Chain.Entry(CorsHandler.of(cors), Stage.EDGE, Side.BOTH));
  }
}
