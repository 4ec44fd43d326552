package tollgate.core.message.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.PayloadLimits;

class XmlParserTest {
  @Test
  void keepsPrefixesNamespacesAndOrder() {
    XmlDocument document =
        parse(
            "<a:r xmlns:a='u1' xmlns='u2' z='1' a:y='&lt;'><b/><!--c--><?p d?>t<![CDATA[<]]></a:r>");
    int root = document.root();
    assertThat(document.name(root)).isEqualTo("a:r");
    assertThat(document.prefix(root)).isEqualTo("a");
    assertThat(document.localName(root)).isEqualTo("r");
    assertThat(document.namespace(root)).isEqualTo("u1");
    int attribute = document.firstAttribute(root);
    assertThat(document.name(attribute)).isEqualTo("z");
    assertThat(document.namespace(attribute)).isEmpty();
    attribute = document.nextAttribute(attribute);
    assertThat(document.value(attribute)).isEqualTo("<");
    assertThat(document.namespace(attribute)).isEqualTo("u1");
    assertThat(document.nextAttribute(attribute)).isEqualTo(XmlDocument.NONE);
    assertThat(document.declaredPrefix(document.firstNamespace(root))).isEqualTo("a");
    int child = document.firstChild(root);
    assertThat(document.namespace(child)).isEqualTo("u2");
    child = document.nextSibling(child);
    assertThat(document.kind(child)).isEqualTo(XmlKind.COMMENT);
    child = document.nextSibling(child);
    assertThat(document.name(child) + document.value(child)).isEqualTo("pd");
    child = document.nextSibling(child);
    assertThat(document.kind(child)).isEqualTo(XmlKind.TEXT);
    child = document.nextSibling(child);
    assertThat(document.kind(child)).isEqualTo(XmlKind.CDATA);
    assertThat(document.value(child)).isEqualTo("<");
    assertThat(document.nextSibling(child)).isEqualTo(XmlDocument.NONE);
    assertThat(document.value(root)).isEqualTo("t<");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "<a>~the document ends inside an element~1~4",
        "<a/><b/>~a second root element~1~5",
        "x<a/>~text outside of the root element~1~1",
        "<a></b>~an end tag of another name than its start tag~1~4",
        "</a>~an end tag without its start tag~1~1",
        "<a b></a>~an attribute without a value~1~5",
        "<a b=c/>~an attribute value without quotes~1~6",
        "<a b='1' b='2'/>~two attributes of one name~1~10",
        "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>~two attributes of one name~1~36",
        "<a xmlns:p='u' xmlns:p='v'/>~two declarations of one prefix~1~16",
        "<p:a/>~a prefix that is not declared~1~2",
        "<a p:b=''/>~a prefix that is not declared~1~4",
        "<a xmlns:p=''/>~a prefix declared for no namespace~1~4",
        "<a xmlns:xml='u'/>~a declaration of xml as something else~1~4",
        "<a xmlns:xmlns='u'/>~a declaration of the prefix xmlns~1~4",
        "<a>&b;</a>~a reference to an entity that is not predefined~1~4",
        "<a>&#0;</a>~a reference to no character of XML~1~4",
        "<a>&#xD800;</a>~a reference to no character of XML~1~4",
        "<a>& </a>~an & that begins no reference~1~4",
        "<a>]]></a>~]]> outside of a CDATA section~1~4",
        "<a><!-- -- --></a>~-- inside a comment~1~9",
        "<a b='<'/>~a < inside an attribute value~1~7",
        "<a:b:c/>~a name with two colons~1~5",
        "<1/>~a name was expected~1~2",
        "<!DOCTYPE a><a/>~a document type declaration, which is not allowed~1~1",
        "<a><!DOCTYPE a></a>~a document type declaration, which is not allowed~1~4",
        "<a><?xml version='1.0'?></a>~an XML declaration that is not at the beginning~1~4",
        "<?xml version='1.1'?><a/>~a version of XML other than 1.0~1~20",
        "<?xml encoding='UTF-8'?><a/>~an XML declaration without a version~1~7",
        "<?xml version='1.0' standalone='maybe'?><a/>~a standalone other than yes and no~1~39",
      })
  void refusesAndTellsThePlace(String text, String reason, int line, int column) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOfSatisfying(
            MalformedPayloadException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(reason);
              assertThat(e.kind()).isEqualTo(Kind.MALFORMED);
              assertThat(e.line()).isEqualTo(line);
              assertThat(e.column()).isEqualTo(column);
            });
  }

  @Test
  void countsLinesAndCharactersAndNotBytes() {
    MalformedPayloadException refusal =
        refusal("\ufeff<a>\r\n<ü>\r€😀\n é</x></a>".getBytes(UTF_8));
    assertThat(refusal.line()).isEqualTo(4);
    assertThat(refusal.column()).isEqualTo(3);
    assertThat(refusal.offset()).isEqualTo("<a>\r\n<ü>\r€😀\n é".getBytes(UTF_8).length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\ufeff",
        "<",
        "<a",
        "<a ",
        "<a b",
        "<a b=",
        "<a b='",
        "<a/",
        "<!",
        "<!-",
        "<?",
        "<a>&",
        "<a>&#",
        "<a><![CDATA[",
        "<a></a"
      })
  void refusesWhatEndsTooEarly(String text) {
    assertThat(refusal(text.getBytes(UTF_8)).kind()).isEqualTo(Kind.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c080",
        "e08080",
        "eda080",
        "f4908080",
        "ff",
        "80",
        "c3",
        "efbfbe",
        "f08080af",
        "01",
        "00"
      })
  void refusesWhatIsNoUtf8AndNoCharacter(String hex) {
    byte[] bad = java.util.HexFormat.of().parseHex(hex);
    for (String[] around :
        new String[][] {
          {"<a>", "</a>"},
          {"<a b='", "'/>"},
          {"<a><!--", "--></a>"},
          {"<a", "/>"},
          {"<a><![CDATA[", "]]></a>"},
          {"<a><?p ", "?></a>"}
        }) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes(around[0].getBytes(UTF_8));
      bytes.writeBytes(bad);
      bytes.writeBytes(around[1].getBytes(UTF_8));
      assertThat(refusal(bytes.toByteArray()).kind()).as(around[0]).isEqualTo(Kind.MALFORMED);
    }
  }

  @Test
  void takesNamesOfTheFifthEdition() {
    assertThat(parse("<𐐀x·/>").name(parse("<𐐀x·/>").root())).isEqualTo("𐐀x·");
  }

  @Test
  void normalizesLineEndsAndAttributes() {
    XmlDocument document = parse("<a b='x\r\n\ty&#10;&#13;'>l\r\nm\rn&#13;</a>");
    assertThat(document.value(document.firstAttribute(document.root()))).isEqualTo("x  y\n\r");
    assertThat(document.value(document.root())).isEqualTo("l\nm\nn\r");
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8,,",
    "UTF-8,utf-8,",
    "UTF-8,,UTF-8",
    "UTF-8,UTF-8,utf-8",
    "ISO-8859-1,iso-8859-1,",
    "ISO-8859-1,,ISO-8859-1",
    "ISO-8859-1,latin1,ISO-8859-1",
    "windows-1252,,windows-1252",
    "UTF-16BE,utf-16be,",
    "UTF-16LE,utf-16le,UTF-16",
    "UTF-16LE,,UTF-16LE",
    "UTF-16,,UTF-16",
    "UTF-16,,",
    "UTF-16,utf-16,UTF-16",
    "UTF-16BE,,UTF-16BE"
  })
  void readsEncodingsThatAreAgreedUpon(String actual, String parameter, String declared) {
    byte[] bytes = document(declared).getBytes(Charset.forName(actual));
    XmlDocument document = XmlParser.parse(bytes, parameter, PayloadLimits.DEFAULT);
    assertThat(document.value(document.root())).isEqualTo("é");
    String written = new String(document.toBytes(), UTF_8);
    assertThat(written).endsWith("<a>é</a>");
    XmlDocument again = XmlParser.parse(document.toBytes());
    assertThat(again.value(again.root())).isEqualTo("é");
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8,iso-8859-1,UTF-8",
    "UTF-8,utf-8,ISO-8859-1",
    "UTF-8,,UTF-16",
    "UTF-16,utf-8,",
    "UTF-16,,UTF-8",
    "UTF-16BE,utf-16,",
    "UTF-16BE,,UTF-8",
    "UTF-16LE,utf-16be,",
    "UTF-8,utf-16,",
    "ISO-8859-1,,",
    "UTF-8,us-ascii,",
    "UTF-8,,US-ASCII",
    "UTF-16BE,,"
  })
  void refusesEncodingsThatDisagree(String actual, String parameter, String declared) {
    byte[] bytes = document(declared).getBytes(Charset.forName(actual));
    assertThatThrownBy(() -> XmlParser.parse(bytes, parameter, PayloadLimits.DEFAULT))
        .isInstanceOfSatisfying(
            MalformedPayloadException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MALFORMED));
  }

  @Test
  void refusesEncodingsThatHideMarkup() {
    byte[] utf7 = "+ADw-a/+AD4-".getBytes(StandardCharsets.US_ASCII);
    assertThat(refusal(utf7).kind()).isEqualTo(Kind.MALFORMED);
    for (String label : new String[] {"utf-7", "UTF-7", "ibm037", "cp037", "ISO-2022-JP", "x"}) {
      assertThatThrownBy(
              () -> XmlParser.parse("<a/>".getBytes(UTF_8), label, PayloadLimits.DEFAULT))
          .isInstanceOfSatisfying(
              MalformedPayloadException.class,
              e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED));
      assertThat(refusal(document(label).getBytes(UTF_8)).kind()).isEqualTo(Kind.UNSUPPORTED);
    }
    byte[] ebcdic = document("IBM037").getBytes(Charset.forName("IBM037"));
    assertThat(refusal(ebcdic).kind()).isEqualTo(Kind.UNSUPPORTED);
  }

  @Test
  void limitsWhatItSays() {
    assertLimit(
        "<a><b><c/></b></a>", "elements too deep in one another", limits(9999, 2, 999, 99, 99, 99));
    assertLimit("<a><b/></a>", "a document that is too long", limits(10, 9, 9, 9, 9, 9));
    assertLimit("<a><b/>x</a>", "too many nodes", limits(99, 9, 2, 9, 9, 9));
    assertLimit("<abcd/>", "a name that is too long", limits(99, 9, 9, 3, 9, 9));
    assertLimit("<a>1234</a>", "a text that is too long", limits(99, 9, 9, 9, 3, 9));
    assertLimit("<a b='1234'/>", "a text that is too long", limits(99, 9, 9, 9, 3, 9));
    assertLimit("<a><!--1234--></a>", "a text that is too long", limits(99, 9, 9, 9, 3, 9));
    assertLimit("<a b='' c=''/>", "too many attributes on one element", limits(99, 9, 9, 9, 9, 1));
    assertLimit("<a><b/><b/></a>", "too many elements in one", limits(99, 9, 9, 9, 9, 1));
    assertThat(
            XmlParser.parse("<a><b/></a>".getBytes(UTF_8), null, limits(11, 2, 2, 1, 1, 1)).size())
        .isEqualTo(11);
  }

  private static void assertLimit(String text, String reason, PayloadLimits limits) {
    assertThatThrownBy(() -> XmlParser.parse(text.getBytes(UTF_8), null, limits))
        .isInstanceOfSatisfying(
            MalformedPayloadException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(reason);
              assertThat(e.kind()).isEqualTo(Kind.TOO_COMPLEX);
            });
  }

  private static PayloadLimits limits(
      int bytes, int depth, int nodes, int nameBytes, int stringBytes, int perElement) {
    return new PayloadLimits(
        bytes, depth, nodes, 1, 1, nameBytes, stringBytes, 1, perElement, perElement, 1);
  }

  private static String document(String encoding) {
    return encoding == null
        ? "<a>é</a>"
        : "<?xml version=\"1.0\" encoding='" + encoding + "'?><a>é</a>";
  }

  private static MalformedPayloadException refusal(byte[] bytes) {
    try {
      XmlParser.parse(bytes, null, PayloadLimits.DEFAULT);
    } catch (MalformedPayloadException e) {
      return e;
    }
    throw new AssertionError("accepted: " + new String(bytes, UTF_8));
  }

  private static XmlDocument parse(String text) {
    return XmlParser.parse(text.getBytes(UTF_8), null, PayloadLimits.DEFAULT);
  }
}
