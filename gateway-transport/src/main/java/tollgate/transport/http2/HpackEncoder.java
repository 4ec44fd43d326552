package tollgate.transport.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.FieldName;
import tollgate.core.http.Tokens;
import tollgate.transport.wire.FieldLines;

/**
 * Encodes the header blocks of one direction of a connection (RFC 7541). A block is {@link #begin}
 * and then its fields, pseudo-fields first; all of them must be sent, in this order, since the peer
 * keeps a table by them. Event loop only.
 *
 * <p>Strings go out as they are: the Huffman code saves a quarter of their bytes and takes longer
 * than all the rest (HpackBenchmark). The table about pays for itself by the bytes it saves.
 *
 * <p>A field goes to the table when it comes a second time: what never comes back, as an ETag or a
 * request id, would only push out what does. Secrets are never indexed, by us or by whoever passes
 * them on (RFC 7541 section 7.1.3).
 *
 * <p>More than 400 lines, of which a quarter say what kind each known field is of.
 */
final class HpackEncoder {
  /** More would be memory for little; peers with less get less. */
  private static final int MAX_TABLE_SIZE = 4096;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  // Kinds of literals: their first bits (RFC 7541 section 6.2).
  private static final int INDEXED = 0x40;
  private static final int PLAIN = 0x00;
  private static final int NEVER = 0x10;

  /** By index in the static table. */
  private static final byte[] KINDS = new byte[StaticTable.LAST + 1];

  private static final String[] SECRETS_IN_STATIC_TABLE = {
    "authorization", "cookie", "proxy-authorization", "set-cookie",
  };

  /** Values that do not come back, or not before they were pushed out. */
  private static final String[] CHANGING = {
    ":path",
    "age",
    "content-length",
    "content-range",
    "etag",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "last-modified",
    "location",
    "range",
  };

  /** What carries keys and tokens beside. */
  private static final FieldName[] SECRETS = {
    FieldName.of("ApiKey"),
    FieldName.of("Api-Key"),
    FieldName.of("X-Api-Key"),
    FieldName.of("Internal-Key"),
    FieldName.of("X-Auth-Token"),
    FieldName.of("X-Access-Token"),
    FieldName.of("X-Csrf-Token"),
    FieldName.of("X-Xsrf-Token"),
    FieldName.of("X-Jwt-Assertion"),
    FieldName.of("X-Amz-Security-Token"),
  };

  private static final long SECRETS_BLOOM;

  static {
    Arrays.fill(KINDS, (byte) INDEXED);
    for (String name : SECRETS_IN_STATIC_TABLE) {
      kind(name, NEVER);
    }
    for (String name : CHANGING) {
      kind(name, PLAIN);
    }
    long bloom = 0;
    for (FieldName name : SECRETS) {
      bloom |= FieldLines.bit(name.hash());
    }
    SECRETS_BLOOM = bloom;
  }

  private static void kind(String name, int kind) {
    byte[] bytes = name.getBytes(US_ASCII);
    for (int i = 1; i <= StaticTable.LAST; i++) {
      if (Arrays.equals(StaticTable.name(i), bytes)) {
        KINDS[i] = (byte) kind;
      }
    }
  }

  /** Slots by hash of name and value; a power of two, more than twice the entries there can be. */
  private static final int SLOTS = 256;

  /** More than there can be entries of {@link DynamicTable#OVERHEAD} and a name. */
  private static final int MAX_ENTRIES = 128;

  /** Fields that were seen once. */
  private static final int SEEN = 64;

  private static final int FIRST_SCRATCH = 256;
  private static final int MAX_KEPT_SCRATCH = 4096;
  private static final byte[] NOTHING = {};

  private final DynamicTable table = new DynamicTable(MAX_TABLE_SIZE);

  /** The number of an entry modulo {@link #MAX_ENTRIES}, plus one; 0 for none. */
  private byte[] slots = NOTHING;

  private int[] seen = {};

