package tollgate.handlers.validate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.ValidatorHandler;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.ls.LSInput;
import org.w3c.dom.ls.LSResourceResolver;
import org.xml.sax.Attributes;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;
import tollgate.config.read.Diagnostic;
import tollgate.config.schema.SchemaFile;
import tollgate.config.schema.SchemaFolder;
import tollgate.config.schema.XsdIndex;
import tollgate.config.text.Location;
import tollgate.config.text.Quoted;
import tollgate.core.message.xml.XmlDocument;

/**
 * A schema of XML Schema 1.0, compiled by the JDK's validator with secure processing. Immutable;
 * any thread. Nothing is fetched: not for the schema, and not for a message that names one.
 */
final class XsdSchema {
  private static final int MAX_PROBLEMS = 20;

  private final Schema schema;

  private XsdSchema(Schema schema) {
    this.schema = schema;
  }

  /** Compiles a file; null, and a problem, if it cannot be used. Blocks. */
  static @Nullable XsdSchema ofFileBlocking(
      SchemaFolder folder, Path path, List<Diagnostic> problems) {
    int before = problems.size();
    try {
      XsdIndex index = XsdIndex.readBlocking(folder, path);
      index
          .problems()
          .forEach(problem ->
              problems.add(
                  Diagnostic.error(problem.location(), problem.path(), problem.message())));
      checkPatterns(index, problems);
      return problems.size() > before ? null : compiledBlocking(folder, path, problems);
    } catch (IOException e) {
      problems.add(
          Diagnostic.error(
              Location.ofFile(folder.label(path)), "", "cannot be read: " + e.getMessage()));
      return null;
    }
  }

  /** The JDK's engine has no bound of its own. */
  private static void checkPatterns(XsdIndex index, List<Diagnostic> problems) {
    Map<String, Optional<String>> known = new HashMap<>();
    for (XsdIndex.Pattern pattern : index.patterns()) {
      known
          .computeIfAbsent(
              pattern.source(), source -> Optional.ofNullable(XsdPattern.problem(source)))
          .ifPresent(problem ->
              problems.add(
                  Diagnostic.error(
                      pattern.location(), "", Quoted.of(pattern.source()) + " " + problem)));
    }
  }

