package tollgate.handlers.template;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tollgate.core.media.MediaType;
import tollgate.core.message.FormMessages;
import tollgate.core.message.MessageFormat;
import tollgate.core.message.MessageFormats;
import tollgate.core.message.Payload;
import tollgate.core.message.PayloadLimits;
import tollgate.core.message.json.DuplicateNames;
import tollgate.core.message.json.JsonComposer;
import tollgate.core.message.json.JsonParser;
import tollgate.core.message.xml.XmlParser;

/** What a template makes, and how values are written in it. */
enum Output {
  JSON,
  XML,
  FORM,
  TEXT;

  private static final MessageFormats FORMATS = MessageFormats.builtIn();

  /** By media type; null for one that no template is for. */
  static @Nullable Output of(MediaType type) {
    MessageFormat format = FORMATS.format(type);
    if (format == null) {
      return null;
    }
    return switch (format.name()) {
      case "json" -> JSON;
      case "xml", "soap" -> XML;
      case "form" -> FORM;
      case "text" -> TEXT;
      default -> null;
    };
  }

  /**
   * Looks whether what was made is of its type.
   *
   * @throws tollgate.core.message.MalformedPayloadException if it is not
   */
  static void check(MediaType type, String made) {
    Output output = of(type);
    if (output != null && !made.isEmpty()) {
      var _ = output.payload(made);
    }
  }

  /**
   * The payload of what was made.
   *
   * @throws tollgate.core.message.MalformedPayloadException if it is none
   */
  Payload payload(String made) {
    byte[] bytes = made.getBytes(StandardCharsets.UTF_8);
    return switch (this) {
      case JSON ->
          Payload.of(JsonParser.parse(bytes, PayloadLimits.DEFAULT, DuplicateNames.REFUSE));
      case XML -> Payload.of(XmlParser.parse(bytes, "utf-8", PayloadLimits.DEFAULT));
      case FORM ->
          new FormMessages()
              .build(Unpooled.wrappedBuffer(bytes), MediaType.FORM, PayloadLimits.DEFAULT);
      case TEXT -> Payload.of(new JsonComposer(bytes.length + 2).string(made).finish());
    };
  }
}
