package tollgate.handlers.apistate;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.ApiConfig;
import tollgate.core.exchange.Exchange;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.Handler;
import tollgate.core.handler.LocalReply;
import tollgate.core.handler.Verdict;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;

/**
 * Refuses the traffic of APIs that must not be called, and marks that of deprecated ones. Event
 * loop only.
 */
public final class ApiStateHandler implements Handler {
  static final FieldName DEPRECATION = FieldName.of("Deprecation");
  static final FieldName SUNSET = FieldName.of("Sunset");

  /**
   * RFC 9745 section 2.1: a date it must be. Since when an API has been deprecated the
   * configuration does not say; the epoch says "already", on every node the same, and never comes
   * after Sunset (section 4).
   */
  static final String SINCE_SOME_TIME = "@0";

  /** Byte by byte the answer where no API owns the path: nobody learns that there is one. */
  private static final Verdict NO_ROUTE =
      refuse(FaultCode.NO_ROUTE, "The requested resource is not available.");

  private static final Verdict BLOCKED =
      refuse(FaultCode.API_BLOCKED, "The API is blocked for the time being.");

  /** RFC 9110 section 5.6.7: IMF-fixdate. */
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private final Verdict verdict;
  private final boolean isDeprecated;
  private final @Nullable String sunset;

  private ApiStateHandler(Verdict verdict, boolean isDeprecated, @Nullable String sunset) {
    this.verdict = verdict;
    this.isDeprecated = isDeprecated;
    this.sunset = sunset;
  }

  /**
   * The handler for a state; null where there is nothing to do.
   *
   * @param sunset when a deprecated API will end, or null
   */
  public static @Nullable ApiStateHandler of(ApiConfig.State state, @Nullable Instant sunset) {
    return switch (state) {
      case CREATED, RETIRED -> new ApiStateHandler(NO_ROUTE, false, null);
      case BLOCKED -> new ApiStateHandler(BLOCKED, false, null);
      case DEPRECATED ->
          new ApiStateHandler(
              Verdict.Proceed.PROCEED, true, sunset == null ? null : HTTP_DATE.format(sunset));
      case PROTOTYPED, PUBLISHED -> null;
    };
  }

  /** Whether nobody may see that there is such an API. */
  public static boolean isHidden(ApiConfig.State state) {
    return state == ApiConfig.State.CREATED || state == ApiConfig.State.RETIRED;
  }

  @Override
  public String name() {
    return "apiState";
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    return verdict;
  }

  @Override
  public Verdict onResponse(Exchange exchange) {
    if (isDeprecated) {
      Fields fields = requireNonNull(exchange.response()).fields();
      fields.set(DEPRECATION, SINCE_SOME_TIME);
      if (sunset != null) {
        fields.set(SUNSET, sunset); // RFC 8594 section 3
      }
    }
    return Verdict.Proceed.PROCEED;
  }

  private static Verdict refuse(FaultCode code, String detail) {
    return new Verdict.Reply(LocalReply.of(Fault.of(code, detail)));
  }
}
