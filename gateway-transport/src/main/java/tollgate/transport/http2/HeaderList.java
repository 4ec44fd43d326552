package tollgate.transport.http2;

import java.util.Arrays;
import tollgate.transport.wire.FieldLines;

/**
 * What one header block says, in the order it says it: the bytes {@code name: value} with a CRLF
 * behind each field, pseudo-fields among them, and where each part is. So the regular fields, which
 * come last, are lines as {@link FieldLines} has them, and go out by HTTP/1 as they are. Nothing is
 * checked yet. One serves block after block. Event loop only.
 */
final class HeaderList {
  private static final int FIRST_BYTES = 1024;
  private static final int FIRST_FIELDS = 24;

  /** What a field costs beside its bytes (RFC 9113 section 6.5.2). */
  private static final int OVERHEAD = 32;

  private final int maxSize;
  private byte[] bytes = new byte[FIRST_BYTES];
  private int[] lines = new int[FIRST_FIELDS * FieldLines.WIDTH];
  private int count;
  private int length;
  private long size;
  private boolean isTooLarge;

  /**
   * @param maxSize as SETTINGS_MAX_HEADER_LIST_SIZE counts
   */
  HeaderList(int maxSize) {
    this.maxSize = maxSize;
  }

  void clear() {
    count = 0;
    length = 0;
    size = 0;
    isTooLarge = false;
  }

  /**
   * Adds a field. One that makes the list too large is counted and not kept, nor is any after it.
   *
   * @param hash {@link tollgate.core.http.FieldName#step} over the name, as it is
   */
  void add(
      byte[] nameSource,
      int nameFrom,
      int nameLength,
      int hash,
      byte[] valueSource,
      int valueFrom,
      int valueLength) {
    size += nameLength + valueLength + OVERHEAD;
    if (size > maxSize) {
      isTooLarge = true;
      return;
    }
    int needed = nameLength + valueLength + 4;
    if (bytes.length - length < needed) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + needed));
    }
    if (lines.length < (count + 1) * FieldLines.WIDTH) {
      lines = Arrays.copyOf(lines, 2 * lines.length);
    }
    int at = length;
    int line = count++ * FieldLines.WIDTH;
    lines[line + FieldLines.HASH] = hash;
    lines[line + FieldLines.NAME] = at;
    System.arraycopy(nameSource, nameFrom, bytes, at, nameLength);
    at += nameLength;
    lines[line + FieldLines.NAME_END] = at;
    bytes[at++] = ':';
    bytes[at++] = ' ';
    lines[line + FieldLines.VALUE] = at;
    System.arraycopy(valueSource, valueFrom, bytes, at, valueLength);
    at += valueLength;
    lines[line + FieldLines.VALUE_END] = at;
    bytes[at++] = '\r';
    bytes[at++] = '\n';
    length = at;
  }

  /** How many fields, pseudo-fields included. */
  int count() {
    return count;
  }

  /** As the RFC counts: names and values and 32 for each, of those not kept too. */
  long size() {
    return size;
  }

  /** Whether it is larger than allowed; then it is not complete. */
  boolean isTooLarge() {
    return isTooLarge;
  }

  byte[] bytes() {
    return bytes;
  }

  int hash(int index) {
    return lines[index * FieldLines.WIDTH + FieldLines.HASH];
  }

  int nameStart(int index) {
    return lines[index * FieldLines.WIDTH + FieldLines.NAME];
  }

  int nameEnd(int index) {
    return lines[index * FieldLines.WIDTH + FieldLines.NAME_END];
  }

  int valueStart(int index) {
    return lines[index * FieldLines.WIDTH + FieldLines.VALUE];
  }

  int valueEnd(int index) {
    return lines[index * FieldLines.WIDTH + FieldLines.VALUE_END];
  }

  /**
   * The fields from {@code first} on, copied out.
   *
   * @param first index of the first that is no pseudo-field
   */
  FieldLines linesFrom(int first) {
    int base = first < count ? nameStart(first) : length;
    byte[] block = Arrays.copyOfRange(bytes, base, length);
    int[] moved = Arrays.copyOfRange(lines, first * FieldLines.WIDTH, count * FieldLines.WIDTH);
    for (int i = 0; i < moved.length; i += FieldLines.WIDTH) {
      moved[i + FieldLines.NAME] -= base;
      moved[i + FieldLines.NAME_END] -= base;
      moved[i + FieldLines.VALUE] -= base;
      moved[i + FieldLines.VALUE_END] -= base;
    }
    return FieldLines.of(block, moved);
  }
}
