package tollgate.dist.plugins;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.config.read.Loaded;
import tollgate.config.read.Vocabulary;
import tollgate.core.handler.HandlerType;
import tollgate.core.message.MessageFormat;
import tollgate.core.message.MessageFormats;
import tollgate.handlers.Steps;

/**
 * The plug-ins of a process, and what can be configured with them and without. Immutable; any
 * thread. Their classes stay loaded until the process ends.
 */
public final class Plugins {
  /** Only what comes with the gateway. */
  public static final Plugins NONE = new Plugins(List.of());

  private static final String FOLDER = "tollgate.plugins";

  private final List<LoadedPlugin> all;
  private final Steps steps;
  private final MessageFormats formats;
  private final Vocabulary vocabulary;

  /** As {@link PluginLoader} has checked them. */
  Plugins(List<LoadedPlugin> all) {
    List<HandlerType<?>> handlers = new ArrayList<>();
    List<MessageFormat> further = new ArrayList<>();
    for (LoadedPlugin plugin : all) {
      handlers.addAll(plugin.handlers());
      further.addAll(plugin.formats());
    }
    this.all = List.copyOf(all);
    this.steps = Steps.builtInAnd(handlers);
    this.formats = MessageFormats.builtInAnd(further);
    this.vocabulary =
        new Vocabulary(steps.shapes(), further.stream().map(MessageFormat::name).toList());
  }

  /** Those of the folder that the launcher named; blocks on files, and runs code of plug-ins. */
  public static Loaded<Plugins> loadBlocking() {
    Path folder = folder();
    return folder == null ? new Loaded.Valid<>(NONE, List.of()) : loadBlocking(folder);
  }

  /** Those of a folder; blocks on files, and runs code of plug-ins. */
  public static Loaded<Plugins> loadBlocking(Path folder) {
    return new PluginLoader(folder).loadBlocking();
  }

  /** Where the launcher found plug-ins or was told to look; null if nowhere. */
  public static @Nullable Path folder() {
    String named = System.getProperty(FOLDER, "");
    return named.isEmpty() ? null : Path.of(named);
  }

  /** In order of their names. */
  public List<LoadedPlugin> all() {
    return all;
  }

  public Steps steps() {
    return steps;
  }

  public MessageFormats formats() {
    return formats;
  }

  /** What configurations may name. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }
}
