package tollgate.core.message;

/**
 * Where something stands in a text. Immutable.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param offset in bytes of the text as UTF-8, from 0
 */
public record Place(int line, int column, int offset) {
  /** Of a byte of a text; counted now, from its begin. */
  public static Place of(byte[] utf8, int offset) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < offset && i < utf8.length; i++) {
      int b = utf8[i];
      if (b == '\n' || (b == '\r' && (i + 1 >= utf8.length || utf8[i + 1] != '\n'))) {
        line++;
        column = 1;
      } else if ((b & 0xc0) != 0x80) { // the first byte of a character
        column++;
      }
    }
    return new Place(line, column, offset);
  }
}
