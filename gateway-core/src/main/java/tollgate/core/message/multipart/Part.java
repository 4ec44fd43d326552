package tollgate.core.message.multipart;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.media.MediaType;

/** One part of a multipart body: its header fields, and its content as a slice. Immutable. */
public final class Part {
  private final byte[] body;
  private final int start;
  private final int end;
  private final List<Field> fields;
  private final @Nullable MediaType contentType;
  private final @Nullable Disposition disposition;

  /**
   * A header field as it came.
   *
   * @param value without the blanks around it
   */
  public record Field(String name, String value) {}

  Part(
      byte[] body,
      int start,
      int end,
      List<Field> fields,
      @Nullable MediaType contentType,
      @Nullable Disposition disposition) {
    this.body = body;
    this.start = start;
    this.end = end;
    this.fields = List.copyOf(fields);
    this.contentType = contentType;
    this.disposition = disposition;
  }

  /** All header fields in their order. */
  public List<Field> fields() {
    return fields;
  }

  /** The value of the first field of that name, whatever its case; null for none. */
  public @Nullable String field(String name) {
    for (Field field : fields) {
      if (field.name.equalsIgnoreCase(name)) {
        return field.value;
      }
    }
    return null;
  }

  /** The name of the form field; null without one. */
  public @Nullable String name() {
    return disposition == null ? null : disposition.name();
  }

  /** The name of the file as it was sent, which may hold a path; null if the part is no file. */
  public @Nullable String filename() {
    return disposition == null ? null : disposition.filename();
  }

  /** Null if the part does not say. */
  public @Nullable MediaType contentType() {
    return contentType;
  }

  /** The Content-ID without its angle brackets; null without one. */
  public @Nullable String contentId() {
    String id = field("content-id");
    return id != null && id.startsWith("<") && id.endsWith(">")
        ? id.substring(1, id.length() - 1)
        : id;
  }

  /** How many bytes the content has. */
  public int size() {
    return end - start;
  }

  /** The content as it stands in the body, read-only; nothing to release. */
  public ByteBuf content() {
    return Unpooled.wrappedBuffer(body, start, end - start).asReadOnly();
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }
}
