package tollgate.core.message;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tollgate.core.media.MediaType;
import tollgate.core.message.json.DuplicateNames;

/**
 * Which format a media type is built and written by: what was mapped by hand, then the types of the
 * formats, then their suffixes. Anything else, and whatever was mapped to {@code binary}, has none:
 * its bytes pass as they came. Parameters and case play no part. Immutable.
 */
public final class MessageFormats {
  /** No format: everything passes as it came. */
  public static final MessageFormats NONE = of(List.of());

  /** The name, in mappings, of having no format. */
  public static final String BINARY = "binary";

  private final Map<String, MessageFormat> byName;
  private final Map<String, MessageFormat> byType;
  private final Map<String, MessageFormat> bySuffix;

  /** Types that pass unbuilt though a suffix would match. */
  private final Set<String> binary;

  private MessageFormats(
      Map<String, MessageFormat> byName,
      Map<String, MessageFormat> byType,
      Map<String, MessageFormat> bySuffix,
      Set<String> binary) {
    this.byName = byName;
    this.byType = byType;
    this.bySuffix = bySuffix;
    this.binary = binary;
  }

  /** Those that come with the gateway; they refuse JSON objects with a name twice. */
  public static MessageFormats builtIn() {
    return builtInAnd(List.of());
  }

  /**
   * As {@link #builtIn}, and others behind them: a media type that a built-in one serves is theirs
   * only where it is {@link #mapped}.
   *
   * @throws IllegalArgumentException where a name is there twice
   */
  public static MessageFormats builtInAnd(List<MessageFormat> further) {
    List<MessageFormat> formats = new ArrayList<>(builtInFormats());
    formats.addAll(further);
    return of(formats);
  }

  private static List<MessageFormat> builtInFormats() {
    JsonMessages json = new JsonMessages(DuplicateNames.REFUSE);
    NdjsonMessages ndjson = new NdjsonMessages(DuplicateNames.REFUSE);
    FormMessages form = new FormMessages();
    TextMessages text = new TextMessages();
    XmlMessages xml = new XmlMessages();
    SoapMessages soap = new SoapMessages();
    MultipartMessages multipart = new MultipartMessages();
    return List.of(
        new MessageFormat("json", List.of("application/json", "text/json"), "json", json, json),
        new MessageFormat(
            "ndjson",
            List.of("application/x-ndjson", "application/ndjson", "application/jsonl"),
            null,
            ndjson,
            ndjson),
        new MessageFormat("form", List.of("application/x-www-form-urlencoded"), null, form, form),
        new MessageFormat("text", List.of("text/plain"), null, text, text),
        new MessageFormat("xml", List.of("application/xml"), "xml", xml, xml),
        new MessageFormat("soap", List.of("application/soap+xml", "text/xml"), null, soap, soap),
        new MessageFormat(
            "multipart",
            List.of("multipart/form-data", "multipart/related"),
            null,
            multipart,
            multipart));
  }

  /** Those given, the earlier before the later where two serve the same type or suffix. */
  public static MessageFormats of(List<MessageFormat> formats) {
    Map<String, MessageFormat> byName = new LinkedHashMap<>();
    Map<String, MessageFormat> byType = new HashMap<>();
    Map<String, MessageFormat> bySuffix = new HashMap<>();
    for (MessageFormat format : formats) {
      if (format.name().equals(BINARY) || byName.putIfAbsent(format.name(), format) != null) {
        throw new IllegalArgumentException(format.name() + " (expected: a name of its own)");
      }
      for (String type : format.types()) {
        byType.putIfAbsent(type, format);
      }
      if (format.suffix() != null) {
        bySuffix.putIfAbsent(format.suffix(), format);
      }
    }
    return new MessageFormats(byName, byType, bySuffix, Set.of());
  }

  /**
   * These, with media types mapped to formats by name. What is mapped here wins.
   *
   * @param names by {@code type/subtype} in lower case
   * @throws IllegalArgumentException for a name that no format has
   */
  public MessageFormats mapped(Map<String, String> names) {
    Map<String, MessageFormat> types = new HashMap<>(byType);
    Set<String> passing = new TreeSet<>(binary);
    names.forEach((type, name) -> {
      MessageFormat format = byName.get(name);
      if (format != null) {
        types.put(type, format);
        passing.remove(type);
      } else if (name.equals(BINARY)) {
        types.remove(type);
        passing.add(type);
      } else {
        throw new IllegalArgumentException(name + " (expected: one of " + names() + ")");
      }
    });
    return new MessageFormats(byName, types, bySuffix, passing);
  }

  /** The format of a media type; null for one whose bodies pass as they came. */
  public @Nullable MessageFormat format(MediaType type) {
    MessageFormat format = byType.get(type.essence());
    if (format != null || binary.contains(type.essence())) {
      return format;
    }
    String suffix = type.suffix();
    return suffix == null ? null : bySuffix.get(suffix);
  }

  public @Nullable MessageBuilder builder(MediaType type) {
    MessageFormat format = format(type);
    return format == null ? null : format.builder();
  }

  public @Nullable MessageFormatter formatter(MediaType type) {
    MessageFormat format = format(type);
    return format == null ? null : format.formatter();
  }

  /** The format with that name, null if there is none or it is {@code binary}. */
  public @Nullable MessageFormat named(String name) {
    return byName.get(name);
  }

  /** The names that mappings may use. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>(byName.keySet());
    names.add(BINARY);
    return names;
  }
}
