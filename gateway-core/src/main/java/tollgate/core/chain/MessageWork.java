package tollgate.core.chain;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.coding.ContentDecoder;
import tollgate.core.coding.DecodeLimits;
import tollgate.core.coding.Decoding;
import tollgate.core.fault.Fault;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.Message;
import tollgate.core.handler.Side;
import tollgate.core.http.EntityTag;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.media.MediaType;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MessageBuilder;
import tollgate.core.message.MessageFormatter;

/**
 * Bytes to a message and back, with the fields that say what the bytes are. Any thread but where a
 * method says other.
 */
final class MessageWork {
  /** Larger bodies are built elsewhere than on the event loop: they take a millisecond and more. */
  private static final int LOOP_BYTES = 64 * 1024;

  /** What a body says of itself that is not true of another one. */
  private static final List<FieldName> OF_THE_BYTES =
      List.of(
          FieldName.CONTENT_ENCODING,
          FieldName.of("Content-MD5"),
          FieldName.of("Content-Digest"),
          FieldName.of("Digest"));

  private static final int PARTIAL = 206;

  private MessageWork() {}

  /** What is to be built, by whom. */
  record Job(MediaType type, MessageBuilder builder, List<Decoding> codings, MessageRules rules) {
    /** Whether an event loop may do it; who knows what a coded body becomes. */
    boolean isShort(ByteBuf bytes) {
      return codings.isEmpty() && bytes.readableBytes() <= LOOP_BYTES;
    }

    /**
     * @throws MalformedPayloadException for a body that is not of its type
     */
    Message build(ByteBuf bytes) {
      if (codings.isEmpty()) {
        return buildPlain(bytes);
      }
      ByteBuf plain = decoded(bytes);
      try {
        return plain.isReadable() ? buildPlain(plain) : new Message(type, null, 0);
      } finally {
        plain.release();
      }
    }

    private ByteBuf decoded(ByteBuf bytes) {
      ByteBuf plain = bytes.alloc().heapBuffer();
      try (ContentDecoder decoder =
          ContentDecoder.create(
              codings,
              DecodeLimits.of(rules.limits().bytes()),
              piece -> {
                plain.writeBytes(piece, piece.readerIndex(), piece.readableBytes());
                return true;
              },
              bytes.alloc())) {
        if (!decoder.decode(bytes) || !decoder.end()) {
          throw new MalformedPayloadException(
              decoder.failure() == ContentDecoder.Failure.MALFORMED
                  ? MalformedPayloadException.Kind.MALFORMED
                  : MalformedPayloadException.Kind.TOO_COMPLEX,
              "its Content-Encoding " + decoder.reason());
        }
        return plain;
      } catch (RuntimeException | LinkageError e) {
        plain.release();
        throw e;
      }
    }

    private Message buildPlain(ByteBuf bytes) {
      return new Message(type, builder.build(bytes, type, rules.limits()), bytes.readableBytes());
    }
  }

  /** Why a message cannot be built before anything of its body is read, or {@code job}. */
  record Prospect(@Nullable Job job, @Nullable Fault refusal) {}

  /**
   * @param status of a response; 0 for a request
   */
  static Prospect prospect(Fields fields, int status, MessageRules rules) {
    Side side = status == 0 ? Side.REQUEST : Side.RESPONSE;
    if (status == PARTIAL) {
      return refused(side, "a part of a body cannot be read by itself");
    }
    List<String> types = fields.all(FieldName.CONTENT_TYPE);
    if (types.size() != 1) {
      return refused(side, types.isEmpty() ? "it has no Content-Type" : "it has two Content-Types");
    }
    List<Decoding> codings = Decoding.parse(fields.all(FieldName.CONTENT_ENCODING));
    if (codings == null) {
      return refused(
          side,
          FaultCode.UNSUPPORTED_CODING,
          "its content coding is none of " + Decoding.TOKENS + ", or there are more than two");
    }
    MediaType type = MediaType.parse(types.getFirst());
    if (type == null) {
      return refused(side, "its Content-Type is malformed");
    }
    MessageBuilder builder = rules.formats().builder(type);
    if (builder == null) {
      return refused(side, "its Content-Type is none that is read here");
    }
    return new Prospect(new Job(type, builder, codings, rules), null);
  }

  private static Prospect refused(Side side, String why) {
    return refused(side, FaultCode.UNSUPPORTED_MEDIA_TYPE, why);
  }

  private static Prospect refused(Side side, FaultCode ofRequest, String why) {
    return new Prospect(
        null,
        side == Side.REQUEST
            ? Fault.of(ofRequest, "The request body cannot be read: " + why + ".")
            : Fault.of(
                FaultCode.UPSTREAM_PAYLOAD, "The backend's answer cannot be read: " + why + "."));
  }

  /** Whose mistake a body is that is not what it says, told with the place. */
  static Fault refusal(MalformedPayloadException malformed, Side side) {
    if (side == Side.RESPONSE) {
      return Fault.of(
          FaultCode.UPSTREAM_PAYLOAD,
          "The backend's answer cannot be read.",
          malformed.getMessage());
    }
    FaultCode code =
        switch (malformed.kind()) {
          case MALFORMED -> FaultCode.MALFORMED_PAYLOAD;
          case TOO_COMPLEX -> FaultCode.PAYLOAD_TOO_COMPLEX;
          case UNSUPPORTED -> FaultCode.UNSUPPORTED_MEDIA_TYPE;
        };
    return Fault.of(code, "The request body cannot be read: " + malformed.getMessage() + ".");
  }

  /** Whether an event loop may write it. */
  static boolean isShort(Message message) {
    return message.bytes() <= LOOP_BYTES;
  }

  /**
   * Writes a changed message.
   *
   * @throws MalformedPayloadException for a payload that its type cannot say
   */
  static ByteBuf write(Message message, MessageRules rules, ByteBufAllocator allocator) {
    if (message.payload() == null) {
      return Unpooled.EMPTY_BUFFER;
    }
    MediaType type = requireNonNull(message.type(), "a changed message has a type");
    MessageFormatter formatter = rules.formats().formatter(type);
    if (formatter == null) {
      throw new MalformedPayloadException(
          MalformedPayloadException.Kind.UNSUPPORTED, "nothing writes " + type.essence());
    }
    ByteBuf out = allocator.buffer();
    try {
      formatter.format(requireNonNull(message.payload(), "payload"), type, out);
    } catch (RuntimeException | LinkageError e) {
      out.release();
      throw e;
    }
    return out;
  }

  /** Makes the fields true of a changed message. Event loop only. */
  static void describe(Message message, Fields fields) {
    OF_THE_BYTES.forEach(fields::remove);
    if (message.payload() == null) {
      fields.remove(FieldName.CONTENT_TYPE);
      return;
    }
    fields.set(FieldName.CONTENT_TYPE, requireNonNull(message.type()).toString());
    EntityTag.weaken(fields);
  }
}
