package tollgate.dist.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;
import tollgate.config.model.GatewayConfiguration;
import tollgate.config.read.ConfigReader;
import tollgate.config.read.Diagnostic;
import tollgate.config.read.Loaded;
import tollgate.core.chain.Traffic;
import tollgate.core.port.Offload;
import tollgate.core.telemetry.Telemetry;
import tollgate.core.time.Ticker;
import tollgate.dist.assembly.Assembly;
import tollgate.dist.assembly.GatewaySnapshot;
import tollgate.dist.plugins.Plugins;
import tollgate.dist.run.ExitCode;
import tollgate.transport.client.NameResolver;
import tollgate.transport.loop.EventLoops;

/**
 * A configuration loaded and compiled as {@code run} does it, without a socket opened or a name
 * resolved. One thread.
 */
final class Trial implements AutoCloseable {
  private final EventLoops loops;
  private final NameResolver names;
  private final Loaded<GatewaySnapshot> loaded;

  private Trial(EventLoops loops, NameResolver names, Loaded<GatewaySnapshot> loaded) {
    this.loops = loops;
    this.names = names;
    this.loaded = loaded;
  }

  /** Loads a root folder; blocks on files. */
  static Trial ofBlocking(Path root) {
    quiet();
    EventLoops loops = EventLoops.create(1, Ticker.SYSTEM);
    NameResolver names = NameResolver.create(loops);
    return new Trial(
        loops,
        names,
        switch (Plugins.loadBlocking()) {
          case Loaded.Invalid<Plugins> invalid -> new Loaded.Invalid<>(invalid.problems());
          case Loaded.Valid<Plugins> plugins -> loadBlocking(root, plugins.value(), loops, names);
        });
  }

  private static Loaded<GatewaySnapshot> loadBlocking(
      Path root, Plugins plugins, EventLoops loops, NameResolver names) {
    return switch (ConfigReader.create(plugins.vocabulary()).readBlocking(root)) {
      case Loaded.Invalid<GatewayConfiguration> invalid -> new Loaded.Invalid<>(invalid.problems());
      case Loaded.Valid<GatewayConfiguration> valid ->
          new Assembly(
                  plugins,
                  valid.value().gateway().value().listeners(),
                  loops,
                  names,
                  Ticker.SYSTEM,
                  Telemetry.NONE,
                  Traffic.unlimited(loops.count()),
                  Offload.here())
              .compileBlocking(valid.value(), valid.warnings());
    };
  }

  /** The snapshot, not serving, or every problem. */
  Loaded<GatewaySnapshot> loaded() {
    return loaded;
  }

  /** Problems of either kind; warnings alone do not make it invalid. */
  List<Diagnostic> problems() {
    return switch (loaded) {
      case Loaded.Valid<GatewaySnapshot> valid -> valid.warnings();
      case Loaded.Invalid<GatewaySnapshot> invalid -> invalid.problems();
    };
  }

  /**
   * The snapshot.
   *
   * @throws CommandFailedException with every problem if there is none
   */
  GatewaySnapshot snapshot() {
    return switch (loaded) {
      case Loaded.Valid<GatewaySnapshot> valid -> valid.value();
      case Loaded.Invalid<GatewaySnapshot> invalid -> {
        StringBuilder text = new StringBuilder("the configuration has errors");
        invalid.problems().forEach(problem -> text.append('\n').append(problem));
        throw new CommandFailedException(ExitCode.INVALID_CONFIGURATION, text.toString());
      }
    };
  }

  @Override
  public void close() {
    if (loaded instanceof Loaded.Valid<GatewaySnapshot> valid) {
      valid.value().close();
    }
    names.close();
    loops.close();
  }

  /** What the parts say of their start is of no interest to who asks about a configuration. */
  private static void quiet() {
    if (LoggerFactory.getLogger("tollgate") instanceof Logger logger
        && logger.getEffectiveLevel() == Level.INFO) {
      logger.setLevel(Level.WARN);
    }
  }
}
