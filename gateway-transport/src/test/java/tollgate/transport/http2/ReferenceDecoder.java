package tollgate.transport.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;

/** Decodes by the book, slowly: what the other one is compared with. Valid blocks only. */
final class ReferenceDecoder {
  /** A field of the dynamic table, or of a block with how it came. */
  record Field(String name, String value, boolean isNeverIndexed) {
    int size() {
      return name.length() + value.length() + 32;
    }
  }

  private final List<Field> table = new ArrayList<>(); // newest first
  private int capacity = 4096;
  private byte[] block = {};
  private int at;

  int tableSize() {
    return table.stream().mapToInt(Field::size).sum();
  }

  List<Field> decode(byte[] bytes) {
    block = bytes;
    at = 0;
    List<Field> fields = new ArrayList<>();
    while (at < bytes.length) {
      int first = bytes[at] & 0xff;
      if (first >= 0x80) {
        fields.add(at(number(7)));
      } else if (first >= 0x40) {
        Field field = literal(number(6), false);
        fields.add(field);
        table.addFirst(field);
        evict();
      } else if (first >= 0x20) {
        capacity = number(5);
        evict();
      } else {
        fields.add(literal(number(4), first >= 0x10));
      }
    }
    return fields;
  }

  private void evict() {
    while (tableSize() > capacity) {
      table.removeLast();
    }
  }

  private Field literal(int index, boolean isNeverIndexed) {
    String name = index == 0 ? string() : at(index).name();
    return new Field(name, string(), isNeverIndexed);
  }

  private Field at(int index) {
    if (index > StaticTable.LAST) {
      return table.get(index - StaticTable.LAST - 1);
    }
    String name = new String(StaticTable.name(index), ISO_8859_1);
    return new Field(name, new String(StaticTable.value(index), ISO_8859_1), false);
  }

  private int number(int prefix) {
    int most = (1 << prefix) - 1;
    int value = block[at++] & most;
    if (value == most) {
      int shift = 0;
      int next;
      do {
        next = block[at++] & 0xff;
        value += (next & 127) << shift;
        shift += 7;
      } while (next >= 128);
    }
    return value;
  }

  private String string() {
    boolean isHuffman = block[at] < 0;
    int length = number(7);
    at += length;
    return isHuffman ? huffman(at - length) : new String(block, at - length, length, ISO_8859_1);
  }

  /** Bit by bit, by trying which symbols have the code so far. */
  private String huffman(int from) {
    StringBuilder text = new StringBuilder();
    StringBuilder code = new StringBuilder();
    for (int i = from; i < at; i++) {
      for (int bit = 7; bit >= 0; bit--) {
        code.append(block[i] >> bit & 1);
        Character symbol = HuffmanCodes.SYMBOLS.get(code.toString());
        if (symbol != null) {
          text.append(symbol);
          code.setLength(0);
        }
      }
    }
    if (code.length() > 7 || code.indexOf("0") >= 0) {
      throw new IllegalStateException("padding: " + code);
    }
    return text.toString();
  }
}
