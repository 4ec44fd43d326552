package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code kind: Api}: what is offered under a context. Immutable. Its identity is {@code
 * name:version}.
 *
 * @param context starts with a slash and does not end with one, except {@code /} itself; canonical
 * @param hosts empty for any host
 * @param sunset when a deprecated API will end, or null when that is not known
 * @param policies names of policies, applied in this order
 * @param cors null when cross-origin requests get no answer of their own
 * @param openapi its OpenAPI document, absolute, in the configuration folder; null if it has none
 * @param validate what holds for operations that do not say otherwise
 * @param messages how messages are read, and what they are converted to where an operation does not
 *     say otherwise
 * @param faults what refusals look like where the caller's request leaves it open
 * @param operations those of the OpenAPI document where the API lists none; empty for everything
 *     under the context; ids and matches are unique
 */
public record ApiConfig(
    String name,
    String version,
    String context,
    List<HostPattern> hosts,
    State state,
    @Nullable Instant sunset,
    Security security,
    Subscription subscription,
    List<String> policies,
    @Nullable CorsConfig cors,
    Route route,
    @Nullable Path openapi,
    ValidateConfig validate,
    MessagesConfig messages,
    Faults faults,
    List<OperationConfig> operations) {
  public static final State DEFAULT_STATE = State.PUBLISHED;
  public static final Faults DEFAULT_FAULTS = Faults.PROBLEM;
  public static final Subscription DEFAULT_SUBSCRIPTION = Subscription.NONE;

  /** Where an API is in its life. */
  public enum State {
    CREATED("created"),
    PROTOTYPED("prototyped"),
    PUBLISHED("published"),
    BLOCKED("blocked"),
    DEPRECATED("deprecated"),
    RETIRED("retired");

    private final String word;

    State(String word) {
      this.word = word;
    }

    /** As written in the configuration. */
    public String word() {
      return word;
    }
  }

  /** Who may call an API. */
  public enum Security {
    /** Anybody. */
    NONE("none");

    private final String word;

    Security(String word) {
      this.word = word;
    }

    /** As written in the configuration. */
    public String word() {
      return word;
    }
  }

  /** What refusals look like. */
  public enum Faults {
    /** Problem details (RFC 9457). */
    PROBLEM("problem"),
    /** The flat body of WSO2's gateway. */
    WSO2("wso2");

    private final String word;

    Faults(String word) {
      this.word = word;
    }

    /** As written in the configuration. */
    public String word() {
      return word;
    }
  }

  /** Whether a caller needs a subscription. */
  public enum Subscription {
    NONE("none");

    private final String word;

    Subscription(String word) {
      this.word = word;
    }

    /** As written in the configuration. */
    public String word() {
      return word;
    }
  }

  /**
   * Where requests go.
   *
   * @param upstream name of an upstream
   * @param stripContext whether the context is taken off the path that is sent
   * @param preserveHost whether the client's host is sent instead of the target's
   */
  public record Route(String upstream, boolean stripContext, boolean preserveHost) {
    public static final boolean DEFAULT_STRIP_CONTEXT = true;
    public static final boolean DEFAULT_PRESERVE_HOST = false;

    public Route {
      requireNonNull(upstream, "upstream");
    }
  }

  public ApiConfig {
    requireNonNull(name, "name");
    requireNonNull(version, "version");
    requireContext(context);
    hosts = List.copyOf(hosts);
    requireNonNull(state, "state");
    requireNonNull(security, "security");
    requireNonNull(subscription, "subscription");
    policies = List.copyOf(policies);
    requireNonNull(route, "route");
    requireNonNull(validate, "validate");
    requireNonNull(messages, "messages");
    requireNonNull(faults, "faults");
    operations = List.copyOf(operations);
  }

  /**
   * Returns a context as it is when it begins with a slash, does not end with one (but for {@code
   * /} itself) and is canonical.
   *
   * @throws IllegalArgumentException when it is not; the message says what was expected
   */
  public static String requireContext(String context) {
    String expected = " (expected e.g. /orders/v1)";
    if (!context.startsWith("/")) {
      throw new IllegalArgumentException("does not begin with a slash" + expected);
    }
    if (context.equals("/")) {
      return context;
    }
    if (context.endsWith("/")) {
      throw new IllegalArgumentException("ends with a slash" + expected);
    }
    for (String segment : context.substring(1).split("/", -1)) {
      String problem = PathTemplate.Literal.problem(segment, false);
      if (problem != null) {
        throw new IllegalArgumentException("is a path " + problem + expected);
      }
    }
    return context;
  }

  /** The same, where no message is checked. */
  public ApiConfig withoutValidation() {
    return with(
        ValidateConfig.NONE, operations.stream().map(OperationConfig::withoutValidation).toList());
  }

  /** The same with these operations. */
  public ApiConfig withOperations(List<OperationConfig> others) {
    return with(validate, others);
  }

  private ApiConfig with(ValidateConfig checked, List<OperationConfig> others) {
    return new ApiConfig(
        name,
        version,
        context,
        hosts,
        state,
        sunset,
        security,
        subscription,
        policies,
        cors,
        route,
        openapi,
        checked,
        messages,
        faults,
        others);
  }

  /** {@code name:version}. */
  public String identity() {
    return name + ":" + version;
  }
}
