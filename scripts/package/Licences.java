import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Writes what the package holds of others and under which licence, from the bill of materials, and the licence and notice files of
 * the jars. Ends with an error if a component states no licence.
 *
 * <pre>java Licences.java SBOM.xml LIB-FOLDER OUTPUT-FOLDER</pre>
 */
public final class Licences {
  private static final Pattern TEXT = Pattern.compile("META-INF/(license/)?[^/]*(LICENSE|NOTICE|license|notice)[^/]*");

  private Licences() {}

  public static void main(String[] arguments) throws Exception {
    Path out = Path.of(arguments[2]);
    Files.createDirectories(out);
    Files.writeString(out.resolve("README.txt"), table(Path.of(arguments[0])));
    try (var jars = Files.list(Path.of(arguments[1]))) {
      for (Path jar : jars.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
        if (!jar.getFileName().toString().startsWith("gateway-")) {
          extract(jar, out);
        }
      }
    }
  }

  private static String table(Path sbom) throws Exception {
    NodeList components =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(sbom.toFile()).getElementsByTagName("component");
    TreeSet<String> lines = new TreeSet<>();
    for (int i = 0; i < components.getLength(); i++) {
      Element component = (Element) components.item(i);
      boolean isHeld = component.getParentNode().getParentNode().getNodeName().equals("bom"); // the others are its tools
      if (!isHeld || text(component, "group").equals("io.tollgate")) {
        continue;
      }
      List<String> licences = new ArrayList<>();
      for (String tag : List.of("id", "name", "expression")) {
        NodeList found = component.getElementsByTagName(tag);
        for (int j = 0; j < found.getLength(); j++) {
          if (!found.item(j).getParentNode().equals(component)) {
            licences.add(found.item(j).getTextContent().strip());
          }
        }
      }
      String name = text(component, "group") + ":" + text(component, "name") + ":" + text(component, "version");
      if (licences.isEmpty()) {
        throw new IllegalStateException(name + " states no licence");
      }
      lines.add(name + "  " + String.join(" or ", new TreeSet<>(licences)));
    }
    return """
        What this package holds beside Tollgate itself, and under which licence. Texts and notices that came with the jars are in the
        folders beside this file, those of the Java runtime in runtime/legal.

        """
        + String.join("\n", lines)
        + "\nOpenJDK, as linked in runtime/  GPL-2.0 with Classpath-exception-2.0\n";
  }

  private static String text(Element component, String tag) {
    for (var child = component.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child.getNodeName().equals(tag)) {
        return child.getTextContent().strip();
      }
    }
    return "";
  }

  private static void extract(Path jar, Path out) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      for (JarEntry entry : file.stream().toList()) {
        if (!entry.isDirectory() && TEXT.matcher(entry.getName()).matches()) {
          Path folder = out.resolve(jar.getFileName().toString().replaceFirst("\\.jar$", ""));
          Files.createDirectories(folder);
          Files.write(folder.resolve(Path.of(entry.getName()).getFileName()), file.getInputStream(entry).readAllBytes());
        }
      }
    }
  }
}
