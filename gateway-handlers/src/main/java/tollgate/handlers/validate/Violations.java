package tollgate.handlers.validate;

import java.util.ArrayList;
import java.util.List;
import tollgate.core.fault.FaultError;
import tollgate.core.fault.FaultError.Place;

/**
 * What is wrong with one message, in order. One thread.
 *
 * <p>Only the first are kept; texts name what the schema says, and of the message only the names on
 * the way to the place, cut and escaped: never a value.
 */
final class Violations {
  /** More are counted, not kept. */
  static final int MAX = 20;

  private static final int MAX_PLACE = 200;
  private static final int MAX_MESSAGE = 300;

  private final List<FaultError> kept = new ArrayList<>(4);
  private int count;

  boolean isEmpty() {
    return count == 0;
  }

  int count() {
    return count;
  }

  List<FaultError> kept() {
    return kept;
  }

  /**
   * @param pointer a JSON Pointer; empty for the whole
   * @param message goes on from the place
   */
  void add(String pointer, String message) {
    add(new Place.Pointer(printable(pointer, MAX_PLACE)), message);
  }

  /** At an XPath. */
  void addAtPath(String path, String message) {
    add(new Place.Path(printable(path, MAX_PLACE)), message);
  }

  /**
   * @param in what kind of parameter
   * @param name empty for all of that kind
   * @param pointer into its value; empty for the whole
   */
  void addAtParameter(String in, String name, String pointer, String message) {
    add(
        new Place.Parameter(in, printable(name, MAX_PLACE), printable(pointer, MAX_PLACE)),
        message);
  }

  private void add(Place place, String message) {
    count++;
    if (kept.size() < MAX) {
      kept.add(new FaultError(place, printable(message, MAX_MESSAGE)));
    }
  }

  /** Counts further ones that nobody will look at. */
  void addUnseen(int more) {
    count += more;
  }

  /** One line: {@code /lines/0/count: is no integer; /id: is missing; and 3 more}. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (FaultError violation : kept) {
      text.append(text.isEmpty() ? "" : "; ")
          .append(violation.place())
          .append(": ")
          .append(violation.detail());
    }
    return count > kept.size()
        ? text.append("; and ").append(count - kept.size()).append(" more").toString()
        : text.toString();
  }

  /** Without control characters and lone surrogates, and not longer than a line. */
  private static String printable(String text, int most) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), most));
    for (int i = 0; i < text.length(); ) {
      if (out.length() >= most) {
        return out.append("...").toString();
      }
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      switch (Character.getType(c)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR,
            Character.PRIVATE_USE,
            Character.SURROGATE,
            Character.UNASSIGNED ->
            out.append('?');
        default -> out.appendCodePoint(c);
      }
    }
    return out.toString();
  }
}
