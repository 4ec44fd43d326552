package tollgate.core.fault;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One refusal as a value. Immutable.
 *
 * @param detail may reach the caller: never a path, a token, a header value or an internal address
 * @param errors what is wrong one by one, as the detail says it in words; empty for most
 * @param cause for the log at DEBUG; never reaches the caller
 */
public record Fault(
    FaultCode code, String detail, List<FaultError> errors, @Nullable String cause) {
  public Fault {
    requireNonNull(code, "code");
    requireNonNull(detail, "detail");
    errors = List.copyOf(errors);
  }

  public static Fault of(FaultCode code, String detail) {
    return new Fault(code, detail, List.of(), null);
  }

  public static Fault of(FaultCode code, String detail, @Nullable String cause) {
    return new Fault(code, detail, List.of(), cause);
  }

  /** One of several mistakes in one message. */
  public static Fault of(FaultCode code, String detail, List<FaultError> errors) {
    return new Fault(code, detail, errors, null);
  }
}
