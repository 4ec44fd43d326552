package tollgate.core.message.json;

import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;

/** Makes JSON up: all kinds of values, odd names, odd escapes, blanks. Seeded, so repeatable. */
public final class RandomJson {
  private static final String[] STRINGS = {
    "",
    "a",
    "abc",
    "1k",
    "$",
    "@id",
    "item",
    "json",
    "xmlns",
    "xml",
    "x:y",
    "__proto__",
    "a b",
    "\\u0000",
    "\\u0000x",
    "\\ud800",
    "\\udc00\\ud800",
    "\\ud83d\\ude00",
    "\\uD83D\\uDE00",
    "\\\"",
    "\\\\",
    "\\/",
    "\\b\\f\\n\\r\\t",
    "\\u000a",
    "\\u00e9",
    "\u00e9",
    "\u20ac",
    "\ud83d\ude00",
    "\uffff",
    "\ufffe",
    "\u0085",
    "\u2028",
    "\u007f",
    "<&>'",
    "]]>",
    " a ",
    "\\t",
    "-",
    "0",
    "007",
    "true",
    "null",
    "a\u00b7",
    "\\u0061",
    "\\\\xFFFE",
    "member",
    "_1",
  };
  private static final String[] NUMBERS = {
    "0",
    "-0",
    "1",
    "-1",
    "1.0",
    "1e5",
    "1E+2",
    "1e-2",
    "0.10000000000000000000000001",
    "1e400",
    "1e999999",
    "-1e-999999",
    "9223372036854775808",
    "1234567890123456789012345678901234567890",
    "0.0",
    "0e0",
    "123.456e789",
  };

  private final Random random;
  private final boolean hasBlanks;

  public RandomJson(long seed, boolean hasBlanks) {
    this.random = new Random(seed);
    this.hasBlanks = hasBlanks;
  }

  /** A document. */
  public String next() {
    StringBuilder text = new StringBuilder();
    value(text, 5);
    return text.toString();
  }

  private void value(StringBuilder text, int depth) {
    blank(text);
    switch (random.nextInt(depth > 0 ? 9 : 5)) {
      case 0 -> text.append("null");
      case 1 -> text.append(random.nextBoolean());
      case 2 -> text.append(NUMBERS[random.nextInt(NUMBERS.length)]);
      case 3, 4 -> text.append('"').append(string()).append('"');
      case 5, 6 -> array(text, depth - 1);
      default -> object(text, depth - 1);
    }
    blank(text);
  }

  private void array(StringBuilder text, int depth) {
    text.append('[');
    int size = random.nextInt(4);
    for (int i = 0; i < size; i++) {
      text.append(i == 0 ? "" : ",");
      value(text, depth);
    }
    if (size == 0) {
      blank(text);
    }
    text.append(']');
  }

  private void object(StringBuilder text, int depth) {
    Set<String> names = new LinkedHashSet<>();
    Set<String> meanings = new LinkedHashSet<>();
    for (int size = random.nextInt(12); size > 0; size--) {
      String name = string();
      byte[] bytes = ('"' + name + '"').getBytes(java.nio.charset.StandardCharsets.UTF_8);
      if (meanings.add(JsonText.decode(bytes, 1, bytes.length - 1))) {
        names.add(name);
      }
    }
    text.append('{');
    boolean isFirst = true;
    for (String name : names) {
      text.append(isFirst ? "" : ",");
      isFirst = false;
      blank(text);
      text.append('"').append(name).append('"');
      blank(text);
      text.append(':');
      value(text, depth);
    }
    text.append('}');
  }

  private String string() {
    StringBuilder string = new StringBuilder();
    for (int parts = 1 + random.nextInt(3); parts > 0; parts--) {
      string.append(STRINGS[random.nextInt(STRINGS.length)]);
    }
    return string.toString();
  }

  private void blank(StringBuilder text) {
    if (hasBlanks) {
      for (int count = random.nextInt(3); count > 0; count--) {
        text.append(" \n\r\t".charAt(random.nextInt(4)));
      }
    }
  }
}
