package tollgate.transport.http2;

import tollgate.core.http.FieldName;

/**
 * Decodes the header blocks of one direction of a connection (RFC 7541). Says no to whatever the
 * RFC calls an error, and to what only an attacker sends. Event loop only.
 *
 * <p>What it says into a {@link HeaderList} costs the copy of its bytes; a field that is indexed
 * allocates nothing. A list that is too large is decoded on, for the table's sake, but not without
 * end: an index of one byte stands for four thousand.
 */
final class HpackDecoder {
  /** What both sides have before any SETTINGS (RFC 9113 section 6.5.2). */
  static final int DEFAULT_TABLE_SIZE = 4096;

  /** As lists count; who sends so much does not want to be understood. */
  private static final long MAX_LIST_SIZE = 1 << 20;

  /** Bytes of a number behind the first: 28 bits, more than any length or index needs. */
  private static final int MAX_CONTINUATIONS = 4;

  private static final int FIRST_SCRATCH = 256;

  /** A connection that once had a long field does not keep the room for it. */
  private static final int MAX_KEPT_SCRATCH = 4096;

  private static final byte[] NOTHING = {};

  private final DynamicTable table;
  private int maxTableSize;

  /** A reduction of the table that the peer has acknowledged and not told us yet. */
  private boolean isUpdateOwed;

  private byte[] scratch = NOTHING;

  // The block being read.
  private byte[] block = NOTHING;
  private int at;
  private int end;

  // The string read last.
  private byte[] string = NOTHING;
  private int stringFrom;
  private int stringLength;

  /**
   * @param maxTableSize our SETTINGS_HEADER_TABLE_SIZE
   */
  HpackDecoder(int maxTableSize) {
    this.maxTableSize = maxTableSize;
    this.table = new DynamicTable(maxTableSize);
  }

  /** The peer has acknowledged another SETTINGS_HEADER_TABLE_SIZE. */
  void maxTableSize(int size) {
    maxTableSize = size;
    // RFC 7541 4.2: a smaller one has to be told at the beginning of the next block.
    isUpdateOwed = table.capacity() > size;
  }

  int tableSize() {
    return table.size();
  }

  /**
   * Decodes one whole header block.
   *
   * @param into receives the fields in their order; look at {@link HeaderList#isTooLarge} then
   */
  void decode(byte[] source, int from, int to, HeaderList into) throws HpackException {
    block = source;
    at = from;
    end = to;
    updates();
    while (at < end) {
      int first = source[at];
      if (first < 0) {
        indexed(number(7), into);
      } else if ((first & 0x40) != 0) {
        literal(number(6), true, into);
      } else if ((first & 0x20) != 0) {
        throw new HpackException("table size update behind a field");
      } else {
        literal(number(4), false, into);
      }
      if (into.size() > MAX_LIST_SIZE) {
        throw new HpackException("header list far too large");
      }
    }
    if (scratch.length > MAX_KEPT_SCRATCH) {
      scratch = NOTHING;
    }
  }

  private void updates() throws HpackException {
    int count = 0;
    while (at < end && (block[at] & 0xe0) == 0x20) {
      int size = number(5);
      // RFC 7541 6.3: beyond the setting is an error; 4.2: the lowest and the last, if many.
      if (size > maxTableSize) {
        throw new HpackException("table size " + size + " (at most " + maxTableSize + ")");
      }
      if (++count > 2) {
        throw new HpackException("more than two table size updates");
      }
      table.capacity(size);
      isUpdateOwed = false;
    }
    if (isUpdateOwed) {
      throw new HpackException("no table size update after a smaller setting");
    }
  }

  private void indexed(int index, HeaderList into) throws HpackException {
    if (index <= StaticTable.LAST) {
      // RFC 7541 6.1: 0 is an error.
      if (index == 0) {
        throw new HpackException("index 0");
      }
      byte[] name = StaticTable.name(index);
      byte[] value = StaticTable.value(index);
      into.add(name, 0, name.length, StaticTable.hash(index), value, 0, value.length);
      return;
    }
    int number = dynamic(index);
    int start = table.nameStart(number);
    int nameLength = table.nameLength(number);
    into.add(
        table.bytes(),
        start,
        nameLength,
        table.hash(number),
        table.bytes(),
        start + nameLength,
        table.valueLength(number));
  }

  private void literal(int nameIndex, boolean isKept, HeaderList into) throws HpackException {
    byte[] name;
    int nameFrom = 0;
    int nameLength;
    int hash;
    int scratchUsed = 0;
    if (nameIndex == 0) {
      scratchUsed = string(0);
      name = string;
      nameFrom = stringFrom;
      nameLength = stringLength;
      hash = 0;
      for (int i = nameFrom; i < nameFrom + nameLength; i++) {
        hash = FieldName.step(hash, name[i]);
      }
    } else if (nameIndex <= StaticTable.LAST) {
      name = StaticTable.name(nameIndex);
      nameLength = name.length;
      hash = StaticTable.hash(nameIndex);
    } else {
      // Copied: the new entry may evict the one it has its name of (RFC 7541 4.4).
      int number = dynamic(nameIndex);
      nameLength = table.nameLength(number);
      hash = table.hash(number);
      scratch(nameLength, 0);
      System.arraycopy(table.bytes(), table.nameStart(number), scratch, 0, nameLength);
      scratchUsed = nameLength;
      name = scratch;
    }
    string(scratchUsed);
    if (scratchUsed > 0) {
      name = scratch; // which may have grown
    }
    into.add(name, nameFrom, nameLength, hash, string, stringFrom, stringLength);
    if (isKept) {
      table.add(name, nameFrom, nameLength, hash, string, stringFrom, stringLength);
    }
  }

  private int dynamic(int index) throws HpackException {
    int behind = index - StaticTable.LAST;
    if (behind > table.count()) {
      throw new HpackException("index " + index + " beyond the tables");
    }
    return table.inserted() - behind;
  }

  /**
   * Reads a string.
   *
   * @param scratchFrom what is before stays
   * @return how much of the scratch is used now
   */
  private int string(int scratchFrom) throws HpackException {
    if (at == end) {
      throw new HpackException("block ends before a string");
    }
    boolean isHuffman = block[at] < 0;
    int length = number(7);
    if (length > end - at) {
      throw new HpackException("string longer than the block");
    }
    int from = at;
    at += length;
    if (!isHuffman) {
      string = block;
      stringFrom = from;
      stringLength = length;
      return scratchFrom;
    }
    scratch(scratchFrom + Huffman.maxDecoded(length), scratchFrom);
    int decoded = Huffman.decode(block, from, at, scratch, scratchFrom);
    string = scratch;
    stringFrom = scratchFrom;
    stringLength = decoded - scratchFrom;
    return decoded;
  }

  private void scratch(int needed, int used) {
    if (scratch.length < needed) {
      byte[] grown = new byte[Math.max(FIRST_SCRATCH, Integer.highestOneBit(needed) << 1)];
      System.arraycopy(scratch, 0, grown, 0, used);
      scratch = grown;
    }
  }

  /** RFC 7541 section 5.1; there is a first byte. */
  private int number(int prefixBits) throws HpackException {
    int mask = (1 << prefixBits) - 1;
    int value = block[at++] & mask;
    if (value < mask) {
      return value;
    }
    for (int shift = 0; shift < 7 * MAX_CONTINUATIONS; shift += 7) {
      if (at == end) {
        throw new HpackException("block ends within a number");
      }
      int next = block[at++];
      value += (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new HpackException("number of more than 28 bits");
  }
}
