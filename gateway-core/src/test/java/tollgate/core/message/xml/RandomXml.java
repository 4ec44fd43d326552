package tollgate.core.message.xml;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Well-formed documents from a seed, written in as many ways as XML allows. One thread. */
final class RandomXml {
  private static final String[] LOCALS = {"a", "b", "item", "Ünï", "x-1", "_", "名"};
  private static final String[] PREFIXES = {"", "p", "q", "ns1", "é"};
  private static final String[] URIS = {
    "urn:one", "urn:two", "http://example.org/a?b=c&amp;d", "urn:ü"
  };
  private static final String[] TEXTS = {
    "plain",
    " ",
    "\n\t ",
    "&lt;&amp;&gt;",
    "&#x20;&#10;",
    "]]&gt;",
    "a\r\nb\rc",
    "äöü€",
    "😀",
    "&quot;'&apos;\"",
    "&#13;",
    "&#x1F600;",
    "]] >",
    "1.50",
    "\u007f\u0085\u2028",
    "&#0065;"
  };
  private static final String[] SPACES = {" ", "  ", "\n", "\t", "\r\n", " \n "};

  private final Random random;
  private final StringBuilder text = new StringBuilder();
  private int left;

  RandomXml(long seed) {
    random = new Random(seed);
  }

  String document() {
    left = 1 + random.nextInt(60);
    if (random.nextInt(3) == 0) {
      text.append("<?xml version='1.0'");
      text.append(random.nextBoolean() ? " encoding=\"UTF-8\"" : "");
      text.append(random.nextInt(4) == 0 ? "\nstandalone = 'yes'" : "").append("?>");
    }
    misc();
    element(List.of(), 0);
    misc();
    return text.toString();
  }

  byte[] bytes() {
    return document().getBytes(StandardCharsets.UTF_8);
  }

  private void misc() {
    for (int i = random.nextInt(3); i > 0; i--) {
      switch (random.nextInt(3)) {
        case 0 -> text.append(one(SPACES));
        case 1 -> comment();
        default -> instruction();
      }
    }
  }

  private void element(List<String> bound, int depth) {
    left--;
    List<String> inScope = new ArrayList<>(bound);
    List<String> tag = new ArrayList<>();
    List<String> declaredHere = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      String prefix = one(PREFIXES);
      if (!declaredHere.contains(prefix)) {
        declaredHere.add(prefix);
        boolean undeclared = prefix.isEmpty() && random.nextInt(3) == 0;
        tag.add(
            (prefix.isEmpty() ? "xmlns" : "xmlns:" + prefix)
                + equal()
                + quoted(undeclared ? "" : one(URIS)));
        if (!prefix.isEmpty() && !inScope.contains(prefix)) {
          inScope.add(prefix);
        }
      }
    }
    List<String> names = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      String local = one(LOCALS);
      // Two prefixes may stand for one namespace: a local name once is never a duplicate.
      if (!names.contains(local)) {
        names.add(local);
        tag.add(random.nextInt(tag.size() + 1), name(inScope, local) + equal() + value());
      }
    }
    if (random.nextInt(8) == 0) {
      tag.add("xml:lang" + equal() + quoted("en"));
    }
    String name = name(inScope, one(LOCALS));
    text.append('<').append(name);
    tag.forEach(part -> text.append(one(SPACES)).append(part));
    text.append(random.nextInt(4) == 0 ? one(SPACES) : "");
    if (random.nextInt(4) == 0) {
      text.append("/>");
      return;
    }
    text.append('>');
    content(inScope, depth);
    text.append("</").append(name).append(random.nextInt(6) == 0 ? " " : "").append('>');
  }

  private void content(List<String> inScope, int depth) {
    for (int i = random.nextInt(5); i > 0 && left > 0; i--) {
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          if (depth < 12) {
            element(inScope, depth + 1);
          }
        }
        case 3 -> comment();
        case 4 -> instruction();
        case 5 ->
            text.append("<![CDATA[")
                .append(one(new String[] {"", "<&>", "]]", "]", "a\r\nb"}))
                .append("]]>");
        default -> text.append(one(TEXTS));
      }
    }
  }

  private String name(List<String> inScope, String local) {
    return inScope.isEmpty() || random.nextInt(3) == 0
        ? local
        : inScope.get(random.nextInt(inScope.size())) + ":" + local;
  }

  private void comment() {
    text.append("<!--")
        .append(one(new String[] {"", " c ", "<&-é>", "- - ", "\r\n"}))
        .append("-->");
  }

  private void instruction() {
    text.append("<?")
        .append(one(new String[] {"t", "t x='1'", "go  \tü?&<", "n\r\nm"}))
        .append("?>");
  }

  private String value() {
    String value = one(TEXTS).replace("\"", "&quot;");
    return random.nextBoolean() ? '"' + value + '"' : '\'' + value.replace("'", "&#39;") + '\'';
  }

  private String quoted(String plain) {
    return random.nextBoolean() ? '"' + plain + '"' : '\'' + plain + '\'';
  }

  private String equal() {
    return random.nextInt(6) == 0 ? one(SPACES) + "=" + one(SPACES) : "=";
  }

  private String one(String[] of) {
    return of[random.nextInt(of.length)];
  }
}
