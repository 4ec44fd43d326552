package tollgate.core.message.multipart;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tollgate.core.media.MediaCharset;
import tollgate.core.media.MediaType;
import tollgate.core.message.JsonXml;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.PayloadContent;
import tollgate.core.message.PayloadLimits;
import tollgate.core.message.json.JsonComposer;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.xml.XmlDocument;
import tollgate.core.message.xml.XmlParser;

/**
 * A multipart body: the bytes it came in, and the parts found in them. It is written as those
 * bytes; a change replaces bytes of one part and leaves all others where they are. Immutable.
 */
public final class MultipartBody implements PayloadContent {
  private final byte[] bytes;
  private final MediaType type;
  private final PayloadLimits limits;
  private final List<Part> parts;

  private MultipartBody(byte[] bytes, MediaType type, PayloadLimits limits, List<Part> parts) {
    this.bytes = bytes;
    this.type = type;
    this.limits = limits;
    this.parts = parts;
  }

  /**
   * The body in those bytes.
   *
   * @param bytes kept; nobody may write to them any more
   * @param type with its boundary
   * @throws MalformedPayloadException for what is none, or is beyond a limit
   */
  public static MultipartBody parse(byte[] bytes, MediaType type, PayloadLimits limits) {
    requireNonNull(bytes, "bytes");
    if (bytes.length > limits.bytes()) {
      throw new MalformedPayloadException(
          Kind.TOO_COMPLEX, "more than " + limits.bytes() + " bytes");
    }
    List<Part> parts = new MultipartParser(bytes, type, limits).parts();
    MultipartBody body = new MultipartBody(bytes, type, limits, parts);
    body.checkCharsetField();
    return body;
  }

  /** The type it came as, with its boundary. */
  public MediaType type() {
    return type;
  }

  /** The parts in their order. */
  public List<Part> parts() {
    return parts;
  }

  /**
   * The part that the others belong to (RFC 2387): the one whose Content-ID the type's start
   * parameter names, else the first; null if there is none.
   */
  public @Nullable Part root() {
    String start = type.parameter("start");
    if (start == null) {
      return parts.isEmpty() ? null : parts.getFirst();
    }
    String id =
        start.startsWith("<") && start.endsWith(">")
            ? start.substring(1, start.length() - 1)
            : start;
    for (Part part : parts) {
      if (id.equals(part.contentId())) {
        return part;
      }
    }
    return null;
  }

  /** Appends the body byte for byte. */
  public void write(ByteBuf out) {
    out.writeBytes(bytes);
  }

  /**
   * This body with other content in one of its parts.
   *
   * @throws MalformedPayloadException if the content holds the boundary
   */
  public MultipartBody with(Part part, byte[] content) {
    if (!parts.contains(part)) {
      throw new IllegalArgumentException("a part of another body");
    }
    int start = part.start();
    byte[] changed = new byte[bytes.length - part.size() + content.length];
    System.arraycopy(bytes, 0, changed, 0, start);
    System.arraycopy(content, 0, changed, start, content.length);
    int rest = bytes.length - part.end();
    System.arraycopy(bytes, part.end(), changed, start + content.length, rest);
    MultipartBody made = parse(changed, type, limits);
    if (made.parts.size() != parts.size()) {
      throw new MalformedPayloadException(Kind.MALFORMED, "multipart: content with the boundary");
    }
    return made;
  }

  /**
   * Of a form an object: a string for a field, {@code {"filename", "contentType", "size"}} for a
   * file or for what is no text, an array of them for a name that is there more than once. Of other
   * bodies the root part as JSON if it is XML, else an array of what the parts are.
   */
  @Override
  public JsonDocument json() {
    if (MultipartParser.isForm(type)) {
      return form();
    }
    Part root = root();
    if (root != null && isXml(root)) {
      return JsonXml.toJson(document(root), JsonXml.Shape.EXACT);
    }
    JsonComposer json = new JsonComposer(64 + 64 * parts.size());
    json.beginArray();
    parts.forEach(part -> describe(part, json));
    return json.end().finish();
  }

  /** The root part if it is XML, as in SOAP with attachments and MTOM; else made of the JSON. */
  @Override
  public XmlDocument xml(JsonXml.Shape shape) {
    Part root = MultipartParser.isForm(type) ? null : root();
    return root != null && isXml(root) ? document(root) : JsonXml.toXml(json(), shape);
  }

  private JsonDocument form() {
    Map<String, List<Part>> fields = new LinkedHashMap<>();
    for (Part part : parts) {
      fields
          .computeIfAbsent(requireNonNull(part.name(), "name"), _ -> new ArrayList<>(1))
          .add(part);
    }
    JsonComposer json = new JsonComposer(256);
    json.beginObject();
    fields.forEach((name, named) -> {
      json.name(name);
      if (named.size() == 1) {
        field(named.getFirst(), json);
      } else {
        json.beginArray();
        named.forEach(part -> field(part, json));
        json.end();
      }
    });
    return json.end().finish();
  }

  private static void field(Part part, JsonComposer json) {
    String text = part.filename() == null ? text(part) : null;
    if (text == null) {
      describe(part, json);
    } else {
      json.string(text);
    }
  }

  private static void describe(Part part, JsonComposer json) {
    json.beginObject();
    if (part.filename() != null) {
      json.name("filename").string(part.filename());
    }
    MediaType contentType = part.contentType();
    if (contentType != null) {
      json.name("contentType").string(contentType.toString());
    }
    String id = part.contentId();
    if (id != null) {
      json.name("contentId").string(id);
    }
    json.name("size").number(part.size()).end();
  }

  /** The content as text; null if it is none. */
  private static @Nullable String text(Part part) {
    MediaType contentType = part.contentType();
    String label = contentType == null ? null : contentType.parameter("charset");
    Charset charset = label == null ? StandardCharsets.UTF_8 : MediaCharset.named(label);
    if (charset == null) {
      throw new MalformedPayloadException(
          Kind.UNSUPPORTED, "multipart: a charset that is not supported");
    }
    ByteBuf content = part.content();
    return ByteBufUtil.isText(content, charset) ? content.toString(charset) : null;
  }

  /** RFC 7578 4.6: a field that says which charset the others are in. */
  private void checkCharsetField() {
    for (Part part : parts) {
      if ("_charset_".equals(part.name())
          && !part.content().toString(StandardCharsets.UTF_8).equalsIgnoreCase("utf-8")) {
        throw new MalformedPayloadException(
            Kind.UNSUPPORTED, "multipart: a form in another charset than UTF-8");
      }
    }
  }

  private static boolean isXml(Part part) {
    MediaType contentType = part.contentType();
    if (contentType == null) {
      return false;
    }
    String subtype = contentType.subtype().toLowerCase(Locale.ROOT);
    return subtype.equals("xml") || subtype.endsWith("+xml");
  }

  private XmlDocument document(Part root) {
    String encoding = root.field("content-transfer-encoding");
    if (encoding != null
        && (encoding.equalsIgnoreCase("base64") || encoding.equalsIgnoreCase("quoted-printable"))) {
      throw new MalformedPayloadException(
          Kind.UNSUPPORTED, "multipart: a root part in a transfer encoding");
    }
    MediaType contentType = root.contentType();
    return XmlParser.parse(
        ByteBufUtil.getBytes(root.content()),
        contentType == null ? null : contentType.parameter("charset"),
        limits);
  }
}
