package tollgate.config.text;

/** Text from a configuration file made fit for one line of a log: quoted, escaped, cut. */
public final class Quoted {
  private static final int MAX_CHARS = 80;

  private Quoted() {}

  /**
   * The text in double quotes; control and other invisible characters are escaped, and what is
   * longer than 80 characters is cut.
   */
  public static String of(String text) {
    return '"' + escaped(text) + '"';
  }

  /** As {@link #of} without the quotes; for keys. */
  public static String escaped(String text) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), MAX_CHARS) + 8);
    for (int i = 0; i < text.length(); ) {
      if (out.length() >= MAX_CHARS) {
        return out.append("...").toString();
      }
      int c = text.codePointAt(i);
      append(out, c);
      i += Character.charCount(c);
    }
    return out.toString();
  }

  private static void append(StringBuilder out, int c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (isPrintable(c)) {
          out.appendCodePoint(c);
        } else {
          out.append(String.format("\\u{%x}", c));
        }
      }
    }
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
