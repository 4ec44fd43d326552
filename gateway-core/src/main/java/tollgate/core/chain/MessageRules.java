package tollgate.core.chain;

import static java.util.Objects.requireNonNull;

import tollgate.core.fault.FaultStyle;
import tollgate.core.message.MessageFormats;
import tollgate.core.message.PayloadLimits;
import tollgate.core.port.Offload;

/**
 * How messages of a route are built and written, where a handler asks for it. Immutable.
 *
 * @param offload where large ones are built
 * @param faults how refusals look to callers who leave it open
 */
public record MessageRules(
    MessageFormats formats, PayloadLimits limits, Offload offload, FaultStyle faults) {
  /** Nothing is built: where no handler is configured. */
  public static final MessageRules NONE =
      new MessageRules(
          MessageFormats.NONE, PayloadLimits.DEFAULT, Offload.here(), FaultStyle.PROBLEM);

  public MessageRules {
    requireNonNull(formats, "formats");
    requireNonNull(limits, "limits");
    requireNonNull(offload, "offload");
    requireNonNull(faults, "faults");
  }
}