  private static @Nullable XsdSchema compiledBlocking(
      SchemaFolder folder, Path path, List<Diagnostic> problems) throws IOException {
    SchemaFile file = folder.bytesBlocking(path);
    Problems found = new Problems(folder, file, problems);
    try {
      SchemaFactory factory = SchemaFactory.newDefaultInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, SchemaFolder.SCHEME);
      factory.setResourceResolver(new FolderResolver(folder));
      factory.setErrorHandler(found);
      Schema schema =
          factory.newSchema(new StreamSource(new ByteArrayInputStream(file.bytes()), file.iri()));
      return found.count > 0 ? null : new XsdSchema(schema);
    } catch (SAXParseException e) {
      found.add(e);
      return null;
    } catch (SAXException e) {
      problems.add(Diagnostic.error(file.place(), "", "cannot be used: " + oneLine(e)));
      return null;
    }
  }

  /**
   * Adds what is wrong with a message.
   *
   * @param mayBeFault whether a SOAP fault is good whatever the schema says
   */
  void check(XmlDocument document, boolean mayBeFault, Violations into) {
    ValidatorHandler handler = schema.newValidatorHandler();
    Tracker tracker = new Tracker(handler, mayBeFault, into);
    try {
      handler.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
      handler.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      handler.setResourceResolver((_, _, _, _, _) -> {
        throw new IllegalStateException("nothing is fetched");
      });
      handler.setErrorHandler(tracker);
      document.emit(tracker);
    } catch (SAXException | IllegalStateException | StackOverflowError _) {
      into.addAtPath(tracker.place(), "cannot be compared with the schema");
    }
  }

  private static String oneLine(Exception e) {
    return String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
  }

  /** What is wrong with the schema itself. */
  private static final class Problems implements ErrorHandler {
    private final SchemaFolder folder;
    private final SchemaFile file;
    private final List<Diagnostic> problems;
    int count;

    Problems(SchemaFolder folder, SchemaFile file, List<Diagnostic> problems) {
      this.folder = folder;
      this.file = file;
      this.problems = problems;
    }

    @Override
    public void warning(SAXParseException e) {}

    @Override
    public void error(SAXParseException e) {
      add(e);
    }

    @Override
    public void fatalError(SAXParseException e) {
      add(e);
    }

    void add(SAXParseException e) {
      if (count++ < MAX_PROBLEMS) {
        Path path = e.getSystemId() == null ? null : folder.path(e.getSystemId());
        String label = path == null ? file.label() : folder.label(path);
        Location place =
            e.getLineNumber() < 1
                ? Location.ofFile(label)
                : new Location(label, e.getLineNumber(), Math.max(1, e.getColumnNumber()));
        problems.add(Diagnostic.error(place, "", "is no good XML Schema: " + oneLine(e)));
      }
    }
  }

  /** Gives the files of the folder and nothing else. */
  private record FolderResolver(SchemaFolder folder) implements LSResourceResolver {
    @Override
    public @Nullable LSInput resolveResource(
        String type,
        @Nullable String namespace,
        @Nullable String publicId,
        @Nullable String systemId,
        @Nullable String base) {
      if (systemId == null || base == null) {
        return null;
      }
      String iri = URI.create(base).resolve(systemId).toString();
      Path path = folder.path(iri);
      try {
        return path == null
            ? new FileInput(iri, new byte[0])
            : new FileInput(iri, folder.bytesBlocking(path).bytes());
      } catch (IOException _) {
        return new FileInput(iri, new byte[0]); // the index has said so
      }
    }
  }

  /**
   * Passes events on, and knows where they stand. Of a SOAP envelope the validator sees the content
   * of the body, each element of it as a document: that is what schemas describe.
   */
  private static final class Tracker extends DefaultHandler {
    private static final Set<String> SOAP =
        Set.of(
            "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope");

    /** Envelope, Body, and an element in it. */
    private static final int PART_DEPTH = 3;

    private final ValidatorHandler next;
    private final boolean mayBeFault;
    private final Violations violations;
    private final Deque<String> path = new ArrayDeque<>();
    private final Deque<Map<String, Integer>> counts = new ArrayDeque<>();

    /** Prefixes and namespaces in scope, by turns. */
    private final List<String> mappings = new ArrayList<>();

    private boolean isSoap;
    private boolean isBody;
    private boolean isPassing;
    private boolean hasPassed;

    Tracker(ValidatorHandler next, boolean mayBeFault, Violations violations) {
      this.next = next;
      this.mayBeFault = mayBeFault;
      this.violations = violations;
      counts.push(new HashMap<>());
    }

    String place() {
      StringBuilder text = new StringBuilder();
      path.descendingIterator().forEachRemaining(step -> text.append('/').append(step));
      return text.isEmpty() ? "/" : text.toString();
    }

    @Override
    public void endDocument() {
      if (!hasPassed) {
        violations.addAtPath("/", "has no content in its SOAP body");
      }
    }

    @Override
    public void startPrefixMapping(String prefix, String uri) throws SAXException {
      mappings.add(prefix);
      mappings.add(uri);
      if (isPassing) {
        next.startPrefixMapping(prefix, uri);
      }
    }

    @Override
    public void endPrefixMapping(String prefix) throws SAXException {
      int last = mappings.size();
      do {
        last -= 2;
      } while (last > 0 && !mappings.get(last).equals(prefix));
      if (last >= 0) {
        mappings.subList(last, last + 2).clear();
      }
      if (isPassing) {
        next.endPrefixMapping(prefix);
      }
    }

    @Override
    public void startElement(String uri, String localName, String name, Attributes attributes)
        throws SAXException {
      int position = counts.element().merge(name, 1, Integer::sum);
      path.push(name + "[" + position + "]");
      counts.push(new HashMap<>(4));
      boolean isOfSoap = SOAP.contains(uri);
      switch (path.size()) {
        case 1 -> {
          isSoap = isOfSoap && localName.equals("Envelope");
          if (!isSoap) {
            begin();
          }
        }
        case 2 -> isBody = isSoap && isOfSoap && localName.equals("Body");
        case PART_DEPTH -> {
          boolean isFault = mayBeFault && isOfSoap && localName.equals("Fault");
          hasPassed |= isBody && isFault;
          if (isBody && !isFault) {
            begin();
          }
        }
        default -> {}
      }
      if (isPassing) {
        next.startElement(uri, localName, name, attributes);
      }
    }

    private void begin() throws SAXException {
      isPassing = true;
      hasPassed = true;
      next.startDocument();
      for (int i = 0; i < mappings.size(); i += 2) {
        next.startPrefixMapping(mappings.get(i), mappings.get(i + 1));
      }
    }

    @Override
    public void endElement(String uri, String localName, String name) throws SAXException {
      if (isPassing) {
        next.endElement(uri, localName, name);
        if (path.size() == (isSoap ? PART_DEPTH : 1)) {
          next.endDocument();
          isPassing = false;
        }
      }
      path.pop();
      counts.pop();
    }

    @Override
    public void characters(char[] text, int start, int length) throws SAXException {
      if (isPassing) {
        next.characters(text, start, length);
      }
    }

    @Override
    public void warning(SAXParseException e) {}

    @Override
    public void error(SAXParseException e) {
      violations.addAtPath(place(), XsdMessages.of(String.valueOf(e.getMessage())));
    }

    @Override
    public void fatalError(SAXParseException e) {
      error(e);
    }
  }
}
