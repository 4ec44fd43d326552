package tollgate.handlers.validate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A set of code points as ranges; written the same way for either engine. One thread. */
final class CodePoints {
  static final int MAX = 0x10ffff;

  private final List<Range> ranges = new ArrayList<>();

  private record Range(int from, int to) {}

  CodePoints() {}

  /** Ranges by their ends, both included. */
  static CodePoints of(int... ends) {
    CodePoints points = new CodePoints();
    for (int i = 0; i < ends.length; i += 2) {
      points.add(ends[i], ends[i + 1]);
    }
    return points;
  }

  void add(int from, int to) {
    ranges.add(new Range(from, to));
  }

  void addAll(CodePoints others) {
    ranges.addAll(others.ranges);
  }

  CodePoints complement() {
    CodePoints rest = new CodePoints();
    List<Range> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingInt(Range::from));
    int next = 0;
    for (Range range : sorted) {
      if (range.from() > next) {
        rest.add(next, range.from() - 1);
      }
      next = Math.max(next, range.to() + 1);
    }
    if (next <= MAX) {
      rest.add(next, MAX);
    }
    return rest;
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** Inside of brackets. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (Range range : ranges) {
      text.append(literal(range.from()));
      if (range.to() > range.from()) {
        text.append('-').append(literal(range.to()));
      }
    }
    return text.toString();
  }

  /** One code point, in or outside of brackets. */
  static String literal(int codePoint) {
    return codePoint < 0x80 && Character.isLetterOrDigit(codePoint)
        ? Character.toString(codePoint)
        : "\\x{" + Integer.toHexString(codePoint) + "}";
  }
}
