package tollgate.core.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What RFC 6455 says of a direction's bytes, written down as plainly as can be: all at once, every
 * message as an array. What {@link FrameCheck} is held against.
 */
final class Reader {
  private final boolean isFromClient;
  private final WebSocketRules rules;
  private final boolean isDeflate;

  /** Bytes up to the end of the last whole frame that is right. */
  int right;

  int violation;
  int closeCode;
  boolean isTooBigInflated;
  private int at;
  private byte[] all = {};
  private int opcode;
  private boolean isCompressed;
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();

  Reader(boolean isFromClient, WebSocketRules rules, boolean isDeflate) {
    this.isFromClient = isFromClient;
    this.rules = rules;
    this.isDeflate = isDeflate;
  }

  Reader read(byte[] bytes) {
    all = bytes;
    while (closeCode == 0 && violation == 0 && frame()) {
      right = at;
    }
    return this;
  }

  /** False where input is missing. */
  private boolean frame() {
    int start = at;
    if (all.length - start < 2) {
      return false;
    }
    int first = all[start] & 0xff;
    int second = all[start + 1] & 0xff;
    int op = first & 15;
    boolean isFin = (first & 0x80) != 0;
    boolean isMasked = (second & 0x80) != 0;
    int kind = second & 0x7f;
    if (isMasked != isFromClient
        || (first & 0x30) != 0
        || ((first & 0x40) != 0 && !(isDeflate && (op == 1 || op == 2)))
        || (op > 2 && op < 8)
        || op > 10
        || (op >= 8 && (!isFin || kind > 125))
        || (op == 0 && opcode == 0)
        || ((op == 1 || op == 2) && opcode != 0)) {
      violation = 1002;
      return false;
    }
    int lengthBytes = kind == 126 ? 2 : kind == 127 ? 8 : 0;
    int header = 2 + lengthBytes + (isMasked ? 4 : 0);
    if (all.length - start < header) {
      return false;
    }
    long length = kind;
    if (lengthBytes > 0) {
      length = 0;
      for (int i = 0; i < lengthBytes; i++) {
        length = (length << 8) | (all[start + 2 + i] & 0xff);
      }
    }
    if (length < 0 || (kind == 126 && length < 126) || (kind == 127 && length < 65536)) {
      violation = 1002;
      return false;
    }
    if (op < 8
        && (length > rules.maxFrameBytes()
            || length > rules.maxMessageBytes() - (op == 0 ? message.size() : 0))) {
      violation = 1009;
      return false;
    }
    int available = (int) Math.min(length, all.length - start - header);
    byte[] payload = Arrays.copyOfRange(all, start + header, start + header + available);
    if (isMasked) {
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= all[start + header - 4 + (i & 3)];
      }
    }
    boolean isWhole = available == length;
    at = start + header + available;
    return op >= 8 ? control(op, payload, isWhole) : data(op, first, payload, isWhole, isFin);
  }

  private boolean control(int op, byte[] payload, boolean isWhole) {
    if (!isWhole) {
      return false;
    }
    if (op == 8) {
      if (payload.length == 0) {
        closeCode = 1005;
        return true;
      }
      int code = payload.length == 1 ? 0 : ByteBuffer.wrap(payload).getShort() & 0xffff;
      boolean mayBe =
          (code >= 1000 && code < 1015 && code != 1004 && code != 1005 && code != 1006)
              || (code >= 3000 && code < 5000);
      if (!mayBe) {
        violation = 1002;
        return false;
      }
      if (!isUtf8(Arrays.copyOfRange(payload, 2, payload.length), true)) {
        violation = 1007;
        return false;
      }
      closeCode = code;
    }
    return true;
  }

  private boolean data(int op, int first, byte[] payload, boolean isWhole, boolean isFin) {
    if (op != 0) {
      opcode = op;
      isCompressed = (first & 0x40) != 0;
      message.reset();
    }
    message.writeBytes(payload);
    boolean isEnd = isWhole && isFin;
    byte[] content = message.toByteArray();
    if (isCompressed) {
      content = inflated(content, isEnd);
    }
    if (violation == 0 && opcode == 1 && !isUtf8(content, isEnd)) {
      violation = 1007;
    }
    if (isEnd) {
      opcode = 0;
      message.reset();
    }
    return violation == 0 && isWhole;
  }

  private byte[] inflated(byte[] bytes, boolean isEnd) {
    Inflater inflater = new Inflater(true);
    byte[] input = isEnd ? Arrays.copyOf(bytes, bytes.length + 4) : bytes;
    if (isEnd) {
      input[bytes.length + 2] = (byte) 0xff;
      input[bytes.length + 3] = (byte) 0xff;
    }
    inflater.setInput(input);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] piece = new byte[1024];
    try {
      int count;
      while ((count = inflater.inflate(piece)) > 0) {
        out.write(piece, 0, count);
        if (out.size() > rules.maxMessageBytes()
            || (out.size() > 64 * 1024 && out.size() > 100 * bytes.length)) {
          violation = 1009;
          isTooBigInflated = true;
          break;
        }
      }
    } catch (DataFormatException _) {
      violation = 1007;
    } finally {
      inflater.end();
    }
    return out.toByteArray();
  }

  /** Whole, or the beginning of something whole. */
  private static boolean isUtf8(byte[] bytes, boolean isWhole) {
    var decoder =
        UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    if (isWhole) {
      try {
        decoder.decode(ByteBuffer.wrap(bytes));
        return true;
      } catch (CharacterCodingException _) {
        return false;
      }
    }
    var target = java.nio.CharBuffer.allocate(bytes.length + 1);
    return !decoder.decode(ByteBuffer.wrap(bytes), target, false).isError();
  }
}
