package tollgate.core.message.scan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.Charset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.message.scan.Finding.Kind;

class XmlScannerTest {
  private static final XmlLimits LOOSE =
      new XmlLimits(
          10_000, 1_000_000, 1_000_000, 1_000, 1_000, 60_000, 1_000_000, 1_000_000, Long.MAX_VALUE);

  private static final XmlLimits TIGHT = new XmlLimits(3, 6, 3, 2, 2, 7, 6, 8, 120);

  private static final Pattern EMPTY_PREFIX = Pattern.compile("[\\s</]:|<\\?[^ ?]*:");

  private static @Nullable Finding finding(XmlLimits limits, byte[] payload) {
    return Cut.all(() -> new XmlScanner(limits, Cut.WINDOW, null), payload, new Random(1));
  }

  private static @Nullable Finding finding(XmlLimits limits, String payload) {
    return finding(limits, payload.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a/>",
        "<a></a>",
        "<a ></a >",
        "<a\n\tb='1'\r\nc=\"2\" />",
        " \n<a/>\n ",
        "<?xml version=\"1.0\"?><a/>",
        "<?xml version='1.0' encoding='utf-8' standalone='yes'?><a/>",
        "\uFEFF<?xml version='1.0' encoding='UTF-8'?><a/>",
        "\uFEFF<a/>",
        "<!-- c --><?p?><a/><!-- - - --><?p q ?? ?>",
        "<a>&lt;&gt;&amp;&apos;&quot;&#65;&#x41;&#x10FFFF;</a>",
        "<a b='&lt;&#10;'/>",
        "<a><![CDATA[ <>&]] ]> ]]]]></a>",
        "<a>]] ></a>",
        "<a>]]</a>",
        "<ä ö='ü'>é€😀</ä>",
        "<a xmlns='u'><b/></a>",
        "<p:a xmlns:p='u' p:b='1' b='2'/>",
        "<a xmlns:p='u' xmlns:q='v' p:b='1' q:b='2'/>",
        "<a xml:lang='en' xml:space='preserve'/>",
        "<a xmlns:xml='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns='u'><b xmlns=''/></a>",
        "<a><b xmlns:p='u'/><c xmlns:p='u'><p:d/></c></a>",
        "<a b='>'/>",
        "<a>></a>",
        "<a>\u007f</a>",
        "<xmlfoo/>",
        "<a-b.c_d1/>",
      })
  void readsWhatIsWellFormed(String payload) {
    assertThat(finding(LOOSE, payload)).isNull();
    assertThat(isXml(payload.getBytes(UTF_8))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "<a>",
        "</a>",
        "<a></b>",
        "<a></ab>",
        "<ab></a>",
        "<a/><b/>",
        "<a/>x",
        "x<a/>",
        "<a/>&#10;",
        "<a b/>",
        "<a b=1/>",
        "<a b='1'c='2'/>",
        "<a b='1' b='2'/>",
        "<a b='<'/>",
        "<a b='1/>",
        "<a / >",
        "< a/>",
        "<1/>",
        "<-a/>",
        "<a><!-- -- --></a>",
        "<a><!--- ---></a>",
        "<!- x --><a/>",
        "<a>]]></a>",
        "<![CDATA[x]]><a/>",
        "<a><![cdata[x]]></a>",
        "<a><![CDATA[x]></a>",
        "<a>&nbsp;</a>",
        "<a>&lt</a>",
        "<a>&;</a>",
        "<a>&#;</a>",
        "<a>&#x;</a>",
        "<a>&#0;</a>",
        "<a>&#xD800;</a>",
        "<a>&#x110000;</a>",
        "<a>&#99999999999999999999;</a>",
        "<a>&#X41;</a>",
        "<a>&</a>",
        "<a>\u0000</a>",
        "<a>\u0001</a>",
        "<a>\uFFFE</a>",
        "<a\u0001/>",
        " <?xml version='1.0'?><a/>",
        "<a/><?xml version='1.0'?>",
        "<?XML?><a/>",
        "<?xml?><a/>",
        "<?xml encoding='utf-8'?><a/>",
        "<?xml version='1.0'encoding='utf-8'?><a/>",
        "<?xml version='1.0' standalone='maybe'?><a/>",
        "<?p q><a/>",
        "<p:a/>",
        "<a p:b='1'/>",
        "<a:/>",
        "<a:b:c xmlns:a='u'/>",
        "<a xmlns:p=''/>",
        "<a xmlns:xmlns='u'/>",
        "<a xmlns:xml='u'/>",
        "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns:p='http://www.w3.org/2000/xmlns/'/>",
        "<a xmlns='http://www.w3.org/XML/1998/namespace'/>",
        "<xmlns:a/>",
        "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>",
        "<a xmlns:p='u&amp;' xmlns:q='u&#38;' p:b='1' q:b='2'/>",
        "<a><b xmlns:p='u'/><p:c/></a>",
        "<a xmlns='u' xmlns='v'/>",
      })
  void refusesWhatIsNot(String payload) {
    Finding finding = finding(LOOSE, payload);
    assertThat(finding).isNotNull();
    assertThat(finding.kind()).isEqualTo(Kind.MALFORMED);
    assertThat(isXml(payload.getBytes(UTF_8))).as("the JDK's reader").isFalse();
  }

