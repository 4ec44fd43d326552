package tollgate.core.chain;

import tollgate.core.fault.FaultStyle;
import tollgate.core.route.RouteTable;
import tollgate.core.telemetry.Telemetry;

/**
 * One listener's view of a generation: what an exchange keeps until it ends or is handed over to a
 * newer generation. Immutable but for what it counts.
 *
 * @param listenerChain LISTENER handlers only; every route's chain begins with the same ones
 * @param maxBodyBytes of a request; {@link Long#MAX_VALUE} for no limit
 * @param inFlight shared by all sites of a generation
 * @param traffic shared by all generations
 * @param faults how refusals look where no API owns the path
 */
public record Site(
    long generation,
    Chain listenerChain,
    RouteTable<CompiledRoute> routes,
    long maxBodyBytes,
    Telemetry telemetry,
    InFlight inFlight,
    Traffic traffic,
    FaultStyle faults) {}
