package tollgate.core.http;

/**
 * The fields of one head as a codec decoded them: in order, case kept, duplicates kept, frozen. One
 * implementation per protocol wraps what the codec holds. Immutable once handed out; safe to read
 * on any thread and for as long as it is referenced.
 */
public interface ReceivedFields {
  ReceivedFields NONE =
      new ReceivedFields() {
        @Override
        public int count() {
          return 0;
        }

        @Override
        public String name(int index) {
          throw new IndexOutOfBoundsException(index);
        }

        @Override
        public String value(int index) {
          throw new IndexOutOfBoundsException(index);
        }

        @Override
        public int indexOf(FieldName name, int from) {
          return -1;
        }
      };

  /** How many field lines. */
  int count();

  /** The name of line {@code index} as it came. */
  String name(int index);

  /**
   * The value of line {@code index} without surrounding SP and HTAB, each byte one character (ISO
   * 8859-1).
   */
  String value(int index);

  /** The first line at or after {@code from} with this name in any case, or -1. */
  int indexOf(FieldName name, int from);

  /**
   * Whether the value of line {@code index} begins so in any case. A backing over bytes answers
   * without making a string.
   *
   * @param prefix lower-cased ASCII
   */
  default boolean valueStartsWith(int index, String prefix) {
    return value(index).regionMatches(true, 0, prefix, 0, prefix.length());
  }

  /**
   * Whether the name of line {@code index} begins so in any case, {@code _} taken for {@code -} (as
   * CGI-like servers do). A backing over bytes answers without making a string.
   *
   * @param prefix lower-cased, with {@code -}
   */
  default boolean nameStartsWith(int index, String prefix) {
    String name = name(index);
    if (name.length() < prefix.length()) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      char c = name.charAt(i);
      byte b = c == '_' ? (byte) '-' : Tokens.lower((byte) c);
      if (c > 0x7f || b != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
