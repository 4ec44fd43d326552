package tollgate.config.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An operation that is a gRPC service or one of its methods. Immutable.
 *
 * @param target what is called
 * @param maxMessage of one message in either direction, as it is on the wire
 * @param maxDeadline the longest a call may take; null for as long as its caller says
 */
public record GrpcConfig(Target target, DataSize maxMessage, @Nullable Duration maxDeadline) {
  /** What gRPC itself lets one receive. */
  public static final DataSize DEFAULT_MAX_MESSAGE = DataSize.ofMebibytes(4);

  public GrpcConfig {
    requireNonNull(target, "target");
    requireNonNull(maxMessage, "maxMessage");
  }

  /**
   * A service, or one method of it.
   *
   * @param service with its package
   * @param method null for all of the service
   */
  public record Target(String service, @Nullable String method) {
    private static final String EXPECTED =
        " (expected e.g. shop.v1.Orders or shop.v1.Orders/Place)";
    private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";
    private static final Pattern SERVICE = Pattern.compile(NAME + "(?:\\." + NAME + ")*");
    private static final Pattern METHOD = Pattern.compile(NAME);

    /** What {@link #parse} takes. */
    public static final String PATTERN = NAME + "(?:\\." + NAME + ")*(?:/" + NAME + ")?";

    public Target {
      if (!SERVICE.matcher(service).matches()) {
        throw new IllegalArgumentException("is not the name of a service" + EXPECTED);
      }
      if (method != null && !METHOD.matcher(method).matches()) {
        throw new IllegalArgumentException("is not the name of a service and a method" + EXPECTED);
      }
    }

    /**
     * Reads {@code shop.v1.Orders} or {@code shop.v1.Orders/Place}.
     *
     * @throws IllegalArgumentException when the text is anything else
     */
    public static Target parse(String text) {
      int slash = text.indexOf('/');
      return slash < 0
          ? new Target(text, null)
          : new Target(text.substring(0, slash), text.substring(slash + 1));
    }

    /** The requests that call it: {@code POST /service/method}. */
    public OperationMatch match() {
      List<PathTemplate.Segment> segments = new ArrayList<>();
      segments.add(new PathTemplate.Literal(service));
      segments.add(
          method == null ? new PathTemplate.Parameter("method") : new PathTemplate.Literal(method));
      return new OperationMatch("POST", new PathTemplate(segments));
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
      return method == null ? service : service + "/" + method;
    }
  }
}
