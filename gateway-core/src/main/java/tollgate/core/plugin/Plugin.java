package tollgate.core.plugin;

import java.util.List;
import tollgate.core.handler.HandlerType;
import tollgate.core.message.MessageFormat;

/**
 * What a plug-in adds to the gateway. One class of a plug-in implements it, is public with a public
 * constructor that takes nothing, and is named in {@code
 * META-INF/services/tollgate.core.plugin.Plugin}. It is made once, when the process starts, and
 * asked once; it opens nothing. Any thread.
 *
 * <p>The plug-in is called as the folder it was found in.
 */
public interface Plugin {
  /** Steps that policies may name; no name that a step of the gateway or of another plug-in has. */
  default List<HandlerType<?>> handlers() {
    return List.of();
  }

  /**
   * Formats of messages; no name that a format of the gateway or of another plug-in has. A media
   * type that a built-in format serves goes on being its own, but for where {@code
   * messages.builders} says otherwise.
   */
  default List<MessageFormat> formats() {
    return List.of();
  }
}
