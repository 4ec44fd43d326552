package tollgate.it.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A folder of plug-ins, whose jars are compiled of sources as a test writes them. */
public final class PluginFolder {
  private static final String SERVICE = "META-INF/services/tollgate.core.plugin.Plugin";

  private final Path folder;

  public PluginFolder(Path folder) {
    this.folder = folder;
  }

  public Path path() {
    return folder;
  }

  /** A jar that is there already. */
  public PluginFolder copy(String plugin, Path jar) throws IOException {
    Files.createDirectories(folder.resolve(plugin));
    Files.copy(jar, folder.resolve(plugin).resolve(jar.getFileName()));
    return this;
  }

  /** Any bytes as a file of a plug-in. */
  public PluginFolder file(String plugin, String name, byte[] content) throws IOException {
    Files.createDirectories(folder.resolve(plugin));
    Files.write(folder.resolve(plugin).resolve(name), content);
    return this;
  }

  /**
   * A plug-in of one jar.
   *
   * @param services classes that it names
   * @param missing simple names of classes that are left out of the jar
   * @param sources each of a public class or interface, in a package
   */
  public PluginFolder jar(
      String plugin, List<String> services, List<String> missing, String... sources)
      throws IOException {
    Path work = Files.createTempDirectory("plug-in-");
    Path classes = Files.createDirectories(work.resolve("classes"));
    List<String> arguments =
        new ArrayList<>(
            List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path")));
    for (int i = 0; i < sources.length; i++) {
      Path source = work.resolve(i + "/" + simpleName(sources[i]) + ".java");
      Files.createDirectories(source.getParent());
      Files.writeString(source, sources[i]);
      arguments.add(source.toString());
    }
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    if (code != 0) {
      throw new AssertionError("javac: " + code);
    }
    Path jar = Files.createDirectories(folder.resolve(plugin)).resolve(plugin + ".jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      if (!services.isEmpty()) {
        entry(out, SERVICE, String.join("\n", services).getBytes(UTF_8));
      }
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = classes.relativize(file).toString();
        if (missing.stream().noneMatch(left -> name.endsWith("/" + left + ".class"))) {
          entry(out, name, Files.readAllBytes(file));
        }
      }
    }
    return this;
  }

  private static String simpleName(String source) {
    var name = java.util.regex.Pattern.compile("(?:class|interface|record) (\\w+)").matcher(source);
    if (!name.find()) {
      throw new IllegalArgumentException(source);
    }
    return name.group(1);
  }

  private static void entry(JarOutputStream out, String name, byte[] content) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(content);
    out.closeEntry();
  }
}