  // What SETTINGS made of the table's size since the last block (RFC 7541 section 4.2).
  private int lowestSize = MAX_TABLE_SIZE;
  private int newSize = MAX_TABLE_SIZE;

  private byte[] scratch = NOTHING;

  /** The peer has set its SETTINGS_HEADER_TABLE_SIZE; takes effect with the next block. */
  void tableSize(int peerSetting) {
    newSize = Math.clamp(peerSetting & 0xffff_ffffL, 0, MAX_TABLE_SIZE);
    lowestSize = Math.min(lowestSize, newSize);
  }

  /** Begins a block; fields follow. */
  void begin(ByteBuf out) {
    if (lowestSize < table.capacity()) {
      // RFC 7541 4.2: the lowest of several has to be told too, since it evicts.
      resize(out, lowestSize);
    }
    if (newSize != table.capacity()) {
      resize(out, newSize);
    }
    lowestSize = newSize;
    if (scratch.length > MAX_KEPT_SCRATCH) {
      scratch = NOTHING;
    }
  }

  private void resize(ByteBuf out, int size) {
    number(out, 0x20, 5, size);
    while (table.size() > size) {
      evictOldest();
    }
    table.capacity(size);
  }

  /**
   * @param status 100 to 999
   */
  void status(ByteBuf out, int status) {
    int index =
        switch (status) {
          case 200 -> StaticTable.STATUS_200;
          case 204 -> StaticTable.STATUS_204;
          case 206 -> StaticTable.STATUS_206;
          case 304 -> StaticTable.STATUS_304;
          case 400 -> StaticTable.STATUS_400;
          case 404 -> StaticTable.STATUS_404;
          case 500 -> StaticTable.STATUS_500;
          default -> 0;
        };
    if (index != 0) {
      out.writeByte(0x80 | index);
      return;
    }
    out.writeByte(PLAIN | StaticTable.STATUS_200);
    out.writeByte(3);
    out.writeByte('0' + status / 100);
    out.writeByte('0' + status / 10 % 10);
    out.writeByte('0' + status % 10);
  }

  void method(ByteBuf out, String method) {
    switch (method) {
      case "GET" -> out.writeByte(0x80 | StaticTable.METHOD_GET);
      case "POST" -> out.writeByte(0x80 | StaticTable.METHOD_POST);
      default -> pseudo(out, StaticTable.METHOD_GET, method);
    }
  }

  void scheme(ByteBuf out, boolean isHttps) {
    out.writeByte(0x80 | (isHttps ? StaticTable.SCHEME_HTTPS : StaticTable.SCHEME_HTTP));
  }

  void authority(ByteBuf out, String authority) {
    pseudo(out, StaticTable.AUTHORITY, authority);
  }

  /**
   * @param path as it goes into a request line, begins with a slash, or is an asterisk
   * @param query without the question mark
   */
  void path(ByteBuf out, String path, @Nullable String query) {
    if (query == null && path.equals("/")) {
      out.writeByte(0x80 | StaticTable.PATH);
      return;
    }
    int length = path.length() + (query == null ? 0 : 1 + query.length());
    scratch(length);
    text(path, 0);
    if (query != null) {
      scratch[path.length()] = '?';
      text(query, path.length() + 1);
    }
    number(out, PLAIN, 4, StaticTable.PATH);
    string(out, scratch, 0, length);
  }

  private void pseudo(ByteBuf out, int index, String value) {
    scratch(value.length());
    text(value, 0);
    byte[] name = StaticTable.name(index);
    int hash = StaticTable.hash(index);
    field(out, hash, index, INDEXED, name, 0, name.length, scratch, 0, value.length());
  }

  /**
   * Writes a field.
   *
   * @param value each character one byte
   */
  void field(ByteBuf out, FieldName name, String value) {
    int nameLength = name.length();
    int valueLength = value.length();
    scratch(nameLength + valueLength);
    name.copyTo(scratch, 0);
    text(value, nameLength);
    field(out, name.hash(), scratch, 0, nameLength, scratch, nameLength, valueLength);
  }

