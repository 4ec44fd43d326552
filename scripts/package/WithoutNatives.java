import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;

/**
 * Takes the native parts of all platforms out of a jar, and puts that of one beside it. What stays keeps its order and times, so that
 * the same jar gives the same jar.
 *
 * <pre>java WithoutNatives.java JAR ENTRY FOLDER     ENTRY, such as linux/amd64/libx.so, goes to FOLDER/libx.so</pre>
 */
public final class WithoutNatives {
  private static final Pattern NATIVE = Pattern.compile("(?:aix|darwin|freebsd|linux|win)/.*");

  private WithoutNatives() {}

  public static void main(String[] arguments) throws IOException {
    Path jar = Path.of(arguments[0]);
    Path entry = Path.of(arguments[1]);
    Path small = jar.resolveSibling(jar.getFileName() + ".small");
    try (JarFile from = new JarFile(jar.toFile());
        OutputStream out = Files.newOutputStream(small);
        JarOutputStream to = new JarOutputStream(out)) {
      try (var wanted = from.getInputStream(required(from, arguments[1]))) {
        Files.copy(wanted, Path.of(arguments[2]).resolve(entry.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
      for (JarEntry each : Collections.list(from.entries())) {
        if (!NATIVE.matcher(each.getName()).matches()) {
          JarEntry same = new JarEntry(each.getName());
          same.setTime(each.getTime());
          to.putNextEntry(same);
          from.getInputStream(each).transferTo(to);
          to.closeEntry();
        }
      }
    }
    Files.move(small, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static JarEntry required(JarFile jar, String name) throws IOException {
    JarEntry entry = jar.getJarEntry(name);
    if (entry == null) {
      throw new IOException(jar.getName() + " has no " + name);
    }
    return entry;
  }
}
