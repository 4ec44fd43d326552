package tollgate.core.message.xml;

import java.util.Arrays;

/**
 * The nodes of a document as integers, in document order, while they are written. A node is known
 * by the index of its first integer. One thread.
 *
 * <pre>
 * DOCUMENT, ELEMENT       head  start  parent  next        end
 * ATTRIBUTE, NAMESPACE    head  start  parent  valueStart  valueEnd
 * TEXT, CDATA             head  start  parent
 * COMMENT, INSTRUCTION    head  start  parent  end
 *
 * head of named nodes:    kind (3 bits)  coded (1 bit)  length of the name (16)  namespace (12)
 * head of the others:     kind (3 bits)  coded (1 bit)  length of the content (28)
 * </pre>
 *
 * Offsets are into the document's bytes: {@code start} is the first byte of an element's tag, of a
 * name (attributes) or of the content (text, comment), {@code end} the first byte behind the node.
 * {@code next} is the index of the first node behind a subtree. Coded is a value that is not
 * written as it reads, because of references or line ends.
 *
 * <p>An element takes 20 bytes here and at least 4 in the document, a text 12 and 1, an attribute
 * 20 and 5: with the bytes themselves that stays within eight times the document.
 */
final class Tape {
  static final int START = 1;
  static final int PARENT = 2;
  static final int NEXT = 3;
  static final int END = 4;
  static final int VALUE_START = 3;
  static final int VALUE_END = 4;
  static final int MISC_END = 3;

  static final int DOCUMENT = 0;
  static final int ELEMENT = 1;
  static final int ATTRIBUTE = 2;
  static final int NAMESPACE = 3;
  static final int TEXT = 4;
  static final int CDATA = 5;
  static final int COMMENT = 6;
  static final int INSTRUCTION = 7;

  static final int CODED = 1 << 3;
  static final int MAX_NAME_BYTES = 0xffff;
  static final int MAX_NAMESPACES = 0xfff;

  /** Content longer than that cannot be told in a head. */
  static final int MAX_BYTES = (1 << 28) - 1;

  private static final int KIND_MASK = 7;

  /** Slack of an array that is not worth a copy. */
  private static final int SLACK = 64;

  int[] cells;
  int length;

  Tape(int documentBytes) {
    cells = new int[Math.max(64, documentBytes / 4)];
  }

  static int kind(int head) {
    return head & KIND_MASK;
  }

  static int nameLength(int head) {
    return (head >>> 4) & MAX_NAME_BYTES;
  }

  static int namespace(int head) {
    return head >>> 20;
  }

  static int contentLength(int head) {
    return head >>> 4;
  }

  static int named(int kind, int nameLength, int namespace) {
    return kind | (nameLength << 4) | (namespace << 20);
  }

  static int sized(int kind, boolean coded, int length) {
    return kind | (coded ? CODED : 0) | (length << 4);
  }

  /** How many integers a node of this kind takes. */
  static int width(int kind) {
    return switch (kind) {
      case TEXT, CDATA -> 3;
      case COMMENT, INSTRUCTION -> 4;
      default -> 5;
    };
  }

  /** Adds a node of three integers and tells its index. */
  int add(int head, int start, int parent) {
    int at = length;
    if (cells.length < at + 5) {
      cells = Arrays.copyOf(cells, Math.addExact(cells.length, cells.length >> 1) + 5);
    }
    cells[at] = head;
    cells[at + 1] = start;
    cells[at + 2] = parent;
    length = at + 3;
    return at;
  }

  int add(int head, int start, int parent, int fourth) {
    int at = add(head, start, parent);
    cells[at + 3] = fourth;
    length = at + 4;
    return at;
  }

  int add(int head, int start, int parent, int fourth, int fifth) {
    int at = add(head, start, parent);
    cells[at + 3] = fourth;
    cells[at + 4] = fifth;
    length = at + 5;
    return at;
  }

  /** The finished nodes; this tape is not used afterwards. */
  int[] trimmed() {
    return cells.length - length > SLACK ? Arrays.copyOf(cells, length) : cells;
  }
}