  /** The JDK's reader takes a name that begins with a colon, which namespaces do not. */
  @Test
  void refusesAnEmptyPrefix() {
    Finding finding = finding(LOOSE, "<:a/>");
    assertThat(finding).isNotNull();
    assertThat(finding.kind()).isEqualTo(Kind.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
        "<?xml version='1.0'?>\n<!-- x --><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "<a><!DOCTYPE a></a>",
      })
  void refusesDocumentTypes(String payload) {
    Finding finding = finding(LOOSE, payload);
    assertThat(finding).isNotNull();
    assertThat(finding.kind()).isEqualTo(Kind.DTD);
    assertThat(finding.offset()).isEqualTo(payload.indexOf("<!DOCTYPE"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "<a><b><c/></b></a>                  | null             | 0",
        "<a><b><c><d/></c></b></a>           | DEPTH            | 9",
        "<a><b/><c/><d/></a>                 | null             | 0",
        "<a><b/><c/><d/><e/></a>             | CHILDREN         | 15",
        "<a><!--1--><!--2--><?p?><e/></a>    | CHILDREN         | 24",
        "<a><b><c/><c/></b><b><c/><c/></b></a> | ELEMENTS       | 25",
        "<a b='1' c='2'/>                    | null             | 0",
        "<a b='1' c='2' d='3'/>              | ATTRIBUTES       | 15",
        "<abcdefg/>                          | null             | 0",
        "<abcdefgh/>                         | NAME_LENGTH      | 1",
        "<a abcdefgh='1'/>                   | NAME_LENGTH      | 3",
        "<a b='123456'/>                     | null             | 0",
        "<a b='1234567'/>                    | ATTRIBUTE_LENGTH | 6",
        "<a>12345678</a>                     | null             | 0",
        "<a>123456789</a>                    | TEXT_LENGTH      | 3",
        "<a><!--12345678--></a>              | null             | 0",
        "<a><!--123456789--></a>             | TEXT_LENGTH      | 7",
        "<a><![CDATA[12345678]]></a>         | null             | 0",
        "<a><![CDATA[123456789]]></a>        | TEXT_LENGTH      | 12",
        "<a><?p 1234567?></a>                | null             | 0",
        "<a><?p 12345678?></a>               | TEXT_LENGTH      | 6",
        "<a xmlns='u'><b xmlns:p='v'><c xmlns:q='w'/></b></a> | NAMESPACES | 43",
      })
  void countsAndSaysWhere(String payload, String kind, long offset) {
    Finding finding = finding(TIGHT, payload);
    if (kind.equals("null")) {
      assertThat(finding).isNull();
    } else {
      assertThat(finding).isNotNull();
      assertThat(finding.kind()).isEqualTo(Kind.valueOf(kind));
      assertThat(finding.offset()).isEqualTo(offset);
    }
  }

  @Test
  void readsEncodingsThatHoldAscii() {
    byte[] latin = "<?xml version='1.0' encoding='ISO-8859-1'?><é>ü</é>".getBytes(ISO_8859_1);
    assertThat(finding(LOOSE, latin)).isNull();
    assertThat(kind(LOOSE, "<é>ü</é>".getBytes(ISO_8859_1), null)).isEqualTo(Kind.MALFORMED);
    assertThat(kind(LOOSE, "<a>ü</a>".getBytes(ISO_8859_1), "iso-8859-1")).isNull();
    assertThat(kind(LOOSE, "<a>ü</a>".getBytes(UTF_8), "us-ascii")).isEqualTo(Kind.MALFORMED);
    assertThat(kind(LOOSE, "<a>ü</a>".getBytes(UTF_8), "UTF-8")).isNull();
    assertThat(kind(LOOSE, latin, "utf-8")).isEqualTo(Kind.UNSUPPORTED);
    assertThat(kind(LOOSE, latin, "ISO-8859-1")).isNull();
  }

  @Test
  void saysThatOtherEncodingsAreNotRead() {
    for (Charset encoding :
        List.of(UTF_16BE, UTF_16LE, Charset.forName("UTF-32BE"), Charset.forName("IBM037"))) {
      assertThat(kind(LOOSE, "<a/>".getBytes(encoding), null))
          .as(encoding.name())
          .isEqualTo(Kind.UNSUPPORTED);
    }
    for (String name : List.of("UTF-16", "UTF-7", "Shift_JIS", "IBM037", "x")) {
      byte[] declared = ("<?xml version='1.0' encoding='" + name + "'?><a/>").getBytes(UTF_8);
      assertThat(kind(LOOSE, declared, null)).as(name).isEqualTo(Kind.UNSUPPORTED);
      assertThat(kind(LOOSE, "<a/>".getBytes(UTF_8), name)).isEqualTo(Kind.UNSUPPORTED);
      assertThat(XmlScanner.reads(name)).isFalse();
    }
    assertThat(kind(LOOSE, "<?xml version='1.1'?><a/>".getBytes(UTF_8), null))
        .isEqualTo(Kind.UNSUPPORTED);
    byte[] marked = "\uFEFF<?xml version='1.0' encoding='ISO-8859-1'?><a/>".getBytes(UTF_8);
    assertThat(kind(LOOSE, marked, null)).isEqualTo(Kind.UNSUPPORTED);
    assertThat(kind(LOOSE, "\uFEFF<a/>".getBytes(UTF_8), "iso-8859-1")).isEqualTo(Kind.UNSUPPORTED);
  }

  private static @Nullable Kind kind(XmlLimits limits, byte[] payload, @Nullable String charset) {
    Finding finding =
        Cut.all(() -> new XmlScanner(limits, Cut.WINDOW, charset), payload, new Random(1));
    return finding == null ? null : finding.kind();
  }

  private static String text(byte[] payload) {
    return new String(payload, UTF_8);
  }

  /** Where the two differ it is left out: other encodings, and colons where the JDK minds none. */
  @Test
  void readsAsTheJdkDoes() {
    Random random = new Random(20261203);
    int good = 0;
    for (int round = 0; round < 6_000; round++) {
      byte[] payload = document(random);
      for (int edits = random.nextInt(3); edits > 0; edits--) {
        payload = edited(random, payload);
      }
      Finding finding = Cut.all(() -> new XmlScanner(LOOSE, Cut.WINDOW, null), payload, random);
      good += finding == null ? 1 : 0;
      if (finding != null
          && (finding.kind() != Kind.MALFORMED || EMPTY_PREFIX.matcher(text(payload)).find())) {
        continue;
      }
      assertThat(finding == null).as("%s: %s", text(payload), finding).isEqualTo(isXml(payload));
    }
    assertThat(good).isBetween(1_500, 4_500);
  }

  @Test
  void limitsAreTheSameHoweverAPayloadIsCut() {
    Random random = new Random(20261204);
    Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
    for (int round = 0; round < 6_000; round++) {
      byte[] payload = random.nextInt(20) == 0 ? plain(random) : document(random);
      if (random.nextInt(4) == 0) {
        payload = edited(random, payload);
      }
      Finding finding = Cut.all(() -> new XmlScanner(TIGHT, Cut.WINDOW, null), payload, random);
      if (finding != null) {
        kinds.merge(finding.kind(), 1, Integer::sum);
      }
    }
    assertThat(kinds)
        .containsKeys(
            Kind.MALFORMED,
            Kind.SIZE,
            Kind.DEPTH,
            Kind.ELEMENTS,
            Kind.CHILDREN,
            Kind.ATTRIBUTES,
            Kind.NAMESPACES,
            Kind.NAME_LENGTH,
            Kind.ATTRIBUTE_LENGTH,
            Kind.TEXT_LENGTH);
  }

  @Test
  void aMillionBytesOfAnyKindTakeNoMemory() {
    String[] repeated = {"<a>", "<a b='", "<a ", "<!--", "<?p ", "<a>x", "<a xmlns:a='"};
    for (String part : repeated) {
      Finding finding =
          Cut.whole(
              new XmlScanner(XmlLimits.DEFAULT, Cut.WINDOW, null),
              part.repeat(400_000).getBytes(UTF_8));
      assertThat(finding).isNotNull();
    }
  }

  private static boolean isXml(byte[] payload) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(payload));
      while (reader.hasNext()) {
        int event = reader.next();
        if (event == XMLStreamReader.DTD || event == XMLStreamReader.ENTITY_REFERENCE) {
          return false;
        }
      }
      return true;
    } catch (XMLStreamException | RuntimeException e) { // it throws others, too
      return false;
    }
  }

  private static byte[] document(Random random) {
    StringBuilder text = new StringBuilder();
    if (random.nextInt(3) == 0) {
      text.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    }
    misc(random, text);
    element(random, text, 3, "");
    misc(random, text);
    return text.toString().getBytes(UTF_8);
  }

  /** Elements within elements and no more. */
  private static byte[] plain(Random random) {
    String inner = "<c/>".repeat(random.nextInt(4));
    return ("<a>" + ("<b>" + inner + "</b>").repeat(random.nextInt(4)) + "</a>").getBytes(UTF_8);
  }

  private static void misc(Random random, StringBuilder text) {
    if (random.nextInt(3) == 0) {
      text.append(new String[] {"<!-- a-b -->", "<?p?>", "<?p q=?>", "\n"}[random.nextInt(4)]);
    }
  }

  private static void element(Random random, StringBuilder text, int depth, String prefixes) {
    String known = prefixes;
    StringBuilder attributes = new StringBuilder();
    for (String prefix : new String[] {"p", "q"}) {
      if (random.nextInt(4) == 0) {
        attributes.append(" xmlns:").append(prefix).append("='u").append(random.nextInt(2));
        attributes.append("'");
        known += prefix;
      }
    }
    String[] names = {"b", "cd", "ünf", "e.f-g", "h1"};
    for (int i = random.nextInt(3); i > 0; i--) {
      attributes.append(random.nextInt(5) == 0 ? "\n " : " ");
      if (!known.isEmpty() && random.nextBoolean()) {
        attributes.append(known.charAt(random.nextInt(known.length()))).append(':');
      }
      attributes.append(names[random.nextInt(names.length)]).append(random.nextInt(2));
      attributes.append(random.nextBoolean() ? "='" : " = '");
      attributes.append(new String[] {"", "1", "&amp;x", "ü\"", "&#xe4;"}[random.nextInt(5)]);
      attributes.append("'");
    }
    String name = names[random.nextInt(names.length)];
    if (!known.isEmpty() && random.nextInt(3) == 0) {
      name = known.charAt(random.nextInt(known.length())) + ":" + name;
    }
    text.append('<').append(name).append(attributes);
    if (random.nextInt(4) == 0) {
      text.append(random.nextBoolean() ? "/>" : " />");
      return;
    }
    text.append('>');
    String[] parts = {
      "text ",
      "ü€😀",
      "&lt;",
      "&#65;",
      "<![CDATA[a]]b]]>",
      "<!-- c -->",
      "<?p q?>",
      "\n  ",
      "]",
      "'\""
    };
    for (int i = random.nextInt(5); i > 0; i--) {
      if (depth > 0 && random.nextBoolean()) {
        element(random, text, depth - 1, known);
      } else {
        text.append(parts[random.nextInt(parts.length)]);
      }
    }
    text.append("</").append(name).append(random.nextInt(6) == 0 ? " >" : ">");
  }

  private static byte[] edited(Random random, byte[] payload) {
    byte[] interesting = "<>/='\"&;:!?-[] \nax#1".getBytes(UTF_8);
    if (payload.length == 0) {
      return payload;
    }
    int at = random.nextInt(payload.length);
    byte with = interesting[random.nextInt(interesting.length)];
    switch (random.nextInt(4)) {
      case 0 -> payload[at] = with;
      case 1 -> payload[at] = (byte) random.nextInt(128);
      case 2 -> {
        byte[] less = new byte[payload.length - 1];
        System.arraycopy(payload, 0, less, 0, at);
        System.arraycopy(payload, at + 1, less, at, less.length - at);
        return less;
      }
      default -> {
        byte[] more = new byte[payload.length + 1];
        System.arraycopy(payload, 0, more, 0, at);
        more[at] = with;
        System.arraycopy(payload, at, more, at + 1, payload.length - at);
        return more;
      }
    }
    return payload;
  }
}