  /**
   * Writes a field.
   *
   * @param name in any case; is written in lower case
   */
  void field(
      ByteBuf out,
      byte[] name,
      int nameFrom,
      int nameLength,
      byte[] value,
      int valueFrom,
      int valueLength) {
    int hash = 0;
    for (int i = nameFrom; i < nameFrom + nameLength; i++) {
      hash = FieldName.step(hash, Tokens.lower(name[i]));
    }
    field(out, hash, name, nameFrom, nameLength, value, valueFrom, valueLength);
  }

  /**
   * Writes a field.
   *
   * @param hash {@link FieldName#step} over the lower-cased name
   * @param name in any case; is written in lower case
   */
  void field(
      ByteBuf out,
      int hash,
      byte[] name,
      int nameFrom,
      int nameLength,
      byte[] value,
      int valueFrom,
      int valueLength) {
    int index = StaticTable.indexOf(hash, name, nameFrom, nameLength);
    int kind = index != 0 ? KINDS[index] : kind(hash, name, nameFrom, nameLength);
    field(out, hash, index, kind, name, nameFrom, nameLength, value, valueFrom, valueLength);
  }

  private static int kind(int hash, byte[] name, int from, int length) {
    if ((SECRETS_BLOOM & FieldLines.bit(hash)) != 0) {
      for (FieldName secret : SECRETS) {
        if (secret.hash() == hash && secret.matches(name, from, length)) {
          return NEVER;
        }
      }
    }
    return INDEXED;
  }

  private void field(
      ByteBuf out,
      int nameHash,
      int index,
      int kind,
      byte[] name,
      int nameFrom,
      int nameLength,
      byte[] value,
      int valueFrom,
      int valueLength) {
    int literal = kind;
    if (kind == INDEXED) {
      int hash = hash(nameHash, value, valueFrom, valueLength);
      int found = find(hash, name, nameFrom, nameLength, value, valueFrom, valueLength);
      if (found != 0) {
        number(out, 0x80, 7, found);
        return;
      }
      int cost = nameLength + valueLength + DynamicTable.OVERHEAD;
      if (cost > table.capacity() / 2 || !isSeenAgain(hash)) {
        literal = PLAIN;
      } else {
        remember(hash, name, nameFrom, nameLength, value, valueFrom, valueLength);
      }
    }
    number(out, literal, literal == INDEXED ? 6 : 4, index);
    if (index == 0) {
      lowerCased(out, name, nameFrom, nameLength);
    }
    string(out, value, valueFrom, valueLength);
  }

  // ---- the table

  /** The index of a field in the dynamic table, or 0. */
  private int find(
      int hash,
      byte[] name,
      int nameFrom,
      int nameLength,
      byte[] value,
      int valueFrom,
      int valueLength) {
    if (table.count() == 0) {
      return 0;
    }
    byte[] bytes = table.bytes();
    int entry;
    for (int slot = home(hash); (entry = slots[slot]) != 0; slot = next(slot)) {
      int number = number(entry);
      if (table.hash(number) == hash
          && table.nameLength(number) == nameLength
          && table.valueLength(number) == valueLength) {
        int start = table.nameStart(number);
        int end = start + nameLength;
        if (isLowerCased(bytes, start, name, nameFrom, nameLength)
            && Arrays.equals(
                bytes, end, end + valueLength, value, valueFrom, valueFrom + valueLength)) {
          return StaticTable.LAST + table.inserted() - number;
        }
      }
    }
    return 0;
  }

  private static boolean isLowerCased(byte[] lower, int at, byte[] name, int from, int length) {
    for (int i = 0; i < length; i++) {
      if (lower[at + i] != Tokens.lower(name[from + i])) {
        return false;
      }
    }
    return true;
  }

