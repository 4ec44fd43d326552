package tollgate.transport.client;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What the probes of one upstream are. Immutable.
 *
 * @param path asked for by GET; starts with a slash
 * @param query without the question mark; null for none
 * @param host sent as Host; null for the target's own
 * @param interval from the end of one probe to the next of the same target, give or take a tenth
 * @param timeout for connection and answer together
 * @param isGood whether an answer of this status is a good one
 * @param grpcService what the gRPC health service is asked about in place of all that; null for
 *     none
 */
public record ProbeSettings(
    String path,
    @Nullable String query,
    @Nullable String host,
    Duration interval,
    Duration timeout,
    IntPredicate isGood,
    @Nullable String grpcService) {
  public ProbeSettings {
    requireNonNull(path, "path");
    requireNonNull(interval, "interval");
    requireNonNull(timeout, "timeout");
    requireNonNull(isGood, "isGood");
  }
}
