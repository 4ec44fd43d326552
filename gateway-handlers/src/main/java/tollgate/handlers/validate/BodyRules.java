package tollgate.handlers.validate;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.media.MediaType;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MessageFormat;
import tollgate.core.message.MessageFormats;
import tollgate.core.message.Payload;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.typed.DocumentType;
import tollgate.core.message.typed.TypedForm;
import tollgate.core.message.typed.TypedJson;
import tools.jackson.databind.JsonNode;

/**
 * What a body is compared with. Immutable; any thread.
 *
 * @param isRequired whether there must be one
 * @param media what is declared, by media type; empty if nothing is, so that there may be none
 */
record BodyRules(boolean isRequired, List<Media> media) {
  /** Nothing may be there. */
  static final BodyRules NOTHING = new BodyRules(false, List.of());

  private static final String ANY = "*/*";

  BodyRules {
    media = List.copyOf(media);
  }

  /** What bodies of some media types must be. */
  sealed interface Content {
    /** Whatever it likes; it is not looked at. */
    enum Unread implements Content {
      UNREAD
    }

    /** A JSON value that a schema takes. */
    record Json(JsonChecker checker) implements Content {}

    /**
     * A form or an XML document that a schema takes once it is JSON.
     *
     * @param type what the schema says that texts are
     */
    record Typed(JsonChecker checker, DocumentType type, boolean isForm) implements Content {
      private JsonDocument json(Payload payload) {
        return isForm
            ? TypedForm.read(payload.json(), type.content())
            : TypedJson.read(payload.xml(), type);
      }
    }

    /**
     * An XML document that a schema takes.
     *
     * @param mayBeFault whether a SOAP fault is good, too
     */
    record Xml(XsdSchema schema, boolean mayBeFault) implements Content {}
  }

  /**
   * One declared media type, or a range of them.
   *
   * @param range such as {@code application/json}, {@code text/*} or {@code *}{@code /*}
   * @param isFamily whether any media type of the content's family is meant, whatever the range
   */
  record Media(String range, boolean isFamily, Content content) {
    private boolean takes(MediaType type) {
      return range.equals(ANY)
          || range.equals(type.essence())
          || (range.endsWith("/*")
              && type.essence().startsWith(range.substring(0, range.length() - 1)));
    }

    /** The more, the narrower. */
    private int narrowness() {
      return range.equals(ANY) ? 0 : range.endsWith("/*") ? 1 : 2;
    }
  }

  /** Any media type of JSON, each value of which must be as this schema says. */
  static BodyRules json(JsonChecker checker) {
    return new BodyRules(true, List.of(new Media(ANY, true, new Content.Json(checker))));
  }

  /** Any media type of XML; as {@link #json}. */
  static BodyRules xml(XsdSchema schema, boolean mayBeFault) {
    return new BodyRules(true, List.of(new Media(ANY, true, new Content.Xml(schema, mayBeFault))));
  }

  /**
   * What is declared for a media type; null if it is none of those declared. A schema of an OpenAPI
   * document says something of JSON, of forms and of XML: other types of a range are not looked at.
   */
  @Nullable Content find(MediaType type, MessageFormats formats) {
    Media found = narrowest(type, formats);
    if (found == null) {
      return null;
    }
    if (found.isFamily()) {
      return found.content();
    }
    boolean isRead =
        switch (found.content()) {
          case Content.Json _ -> isJson(type, formats);
          case Content.Typed typed -> isBuiltAs(typed.isForm(), type, formats);
          case Content.Unread _, Content.Xml _ -> true;
        };
    return isRead ? found.content() : Content.Unread.UNREAD;
  }

  private static boolean isBuiltAs(boolean isForm, MediaType type, MessageFormats formats) {
    MessageFormat format = formats.format(type);
    return format != null && format.name().equals(isForm ? "form" : "xml");
  }

  private static boolean isJson(MediaType type, MessageFormats formats) {
    MessageFormat format = formats.format(type);
    return format == null
        ? type.essence().equals(MediaType.JSON.essence()) || "json".equals(type.suffix())
        : format.name().equals("json");
  }

  private @Nullable Media narrowest(MediaType type, MessageFormats formats) {
    Media found = null;
    for (Media candidate : media) {
      boolean fits =
          candidate.takes(type) && (!candidate.isFamily() || isOfFamily(candidate, type, formats));
      if (fits && (found == null || candidate.narrowness() > found.narrowness())) {
        found = candidate;
      }
    }
    return found;
  }

  /** By the format the type is built in: a mapping may make JSON of any type. */
  private static boolean isOfFamily(Media media, MediaType type, MessageFormats formats) {
    MessageFormat format = formats.format(type);
    if (format == null) {
      return false;
    }
    return switch (media.content()) {
      case Content.Unread _ -> true;
      case Content.Json _ -> format.name().equals("json");
      case Content.Typed _ -> true;
      case Content.Xml _ -> format.name().equals("xml") || format.name().equals("soap");
    };
  }

  /** Adds what is wrong with a payload. */
  static void check(Content content, Payload payload, Violations into) {
    switch (content) {
      case Content.Unread _ -> {}
      case Content.Json json -> check(json.checker(), payload.json(), into);
      case Content.Typed typed -> {
        try {
          check(typed.checker(), typed.json(payload), into);
        } catch (MalformedPayloadException e) {
          into.add("", "is not of its types: " + e.getMessage());
        }
      }
      case Content.Xml xml -> xml.schema().check(payload.xml(), xml.mayBeFault(), into);
    }
  }

  private static void check(JsonChecker checker, JsonDocument json, Violations into) {
    JsonNode value = DocumentNodes.of(json, into);
    if (value != null) {
      checker.check(value, into);
    }
  }
}
