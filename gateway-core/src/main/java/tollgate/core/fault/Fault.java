package tollgate.core.fault;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One refusal as a value. Immutable.
 *
 * @param detail may reach the caller: never a path, a token, a header value or an internal address
 * @param cause for the log at DEBUG; never reaches the caller
 */
public record Fault(FaultCode code, String detail, @Nullable String cause) {
  public Fault {
    requireNonNull(code, "code");
    requireNonNull(detail, "detail");
  }

  public static Fault of(FaultCode code, String detail) {
    return new Fault(code, detail, null);
  }

  public static Fault of(FaultCode code, String detail, @Nullable String cause) {
    return new Fault(code, detail, cause);
  }
}
