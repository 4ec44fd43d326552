package tollgate.core.exchange;

import org.jspecify.annotations.Nullable;
import tollgate.core.fault.Fault;
import tollgate.core.fault.Outcome;

/**
 * How an exchange ended. Immutable.
 *
 * @param status what the client was sent, 0 if nothing
 * @param fault the refusal that was sent or that cut the exchange short; null if there was none
 */
public record Ending(Outcome outcome, int status, @Nullable Fault fault) {}
