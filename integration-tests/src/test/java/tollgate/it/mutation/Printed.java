package tollgate.it.mutation;

/** Bytes as a failure shows them: what is not visible ASCII is escaped. Any thread. */
public final class Printed {
  private static final int MOST = 6000;

  private Printed() {}

  public static String of(String latin1) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < latin1.length() && text.length() < MOST; i++) {
      char c = latin1.charAt(i);
      switch (c) {
        case '\r' -> text.append("\\r");
        case '\n' -> text.append("\\n");
        case '\\' -> text.append("\\\\");
        default -> {
          if (c < ' ' || c > '~') {
            text.append("\\x").append(Integer.toHexString(0x100 | c).substring(1));
          } else {
            text.append(c);
          }
        }
      }
    }
    return text.toString();
  }
}
