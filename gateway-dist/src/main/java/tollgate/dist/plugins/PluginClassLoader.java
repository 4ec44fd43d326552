package tollgate.dist.plugins;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Set;
import tollgate.core.plugin.Plugin;

/**
 * The classes of one plug-in: those of the platform, those of the gateway that plug-ins are written
 * against, and its own jars. Nothing else of the gateway and of its libraries is seen, so that a
 * plug-in brings the versions it wants. Any thread.
 */
final class PluginClassLoader extends URLClassLoader {
  static {
    ClassLoader.registerAsParallelCapable();
  }

  /** Packages of the gateway that plug-ins may name. docs/plugins.md lists them. */
  private static final Set<String> API =
      Set.of(
          "org.jspecify.annotations",
          "tollgate.config.model",
          "tollgate.config.read",
          "tollgate.config.text",
          "tollgate.core.exchange",
          "tollgate.core.fault",
          "tollgate.core.handler",
          "tollgate.core.http",
          "tollgate.core.media",
          "tollgate.core.message",
          "tollgate.core.message.json",
          "tollgate.core.message.multipart",
          "tollgate.core.message.soap",
          "tollgate.core.message.xml",
          "tollgate.core.plugin",
          "tollgate.core.port",
          "tollgate.core.time",
          "tollgate.core.upstream");

  /** And all below these. */
  private static final List<String> API_TREES =
      List.of("io.netty.buffer.", "io.netty.util.", "org.slf4j.");

  private final ClassLoader gateway;

  PluginClassLoader(String plugin, URL[] jars) {
    super("plug-in " + plugin, jars, ClassLoader.getPlatformClassLoader());
    this.gateway = Plugin.class.getClassLoader();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    return isApi(name) ? gateway.loadClass(name) : super.loadClass(name, resolve);
  }

  private static boolean isApi(String className) {
    int end = className.lastIndexOf('.');
    return (end > 0 && API.contains(className.substring(0, end)))
        || API_TREES.stream().anyMatch(className::startsWith);
  }
}
