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
}
