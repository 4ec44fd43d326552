package tollgate.core.message;

import io.netty.buffer.ByteBuf;
import tollgate.core.media.MediaType;

/** Writes payloads as one family of media types. Any thread; keeps no state of a message. */
public interface MessageFormatter {
  /**
   * Appends the payload to {@code out}.
   *
   * @param type what the message will say its body is
   * @param out borrowed; grows
   * @throws MalformedPayloadException for a payload that this family cannot say
   */
  void format(Payload payload, MediaType type, ByteBuf out);

  /** What a message with this payload says its body is, where nobody asked for a certain type. */
  MediaType type(Payload payload);
}
