package tollgate.core.message;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One family of media types: how its bodies are built and written. Immutable.
 *
 * @param name as in the configuration
 * @param types the media types it serves without being told, as {@code type/subtype} in lower case
 * @param suffix the structured syntax suffix that it serves too, {@code json} in {@code +json};
 *     null if none
 */
public record MessageFormat(
    String name,
    List<String> types,
    @Nullable String suffix,
    MessageBuilder builder,
    MessageFormatter formatter) {
  public MessageFormat {
    requireNonNull(name, "name");
    types = List.copyOf(types);
    requireNonNull(builder, "builder");
    requireNonNull(formatter, "formatter");
  }
}
