package tollgate.dist.plugins;

import static java.util.Objects.requireNonNull;

import java.util.List;
import tollgate.core.handler.HandlerType;
import tollgate.core.message.MessageFormat;

/**
 * A plug-in that can be used. Immutable.
 *
 * @param name of its folder
 * @param version {@code Implementation-Version} of the jar that names the plug-in, or {@code
 *     unknown}
 */
public record LoadedPlugin(
    String name, String version, List<HandlerType<?>> handlers, List<MessageFormat> formats) {
  public LoadedPlugin {
    requireNonNull(name, "name");
    requireNonNull(version, "version");
    handlers = List.copyOf(handlers);
    formats = List.copyOf(formats);
  }

  /** Names of its steps, in their order. */
  public List<String> stepNames() {
    return handlers.stream().<String>map(HandlerType::name).sorted().toList();
  }

  /** Names of its formats, in their order. */
  public List<String> formatNames() {
    return formats.stream().map(MessageFormat::name).sorted().toList();
  }
}
