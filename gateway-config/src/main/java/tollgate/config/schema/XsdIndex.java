package tollgate.config.schema;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import tollgate.config.text.Location;
import tollgate.config.text.Quoted;
import tollgate.config.text.TextProblem;

/**
 * A schema of XML Schema and all that it includes, imports or redefines. One thread, used once;
 * blocks on files.
 *
 * <p>A location leads to a file of the configuration folder, relative to the file it stands in;
 * anything else would have to be fetched, and is a problem.
 */
public final class XsdIndex {
  private static final String XSD = "http://www.w3.org/2001/XMLSchema";
  private static final int MAX_PROBLEMS = 100;

  private final SchemaFolder folder;
  private final Deque<SchemaFile> pending = new ArrayDeque<>();
  private final Set<Path> seen = new HashSet<>();
  private final List<TextProblem> problems = new ArrayList<>();

  private final List<Pattern> patterns = new ArrayList<>();

  /** A regular expression, and where it stands. */
  public record Pattern(Location location, String source) {}

  private XsdIndex(SchemaFolder folder) {
    this.folder = folder;
  }

  /**
   * Reads a schema.
   *
   * @throws IOException with the reason in words if the file itself cannot be read
   */
  public static XsdIndex readBlocking(SchemaFolder folder, Path file) throws IOException {
    XsdIndex index = new XsdIndex(folder);
    index.seen.add(file);
    index.pending.add(folder.bytesBlocking(file));
    while (!index.pending.isEmpty() && index.problems.size() < MAX_PROBLEMS) {
      index.look(index.pending.poll());
    }
    return index;
  }

  /** What is wrong; the schema is of no use then. */
  public List<TextProblem> problems() {
    return problems;
  }

  /** All regular expressions, in the order they were come upon. */
  public List<Pattern> patterns() {
    return patterns;
  }

  private void look(SchemaFile file) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setXMLResolver((_, _, _, _) -> {
      throw new XMLStreamException("nothing is fetched");
    });
    try {
      XMLStreamReader reader =
          factory.createXMLStreamReader(new ByteArrayInputStream(file.bytes()));
      while (reader.hasNext()) {
        switch (reader.next()) {
          case XMLStreamConstants.START_ELEMENT -> element(reader, file);
          case XMLStreamConstants.DTD ->
              problem(file, reader.getLocation(), "a document type is refused");
          default -> {}
        }
      }
    } catch (XMLStreamException e) {
      String message =
          String.valueOf(e.getMessage()).replaceAll("(?s)^ParseError at .*Message: ", "");
      problem(file, e.getLocation(), "XML syntax: " + message.replaceAll("\\s+", " "));
    }
  }

  private void element(XMLStreamReader reader, SchemaFile file) {
    boolean isSchema = XSD.equals(reader.getNamespaceURI());
    if (isSchema && reader.getLocalName().equals("pattern")) {
      String source = reader.getAttributeValue("", "value");
      if (source != null) {
        patterns.add(new Pattern(location(file, reader.getLocation()), source));
      }
    }
    if (isSchema
        && switch (reader.getLocalName()) {
          case "include", "import", "redefine" -> true;
          default -> false;
        }) {
      String location = reader.getAttributeValue("", "schemaLocation");
      if (location != null) {
        followBlocking(location, file, reader.getLocation());
      }
    }
  }

  private void followBlocking(String location, SchemaFile from, javax.xml.stream.Location place) {
    String iri = Iri.resolve(from.iri(), location);
    Path path = iri == null ? null : folder.path(iri);
    if (path == null) {
      problem(
          from,
          place,
          Quoted.of(location)
              + (iri != null && iri.startsWith(SchemaFolder.SCHEME + ":")
                  ? " lies outside the configuration folder"
                  : " would have to be fetched, which is never done")
              + " (expected: a file in the configuration folder)");
      return;
    }
    if (seen.add(path)) {
      try {
        pending.add(folder.bytesBlocking(path));
      } catch (IOException e) {
        problem(from, place, Quoted.of(location) + " cannot be read: " + e.getMessage());
      }
    }
  }

  private void problem(SchemaFile file, javax.xml.stream.@Nullable Location place, String message) {
    problems.add(new TextProblem(location(file, place), "", message));
  }

  private static Location location(SchemaFile file, javax.xml.stream.@Nullable Location place) {
    return place == null || place.getLineNumber() < 1
        ? file.place()
        : new Location(file.label(), place.getLineNumber(), Math.max(1, place.getColumnNumber()));
  }
}
