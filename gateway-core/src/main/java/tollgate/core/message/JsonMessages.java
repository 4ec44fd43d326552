package tollgate.core.message;

import io.netty.buffer.ByteBuf;
import tollgate.core.media.MediaType;
import tollgate.core.message.json.DuplicateNames;
import tollgate.core.message.json.JsonParser;
import tollgate.core.message.json.JsonWriter;

/** {@code application/json} and {@code +json}. Any thread. */
public final class JsonMessages implements MessageBuilder, MessageFormatter {
  private final DuplicateNames duplicates;

  public JsonMessages(DuplicateNames duplicates) {
    this.duplicates = duplicates;
  }

  @Override
  public Payload build(ByteBuf body, MediaType type, PayloadLimits limits) {
    return Payload.of(JsonParser.parse(BodyText.ofJson(body, type, limits), limits, duplicates));
  }

  @Override
  public void format(Payload payload, MediaType type, ByteBuf out) {
    JsonWriter.write(payload.json(), out);
  }

  @Override
  public MediaType type(Payload payload) {
    return MediaType.JSON; // RFC 8259 11: UTF-8 always, and no charset parameter
  }
}
