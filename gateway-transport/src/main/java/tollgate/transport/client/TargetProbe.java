package tollgate.transport.client;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tollgate.core.port.UpstreamConnector;
import tollgate.core.time.Alarm;
import tollgate.core.upstream.AttemptTimeouts;
import tollgate.core.upstream.Target;
import tollgate.core.upstream.Upstream;
import tollgate.transport.loop.NettyLoop;

/**
 * The probes of one target, one after the other. Event loop only. Its alarm begins the next one, or
 * ends the one under way.
 *
 * <pre>
 *   STOPPED --start--> RESTING --alarm--> ASKING --answer, failure, alarm--> RESTING
 *      ^------------------ stop -------------'
 * </pre>
 */
final class TargetProbe extends Alarm {
  private static final Logger log = LoggerFactory.getLogger(TargetProbe.class);

  /** The first one comes within so long, so that many gateways do not all ask at once. */
  private static final long FIRST_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Upstream upstream;
  private final Target target;
  private final UpstreamConnector connector;
  private final ProbeSettings settings;
  private final NettyLoop loop;
  private final AttemptTimeouts timeouts;
  private boolean isStarted;
  private @Nullable ProbeRun asking;

  TargetProbe(
      Upstream upstream,
      Target target,
      UpstreamConnector connector,
      ProbeSettings settings,
      NettyLoop loop) {
    this.upstream = upstream;
    this.target = target;
    this.connector = connector;
    this.settings = settings;
    this.loop = loop;
    long nanos = settings.timeout().toNanos();
    this.timeouts = new AttemptTimeouts(nanos, nanos, nanos);
  }

  void start() {
    if (!isStarted) {
      isStarted = true;
      long within = Math.min(FIRST_WITHIN_NANOS, settings.interval().toNanos());
      loop.set(this, ThreadLocalRandom.current().nextLong(within + 1));
    }
  }

  void stop() {
    isStarted = false;
    loop.clear(this);
    ProbeRun run = asking;
    asking = null;
    if (run != null) {
      run.giveUp();
    }
  }

  @Override
  protected void onAlarm() {
    ProbeRun late = asking;
    if (late != null) {
      late.giveUp();
      over(late, false, "no answer in time");
    } else if (isStarted) {
      ask();
    }
  }

  private void ask() {
    ProbeRun run = new ProbeRun(this, target, settings);
    asking = run;
    loop.set(this, settings.timeout().toNanos());
    run.started(connector.connect(loop, target, timeouts, run));
  }

  /** The target's answer or silence has told something. */
  void over(ProbeRun run, boolean isGood, String reason) {
    if (run != asking) {
      return;
    }
    log.debug("{}: probe of {}: {}", upstream.name(), target.label(), reason);
    if (upstream.probed(target, isGood)) {
      if (isGood) {
        log.info("{}: {} is healthy again", upstream.name(), target.label());
      } else {
        log.warn("{}: {} is unhealthy: {}", upstream.name(), target.label(), reason);
      }
    }
    rest(run);
  }

  /** It has told nothing: the gateway itself had no connection to spare, or an old one was dead. */
  void rest(ProbeRun run) {
    if (run == asking) {
      asking = null;
      long interval = settings.interval().toNanos();
      long tenth = interval / 10;
      loop.set(this, interval - tenth + ThreadLocalRandom.current().nextLong(2 * tenth + 1));
    }
  }
}
