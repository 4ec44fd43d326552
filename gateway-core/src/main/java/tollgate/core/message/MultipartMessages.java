package tollgate.core.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import tollgate.core.media.MediaType;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.multipart.MultipartBody;

/**
 * {@code multipart/form-data} (RFC 7578) and {@code multipart/related} (RFC 2387), MTOM among them:
 * parts pass byte for byte. Any thread.
 */
public final class MultipartMessages implements MessageBuilder, MessageFormatter {
  public MultipartMessages() {}

  @Override
  public Payload build(ByteBuf body, MediaType type, PayloadLimits limits) {
    if (body.readableBytes() > limits.bytes()) {
      throw new MalformedPayloadException(
          Kind.TOO_COMPLEX, "more than " + limits.bytes() + " bytes");
    }
    return Payload.of(MultipartBody.parse(ByteBufUtil.getBytes(body), type, limits));
  }

  /** Writes a multipart payload as it came; nothing else is made into one. */
  @Override
  public void format(Payload payload, MediaType type, ByteBuf out) {
    MultipartBody body = payload.content(MultipartBody.class);
    String boundary = type.parameter("boundary");
    if (body == null || (boundary != null && !boundary.equals(body.type().parameter("boundary")))) {
      throw new MalformedPayloadException(
          Kind.UNSUPPORTED, "a payload that did not come as this multipart body");
    }
    body.write(out);
  }

  /** The type it came as, with its boundary. */
  @Override
  public MediaType type(Payload payload) {
    MultipartBody body = payload.content(MultipartBody.class);
    return body == null ? MediaType.MULTIPART_FORM : body.type();
  }
}
