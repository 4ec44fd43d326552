package tollgate.core.message.json;

import io.netty.buffer.ByteBuf;

/** Documents to bytes: every scalar and name as it was written. Any thread. */
public final class JsonWriter {
  private JsonWriter() {}

  /** Appends the whole as it came: with its blanks, without a byte order mark. */
  public static void write(JsonDocument json, ByteBuf out) {
    json.writeTo(out, JsonDocument.ROOT);
  }

  /** Appends a value without blanks. */
  public static void writeCompact(JsonDocument json, int node, ByteBuf out) {
    JsonComposer composer = new JsonComposer(json.end(node) - json.start(node));
    composer.copy(json, node);
    write(composer.finish(), out);
  }
}
