package tollgate.core.message;

import io.netty.buffer.ByteBuf;
import tollgate.core.media.MediaType;

/**
 * Makes a payload of the bytes of one family of media types. Any thread; keeps no state of a
 * message.
 */
public interface MessageBuilder {
  /**
   * The payload of a whole body.
   *
   * @param body not empty (empty in is empty out, without a payload); any kind of buffer, borrowed,
   *     left unread
   * @param type as the message gives it, with its parameters
   * @throws MalformedPayloadException for what is no text of this family, or beyond a limit
   */
  Payload build(ByteBuf body, MediaType type, PayloadLimits limits);
}
