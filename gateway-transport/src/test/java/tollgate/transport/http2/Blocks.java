package tollgate.transport.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Header blocks as the RFC prints them, and what they say as text. */
final class Blocks {
  private static final int LARGE = 1 << 16;

  private Blocks() {}

  /** Blanks do not count. */
  static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
  }

  static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  static byte[] take(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    return bytes;
  }

  /** Each field as {@code name: value}. */
  static List<String> decode(HpackDecoder decoder, String hex) throws HpackException {
    return decode(decoder, hex(hex));
  }

  static List<String> decode(HpackDecoder decoder, byte[] block) throws HpackException {
    HeaderList list = new HeaderList(LARGE);
    decoder.decode(block, 0, block.length, list);
    return text(list);
  }

  static List<String> text(HeaderList list) {
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < list.count(); i++) {
      int from = list.nameStart(i);
      fields.add(new String(list.bytes(), from, list.valueEnd(i) - from, ISO_8859_1));
    }
    return fields;
  }
}