  /** Whether the field with this hash was here not long ago. */
  private boolean isSeenAgain(int hash) {
    if (table.capacity() == 0) {
      return false;
    }
    if (seen.length == 0) {
      seen = new int[SEEN];
      slots = new byte[SLOTS];
    }
    int place = hash & (SEEN - 1);
    boolean isSeen = seen[place] == hash;
    seen[place] = hash;
    return isSeen;
  }

  private void remember(
      int hash,
      byte[] name,
      int nameFrom,
      int nameLength,
      byte[] value,
      int valueFrom,
      int valueLength) {
    int most = table.capacity() - nameLength - valueLength - DynamicTable.OVERHEAD;
    while (table.size() > most) {
      evictOldest();
    }
    table.add(name, nameFrom, nameLength, hash, value, valueFrom, valueLength);
    int number = table.inserted() - 1;
    byte[] bytes = table.bytes();
    int start = table.nameStart(number);
    for (int i = start; i < start + nameLength; i++) {
      bytes[i] = Tokens.lower(bytes[i]);
    }
    int slot = home(hash);
    while (slots[slot] != 0) {
      slot = next(slot);
    }
    slots[slot] = (byte) ((number & (MAX_ENTRIES - 1)) + 1);
  }

  private void evictOldest() {
    int oldest = table.inserted() - table.count();
    int gap = home(table.hash(oldest));
    while (number(slots[gap]) != oldest) {
      gap = next(gap);
    }
    // Whoever stands behind because this place was taken moves up, so that look-ups end at a gap.
    int entry;
    for (int slot = next(gap); (entry = slots[slot]) != 0; slot = next(slot)) {
      int home = home(table.hash(number(entry)));
      if (((slot - home) & (SLOTS - 1)) >= ((slot - gap) & (SLOTS - 1))) {
        slots[gap] = (byte) entry;
        gap = slot;
      }
    }
    slots[gap] = 0;
    table.evictOldest();
  }

  private int number(int entry) {
    int newest = table.inserted() - 1;
    return newest - ((newest - (entry - 1)) & (MAX_ENTRIES - 1));
  }

  private static int home(int hash) {
    return hash >>> 24;
  }

  private static int next(int slot) {
    return (slot + 1) & (SLOTS - 1);
  }

  private static int hash(int nameHash, byte[] value, int from, int length) {
    long hash = nameHash + (long) length;
    int at = from;
    for (int end = from + length - 7; at < end; at += 8) {
      hash = (hash ^ (long) LONGS.get(value, at)) * 0x9e3779b97f4a7c15L;
      hash ^= hash >>> 32;
    }
    for (int end = from + length; at < end; at++) {
      hash = 31 * hash + value[at];
    }
    hash *= 0x9e3779b97f4a7c15L;
    return (int) (hash >>> 32);
  }

  // ---- writing

  /** RFC 7541 section 5.1. */
  private static void number(ByteBuf out, int firstBits, int prefixBits, int value) {
    int mask = (1 << prefixBits) - 1;
    if (value < mask) {
      out.writeByte(firstBits | value);
      return;
    }
    out.writeByte(firstBits | mask);
    int rest = value - mask;
    while (rest >= 0x80) {
      out.writeByte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.writeByte(rest);
  }

  private static void string(ByteBuf out, byte[] source, int from, int length) {
    number(out, 0, 7, length);
    out.writeBytes(source, from, length);
  }

  private static void lowerCased(ByteBuf out, byte[] name, int from, int length) {
    number(out, 0, 7, length);
    for (int i = from; i < from + length; i++) {
      out.writeByte(Tokens.lower(name[i]));
    }
  }

  private void scratch(int needed) {
    if (scratch.length < needed) {
      scratch = new byte[Math.max(FIRST_SCRATCH, Integer.highestOneBit(needed) << 1)];
    }
  }

  @SuppressWarnings("deprecation") // it is what is wanted: the low byte of each character
  private void text(String text, int at) {
    text.getBytes(0, text.length(), scratch, at);
  }
}
