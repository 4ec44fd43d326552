package tollgate.dist.plugins;

import static java.util.Comparator.comparing;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import tollgate.config.model.MessagesConfig;
import tollgate.config.read.Diagnostic;
import tollgate.config.read.Loaded;
import tollgate.config.text.Location;
import tollgate.core.handler.HandlerType;
import tollgate.core.message.MessageFormat;
import tollgate.core.plugin.Plugin;
import tollgate.handlers.BuiltInHandlers;

/**
 * Reads a folder with a folder for each plug-in. All that is wrong is told at once; with a problem
 * nothing is loaded. One thread.
 */
final class PluginLoader {
  private static final String SERVICE = "META-INF/services/" + Plugin.class.getName();
  private static final String BUILT_IN = "the gateway";

  private final Path folder;
  private final List<Diagnostic> problems = new ArrayList<>();
  private final List<PluginClassLoader> loaders = new ArrayList<>();

  /** Whose each name is: the gateway or a plug-in. */
  private final Map<String, String> steps = new HashMap<>();

  private final Map<String, String> formats = new HashMap<>();

  PluginLoader(Path folder) {
    this.folder = folder;
    BuiltInHandlers.steps().forEach(type -> steps.put(type.name(), BUILT_IN));
    MessagesConfig.FORMATS.forEach(name -> formats.put(name, BUILT_IN));
  }

  Loaded<Plugins> loadBlocking() {
    List<LoadedPlugin> plugins = new ArrayList<>();
    for (Path entry : entriesBlocking()) {
      LoadedPlugin plugin = pluginBlocking(entry);
      if (plugin != null) {
        plugins.add(plugin);
      }
    }
    if (problems.isEmpty()) {
      return new Loaded.Valid<>(new Plugins(plugins), List.of());
    }
    loaders.forEach(this::close);
    return new Loaded.Invalid<>(problems);
  }

