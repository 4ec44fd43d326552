package tollgate.handlers.cors;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.CorsConfig;
import tollgate.core.exchange.Exchange;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.Handler;
import tollgate.core.handler.LocalReply;
import tollgate.core.handler.Verdict;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.ReceivedFields;

/**
 * Answers CORS preflights and tells browsers which pages may read the other answers (Fetch standard
 * section 3.3). Event loop only; the answers to preflights are made when the API is loaded.
 *
 * <p>An origin that is not listed: its preflight is refused with 403, its other requests pass
 * without a CORS field, since pages of the API's own origin send Origin, too. What the backend says
 * about CORS never reaches the client.
 */
public final class CorsHandler implements Handler {
  static final FieldName ALLOW_ORIGIN = FieldName.of("Access-Control-Allow-Origin");
  static final FieldName ALLOW_CREDENTIALS = FieldName.of("Access-Control-Allow-Credentials");
  static final FieldName ALLOW_METHODS = FieldName.of("Access-Control-Allow-Methods");
  static final FieldName ALLOW_HEADERS = FieldName.of("Access-Control-Allow-Headers");
  static final FieldName EXPOSE_HEADERS = FieldName.of("Access-Control-Expose-Headers");
  static final FieldName MAX_AGE = FieldName.of("Access-Control-Max-Age");
  private static final FieldName ALLOW_PRIVATE_NETWORK =
      FieldName.of("Access-Control-Allow-Private-Network");

  private static final FieldName[] OWN = {
    ALLOW_ORIGIN,
    ALLOW_CREDENTIALS,
    ALLOW_METHODS,
    ALLOW_HEADERS,
    EXPOSE_HEADERS,
    MAX_AGE,
    ALLOW_PRIVATE_NETWORK
  };

  private static final String ORIGIN = FieldName.ORIGIN.text();

  private static final Verdict REFUSED =
      new Verdict.Reply(
          LocalReply.of(
                  Fault.of(FaultCode.ORIGIN_REFUSED, "Pages of this origin may not call the API."))
              .with(FieldName.VARY, ORIGIN));

  /** Each origin as it is sent, and the answer to its preflights; empty where any origin may. */
  private final Map<String, Allowed> allowed;

  /** For every origin; null where origins are listed. */
  private final @Nullable Allowed any;

  private final @Nullable String exposed;
  private final boolean credentials;

  private record Allowed(String origin, Verdict preflight) {}

  private CorsHandler(CorsConfig cors) {
    Map<String, Allowed> byOrigin = new HashMap<>();
    if (!cors.anyOrigin()) {
      for (String origin : cors.origins()) {
        byOrigin.put(origin, new Allowed(origin, preflight(cors, origin)));
      }
    }
    this.allowed = Map.copyOf(byOrigin);
    this.any =
        cors.anyOrigin() ? new Allowed(CorsConfig.ANY, preflight(cors, CorsConfig.ANY)) : null;
    this.exposed = cors.exposeHeaders().isEmpty() ? null : list(cors.exposeHeaders());
    this.credentials = cors.credentials();
  }

  public static CorsHandler of(CorsConfig cors) {
    return new CorsHandler(cors);
  }

  @Override
  public String name() {
    return "cors";
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    if (!exchange.isPreflight()) {
      return Verdict.Proceed.PROCEED;
    }
    Allowed caller = caller(exchange);
    return caller == null ? REFUSED : caller.preflight();
  }

  @Override
  public Verdict onResponse(Exchange exchange) {
    Fields fields = requireNonNull(exchange.response()).fields();
    for (FieldName name : OWN) {
      fields.remove(name);
    }
    if (any == null) {
      // Fetch 3.3.5: on every answer, or a cache gives one origin's to another.
      varyByOrigin(fields);
    }
    Allowed caller = caller(exchange);
    if (caller != null) {
      fields.add(ALLOW_ORIGIN, caller.origin());
      if (credentials) {
        fields.add(ALLOW_CREDENTIALS, "true");
      }
      if (exposed != null) {
        fields.add(EXPOSE_HEADERS, exposed);
      }
    }
    return Verdict.Proceed.PROCEED;
  }

  /** By what was received: a policy may have removed Origin on the way to the backend. */
  private @Nullable Allowed caller(Exchange exchange) {
    if (any != null) {
      return any; // also for requests without Origin: their answers may be cached for those with
    }
    ReceivedFields received = exchange.request().received().fields();
    int index = received.indexOf(FieldName.ORIGIN, 0);
    if (index < 0 || received.indexOf(FieldName.ORIGIN, index + 1) >= 0) {
      return null;
    }
    return allowed.get(received.value(index));
  }

  private static void varyByOrigin(Fields fields) {
    if (fields.contains(FieldName.VARY)) {
      for (String line : fields.all(FieldName.VARY)) {
        if (names(line, ORIGIN) || names(line, "*")) {
          return;
        }
      }
    }
    fields.add(FieldName.VARY, ORIGIN);
  }

  /** Whether a list of field names holds one, in any case. */
  private static boolean names(String list, String name) {
    int from = 0;
    while (from < list.length()) {
      int comma = list.indexOf(',', from);
      int end = comma < 0 ? list.length() : comma;
      int next = end + 1;
      while (from < end && list.charAt(from) <= ' ') {
        from++;
      }
      while (end > from && list.charAt(end - 1) <= ' ') {
        end--;
      }
      if (end - from == name.length() && list.regionMatches(true, from, name, 0, end - from)) {
        return true;
      }
      from = next;
    }
    return false;
  }

  private static Verdict preflight(CorsConfig cors, String origin) {
    LocalReply reply = LocalReply.of(204).with(ALLOW_ORIGIN, origin);
    if (cors.credentials()) {
      reply = reply.with(ALLOW_CREDENTIALS, "true");
    }
    reply = reply.with(ALLOW_METHODS, list(cors.methods()));
    if (cors.headers().contains(CorsConfig.ANY)) {
      // Fetch 3.3.3: the asterisk does not stand for Authorization, which must be named.
      reply = reply.with(ALLOW_HEADERS, CorsConfig.ANY + ", " + FieldName.AUTHORIZATION.text());
    } else if (!cors.headers().isEmpty()) {
      reply = reply.with(ALLOW_HEADERS, list(cors.headers()));
    }
    if (cors.maxAge() != null) {
      reply = reply.with(MAX_AGE, Long.toString(cors.maxAge().toSeconds()));
    }
    if (!cors.anyOrigin()) {
      reply = reply.with(FieldName.VARY, ORIGIN);
    }
    return new Verdict.Reply(reply);
  }

  private static String list(List<String> names) {
    return String.join(", ", names);
  }
}
