package tollgate.core.message.json;

/**
 * How a document's nodes lie in an {@code int[]}; a node is the index of its first int.
 *
 * <pre>
 * scalar, name   [kind:4 | offset:28] [offset behind it]
 * object, array  [kind:4 | offset:28] [index behind its end] children... [END:4 | offset:28 of } or ]]
 * member         name, then value
 * document       value, then [END:4 | length of the bytes:28]
 * </pre>
 *
 * <p>Offsets of strings and names are those of their quotes. While a container is open its second
 * int is the index of the container around it, so that neither parser nor composer needs a stack.
 *
 * <p>A value takes at least two bytes of text ({@code 1,} or {@code []}, less one for the whole),
 * and at most three ints: 12 bytes of tape for 2 of text, 7 times the text with the text itself.
 */
final class Tape {
  static final int OBJECT = 0;
  static final int ARRAY = 1;
  static final int STRING = 2;
  static final int NUMBER = 3;
  static final int TRUE = 4;
  static final int FALSE = 5;
  static final int NULL = 6;
  static final int ESCAPED_STRING = 7;
  static final int NAME = 8;
  static final int ESCAPED_NAME = 9;
  static final int END = 10;

  static final int SCALAR_INTS = 2;
  static final int MAX_OFFSET = (1 << 28) - 1;

  private static final JsonKind[] KINDS = {
    JsonKind.OBJECT,
    JsonKind.ARRAY,
    JsonKind.STRING,
    JsonKind.NUMBER,
    JsonKind.TRUE,
    JsonKind.FALSE,
    JsonKind.NULL,
    JsonKind.STRING
  };

  private Tape() {}

  static int head(int kind, int offset) {
    return kind << 28 | offset;
  }

  static int kind(int head) {
    return head >>> 28;
  }

  static int offset(int head) {
    return head & MAX_OFFSET;
  }

  static boolean isName(int head) {
    int kind = kind(head);
    return kind == NAME || kind == ESCAPED_NAME;
  }

  static boolean isEscaped(int head) {
    int kind = kind(head);
    return kind == ESCAPED_STRING || kind == ESCAPED_NAME;
  }

  static boolean isContainer(int head) {
    return kind(head) <= ARRAY;
  }

  /** Of a value's head. */
  static JsonKind value(int head) {
    return KINDS[kind(head)];
  }
}
