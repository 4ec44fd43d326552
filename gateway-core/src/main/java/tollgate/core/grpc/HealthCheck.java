package tollgate.core.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The question {@code grpc.health.v1.Health/Check} and its answer: each one message with its
 * prefix, of which only one field is used. Any thread.
 */
public final class HealthCheck {
  public static final String PATH = "/grpc.health.v1.Health/Check";

  /** No answer is longer that says anything. */
  public static final int MAX_ANSWER_BYTES = 1024;

  private static final int PREFIX_BYTES = 5;
  private static final int SERVICE_TAG = (1 << 3) | 2;
  private static final int STATUS_FIELD = 1;
  private static final long SERVING = 1;
  private static final int MAX_VARINT_BYTES = 10;

  private HealthCheck() {}

  /**
   * @param service empty for the server as a whole
   */
  public static ByteBuf question(String service) {
    byte[] name = service.getBytes(UTF_8);
    ByteBuf message = Unpooled.buffer(PREFIX_BYTES + 6 + name.length);
    message.writeByte(0).writeInt(0);
    if (name.length > 0) {
      message.writeByte(SERVICE_TAG);
      int rest = name.length;
      for (; rest > 0x7f; rest >>>= 7) {
        message.writeByte((rest & 0x7f) | 0x80);
      }
      message.writeByte(rest).writeBytes(name);
    }
    return message.setInt(1, message.readableBytes() - PREFIX_BYTES);
  }

  /** Whether a whole answer is one message that says SERVING. */
  public static boolean isServing(ByteBuf answer) {
    ByteBuf in = answer.slice();
    if (in.readableBytes() < PREFIX_BYTES
        || in.readByte() != 0
        || in.readInt() != in.readableBytes()) {
      return false;
    }
    long status = 0;
    while (in.isReadable()) {
      long tag = varint(in);
      int field = (int) (tag >>> 3);
      if (tag < 0 || field == 0) {
        return false;
      }
      boolean isGood =
          switch ((int) tag & 7) {
            case 0 -> {
              long value = varint(in);
              status = field == STATUS_FIELD ? value : status;
              yield value >= 0;
            }
            case 1 -> skipped(in, 8);
            case 2 -> skipped(in, varint(in));
            case 5 -> skipped(in, 4);
            default -> false;
          };
      if (!isGood) {
        return false;
      }
    }
    return status == SERVING;
  }

  /** A negative number for one that is cut or too long, and for those that are. */
  private static long varint(ByteBuf in) {
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      if (!in.isReadable()) {
        return -1;
      }
      byte b = in.readByte();
      value |= (long) (b & 0x7f) << (7 * i);
      if (b >= 0) {
        return value;
      }
    }
    return -1;
  }

  private static boolean skipped(ByteBuf in, long length) {
    if (length < 0 || length > in.readableBytes()) {
      return false;
    }
    in.skipBytes((int) length);
    return true;
  }
}
