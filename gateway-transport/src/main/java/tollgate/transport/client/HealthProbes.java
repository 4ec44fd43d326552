package tollgate.transport.client;

import java.util.ArrayList;
import java.util.List;
import tollgate.core.port.UpstreamConnector;
import tollgate.core.upstream.Target;
import tollgate.core.upstream.Upstream;
import tollgate.transport.loop.NettyLoop;

/**
 * Asks the targets of one upstream in turn with its traffic whether they can serve: over the same
 * pools, so with the same names, TLS and limits. All on one loop. Made without I/O; nothing is
 * asked before {@link #start}. Any thread.
 */
public final class HealthProbes {
  private final NettyLoop loop;
  private final List<TargetProbe> probes = new ArrayList<>();

  /**
   * @param upstream one with {@link Upstream#activeHealth}
   */
  public HealthProbes(
      Upstream upstream, UpstreamConnector connector, ProbeSettings settings, NettyLoop loop) {
    this.loop = loop;
    for (Target target : upstream.targets()) {
      probes.add(new TargetProbe(upstream, target, connector, settings, loop));
    }
  }

  /** The serving generation uses the upstream; may be called again. */
  public void start() {
    loop.execute(() -> probes.forEach(TargetProbe::start));
  }

  /** It does not any more; may be called again. */
  public void stop() {
    loop.execute(() -> probes.forEach(TargetProbe::stop));
  }
}
