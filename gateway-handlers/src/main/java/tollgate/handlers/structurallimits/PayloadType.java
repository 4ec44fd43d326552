package tollgate.handlers.structurallimits;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.media.MediaType;

/**
 * What a Content-Type says of a payload. Immutable.
 *
 * @param charset as it is given; null if it is not
 */
record PayloadType(Kind kind, @Nullable String charset) {
  enum Kind {
    JSON,
    /** JSON texts, one a line. */
    LINES,
    XML,
    OTHER,
    NONE,
    /** Not to be read, or more than one. */
    UNREADABLE
  }

  private static final PayloadType PLAIN_JSON = new PayloadType(Kind.JSON, null);
  private static final PayloadType NO_TYPE = new PayloadType(Kind.NONE, null);
  private static final PayloadType UNREADABLE = new PayloadType(Kind.UNREADABLE, null);

  static PayloadType of(Fields fields) {
    String value = fields.first(FieldName.CONTENT_TYPE);
    if (value == null) {
      return NO_TYPE;
    }
    List<String> all = fields.all(FieldName.CONTENT_TYPE);
    if (all.size() > 1) {
      return UNREADABLE; // one reader takes the first, another the last
    }
    if (value.equals("application/json")) {
      return PLAIN_JSON;
    }
    MediaType type = MediaType.parse(value);
    return type == null ? UNREADABLE : new PayloadType(kind(type), type.parameter("charset"));
  }

  private static Kind kind(MediaType type) {
    String subtype = type.subtype();
    if (subtype.equals("grpc") || subtype.startsWith("grpc+") || subtype.startsWith("grpc-web")) {
      return Kind.OTHER; // frames, whatever stands in them
    }
    return switch (subtype) {
      case "json", "x-json" -> Kind.JSON;
      case "x-ndjson", "ndjson", "jsonl", "x-jsonl", "jsonlines", "x-jsonlines" -> Kind.LINES;
      case "xml", "x-xml", "xml-external-parsed-entity" -> Kind.XML;
      default -> {
        String suffix = type.suffix();
        yield suffix == null
            ? Kind.OTHER
            : suffix.equals("json") ? Kind.JSON : suffix.equals("xml") ? Kind.XML : Kind.OTHER;
      }
    };
  }
}