  /** What stands in the folder, in order; names that begin with a dot aside. */
  private List<Path> entriesBlocking() {
    List<Path> entries = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      problem(folder, "is no folder (expected: one with a folder for each plug-in)");
      return entries;
    }
    try (DirectoryStream<Path> listed = Files.newDirectoryStream(folder)) {
      for (Path entry : listed) {
        if (!name(entry).startsWith(".")) {
          entries.add(entry);
        }
      }
    } catch (IOException e) {
      problem(folder, "cannot be read: " + reason(e));
    }
    entries.sort(comparing(PluginLoader::name));
    return entries;
  }

  private @Nullable LoadedPlugin pluginBlocking(Path entry) {
    if (!Files.isDirectory(entry)) {
      if (name(entry).endsWith(".jar")) {
        problem(entry, "is a jar (expected: a folder for each plug-in, with its jars in it)");
      }
      return null; // a note to the reader
    }
    if (!name(entry).matches("[a-z0-9][a-z0-9.-]*")) {
      problem(entry, "is no name of a plug-in (expected: small letters, digits, dots and dashes)");
      return null;
    }
    List<Path> jars = jarsBlocking(entry);
    String version = versionBlocking(entry, jars);
    return version == null ? null : loadBlocking(entry, jars, version);
  }

  private List<Path> jarsBlocking(Path plugin) {
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> listed = Files.newDirectoryStream(plugin, "*.jar")) {
      listed.forEach(jars::add);
    } catch (IOException e) {
      problem(plugin, "cannot be read: " + reason(e));
    }
    jars.sort(comparing(PluginLoader::name));
    return jars;
  }

  /**
   * The version of the jar that names the plug-in; null if there is none that does or one that
   * cannot be read, which a class loader would keep to itself.
   */
  private @Nullable String versionBlocking(Path plugin, List<Path> jars) {
    String version = null;
    boolean isGood = true;
    for (Path jar : jars) {
      try (JarFile file = new JarFile(jar.toFile())) {
        if (file.getEntry(SERVICE) != null) {
          version = version(file.getManifest());
        }
      } catch (IOException e) {
        problem(jar, "cannot be read as a jar: " + reason(e));
        isGood = false;
      }
    }
    if (version == null && isGood) {
      problem(
          plugin,
          jars.isEmpty()
              ? "has no jars (expected: those of the plug-in)"
              : "no jar has " + SERVICE + " (expected: one that names the class of the plug-in)");
    }
    return isGood ? version : null;
  }

  private static String version(@Nullable Manifest manifest) {
    String version =
        manifest == null
            ? null
            : manifest.getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION);
    return version == null ? "unknown" : version;
  }

  private @Nullable LoadedPlugin loadBlocking(Path folder, List<Path> jars, String version) {
    PluginClassLoader loader = new PluginClassLoader(name(folder), urls(jars));
    loaders.add(loader);
    String asked = "its services";
    try {
      List<ServiceLoader.Provider<Plugin>> found =
          ServiceLoader.load(Plugin.class, loader).stream().toList();
      if (found.size() != 1) {
        problem(
            folder,
            found.isEmpty()
                ? SERVICE + " names no class (expected: that of the plug-in)"
                : "has " + found.size() + " plug-ins: " + classes(found) + " (expected: one)");
        return null;
      }
      asked = found.getFirst().type().getName();
      Plugin plugin = found.getFirst().get();
      List<HandlerType<?>> handlers = List.copyOf(plugin.handlers());
      List<MessageFormat> added = List.copyOf(plugin.formats());
      boolean isGood = true;
      for (HandlerType<?> type : handlers) {
        asked = type.getClass().getName();
        isGood &= isGood(folder, type);
      }
      for (MessageFormat format : added) {
        isGood &= isFree(folder, "the format", format.name(), formats);
      }
      return isGood ? new LoadedPlugin(name(folder), version, handlers, added) : null;
    } catch (RuntimeException | LinkageError | ServiceConfigurationError e) {
      // Code of others: whatever it does, the answer is which plug-in it was.
      problem(folder, "cannot be loaded: " + asked + ": " + reason(e));
      return null;
    }
  }

  /** All that is asked of a type later is asked here once, so that what fails is told. */
  private <O> boolean isGood(Path plugin, HandlerType<O> type) {
    String name = type.name();
    if (!name.matches("[a-z][A-Za-z0-9]*")) {
      problem(
          plugin,
          name
              + " is no name of a step (expected: letters and digits, beginning with a small letter)");
      return false;
    }
    var stage = type.stage();
    var sides = type.sides();
    var options = type.options();
    if (stage == null || sides == null || options == null) { // nothing holds others to our checks
      problem(plugin, "the step " + name + " has no stage, sides or options (expected: all three)");
      return false;
    }
    return isFree(plugin, "the step", name, steps);
  }

  private boolean isFree(Path plugin, String what, String name, Map<String, String> taken) {
    String owner = taken.putIfAbsent(name, "the plug-in " + name(plugin));
    if (owner != null) {
      problem(plugin, what + " " + name + " is also one of " + owner + " (expected: another name)");
    }
    return owner == null;
  }

  private void problem(Path place, String message) {
    problems.add(Diagnostic.error(Location.ofFile(place.toString()), "", message));
  }

  private void close(PluginClassLoader loader) {
    try {
      loader.close();
    } catch (IOException e) {
      problem(folder, "cannot be closed: " + reason(e));
    }
  }

  private static String classes(List<ServiceLoader.Provider<Plugin>> found) {
    return String.join(", ", found.stream().map(provider -> provider.type().getName()).toList());
  }

  /** The last cause, which says what happened; services wrap it. */
  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case UnsupportedClassVersionError e ->
          e.getMessage()
              + " (expected: classes of Java "
              + Runtime.version().feature()
              + " at most)";
      case NoClassDefFoundError e -> missing(e);
      case ClassNotFoundException e -> missing(e);
      default -> cause.toString();
    };
  }

  private static String missing(Throwable failure) {
    return "missing class "
        + String.valueOf(failure.getMessage()).replace('/', '.')
        + " (expected: in a jar of the plug-in, or one of the packages that plug-ins see)";
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static URL[] urls(List<Path> jars) {
    return jars.stream().map(Path::toFile).map(PluginLoader::url).toArray(URL[]::new);
  }

  private static URL url(File jar) {
    try {
      return jar.toURI().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
