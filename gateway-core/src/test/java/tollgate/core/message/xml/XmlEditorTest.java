package tollgate.core.message.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.xml.XmlEditor.Where;

class XmlEditorTest {
  private static final List<Where> PLACES = List.of(Where.values());

  @Test
  void setsTextOfElementsAttributesAndTexts() throws XmlPathException {
    XmlDocument document = parse("<a b='1'><c>x<d/></c>one<![CDATA[two]]><!--z--></a>");
    XmlDocument edited =
        new XmlEditor(document)
            .setText(at(document, "//c"), "<&>")
            .setText(at(document, "//@b"), "\"\n")
            .setText(at(document, "/a/text()"), "three")
            .setText(at(document, "//comment()"), "y")
            .edited();
    assertThat(edited).hasToString("<a b=\"&quot;&#10;\"><c>&lt;&amp;&gt;</c>three<!--y--></a>");
    assertThat(document).hasToString("<a b='1'><c>x<d/></c>one<![CDATA[two]]><!--z--></a>");
  }

  @Test
  void setsAttributesThatAreThereOrNot() throws XmlPathException {
    XmlDocument document = parse("<p:a xmlns:p='u' b='1'/>");
    XmlDocument edited =
        new XmlEditor(document)
            .setAttribute(document.root(), XmlName.of("b"), "2")
            .setAttribute(document.root(), XmlName.of("c"), "3")
            .setAttribute(document.root(), new XmlName("p", "u", "d"), "4")
            .setAttribute(document.root(), new XmlName("p", "v", "e"), "5")
            .edited();
    assertThat(edited)
        .hasToString("<p:a xmlns:p=\"u\" b=\"2\" c=\"3\" p:d=\"4\" xmlns:ns1=\"v\" ns1:e=\"5\"/>");
  }

  @Test
  void removesAndRenames() throws XmlPathException {
    XmlDocument document = parse("<a x='1' y='2'><b><c/></b>t<d/></a>");
    XmlDocument edited =
        new XmlEditor(document)
            .remove(at(document, "//@x"))
            .remove(at(document, "//b"))
            .remove(at(document, "//text()"))
            .rename(at(document, "//@y"), XmlName.of("z"))
            .rename(at(document, "//d"), new XmlName("q", "u", "e"))
            .edited();
    assertThat(edited).hasToString("<a z=\"2\"><q:e xmlns:q=\"u\"/></a>");
  }

  @Test
  void keepsNamespacesOfWhatIsNotRenamed() throws XmlPathException {
    XmlDocument document = parse("<a xmlns='u' xmlns:p='v' p:x='1'><b/><p:c/></a>");
    XmlDocument edited =
        new XmlEditor(document).rename(document.root(), new XmlName("p", "w", "a")).edited();
    assertThat(edited.namespace(edited.root())).isEqualTo("w");
    assertThat(
            XmlPath.compile("count(//u:b[../@v:x = 1] | //v:c)", Map.of("u", "u", "v", "v"))
                .number(edited))
        .isEqualTo(2);
    assertThatThrownBy(
            () -> new XmlEditor(document).rename(document.root(), XmlName.of("a")).edited())
        .isInstanceOf(MalformedPayloadException.class);
  }

  @Test
  void movesWithNamespaces() throws XmlPathException {
    XmlDocument document =
        parse("<a xmlns:p='u'><x xmlns:p='v' xmlns='w'><p:b p:k='1'><c/></p:b></x><y/></a>");
    XmlDocument edited =
        new XmlEditor(document)
            .move(at(document, "//*[local-name() = 'b']"), at(document, "//y"), Where.LAST)
            .edited();
    assertThat(
            XmlPath.compile("count(/a/y/v:b[@v:k]/w:c)", Map.of("v", "v", "w", "w")).number(edited))
        .isEqualTo(1);
    assertThat(XmlPath.compile("count(//w:x/*)", Map.of("w", "w")).number(edited)).isZero();
  }

  @Test
  void insertsAtEveryPlace() throws XmlPathException {
    XmlDocument document = parse("<a><b>t</b></a>");
    int b = at(document, "//b");
    XmlDocument edited =
        new XmlEditor(document)
            .insert(b, Where.BEFORE, XmlName.of("before"), "")
            .insert(b, Where.AFTER, XmlName.of("after"), "1")
            .insert(b, Where.FIRST, XmlName.of("first"), "")
            .insert(b, Where.LAST, parse("<last><x/></last>"), XmlDocument.DOCUMENT)
            .insert(b, Where.LAST, XmlName.of("later"), "")
            .edited();
    assertThat(edited)
        .hasToString("<a><before/><b><first/>t<last><x/></last><later/></b><after>1</after></a>");
  }

  @Test
  void movesAttributesToOtherElements() throws XmlPathException {
    XmlDocument document = parse("<a x='1'><b/></a>");
    assertThat(
            new XmlEditor(document)
                .move(at(document, "//@x"), at(document, "//b"), Where.LAST)
                .edited())
        .hasToString("<a><b x=\"1\"/></a>");
  }

  @Test
  void refusesWhatGivesNoDocument() throws XmlPathException {
    XmlDocument document = parse("<a x='1' y='2'><b/></a>");
    int b = at(document, "//b");
    assertFails(() -> new XmlEditor(document).remove(document.root()).edited());
    assertFails(
        () -> new XmlEditor(document).rename(at(document, "//@x"), XmlName.of("y")).edited());
    assertFails(() -> new XmlEditor(document).setText(b, "\u0000").edited());
    assertFails(() -> new XmlEditor(document).setText(b, "\ud800").edited());
    assertFails(() -> new XmlEditor(document).move(document.root(), b, Where.LAST));
    assertFails(() ->
        new XmlEditor(document).insert(document.root(), Where.AFTER, XmlName.of("c"), "").edited());
    assertFails(() ->
        new XmlEditor(document).insert(at(document, "//@x"), Where.LAST, XmlName.of("c"), ""));
  }

  @Test
  void changesNothingWithoutChanges() {
    for (int seed = 0; seed < 500; seed++) {
      byte[] bytes = new RandomXml(seed).bytes();
      assertThat(JdkXml.canonical(new XmlEditor(XmlParser.parse(bytes)).edited().toBytes()))
          .as("seed %d", seed)
          .isEqualTo(JdkXml.canonical(bytes));
    }
  }

  @Test
  void whateverIsEditedIsWellFormedAndItsTapeIsRight() {
    Random random = new Random(3);
    int made = 0;
    for (int round = 0; round < 2_000; round++) {
      XmlDocument document = XmlParser.parse(new RandomXml(random.nextInt(200)).bytes());
      int[] nodes = nodes(document);
      XmlEditor editor = new XmlEditor(document);
      try {
        for (int i = 0; i < 3; i++) {
          int node = nodes[random.nextInt(nodes.length)];
          int target = nodes[random.nextInt(nodes.length)];
          switch (random.nextInt(4)) {
            case 0 -> editor.move(node, target, PLACES.get(random.nextInt(4)));
            case 1 ->
                editor.rename(node, new XmlName("p", random.nextBoolean() ? "urn:one" : "n", "r"));
            case 2 -> editor.setText(node, "t");
            default -> editor.remove(node);
          }
        }
        XmlDocument edited = editor.edited();
        made++;
        assertThat(TapeText.of(edited)).isEqualTo(TapeText.of(XmlParser.parse(edited.toBytes())));
        assertThat(JdkXml.accepts(edited.toBytes())).isTrue();
      } catch (MalformedPayloadException e) {
        assertThat(e.reason()).startsWith("a document that cannot be edited so");
      }
    }
    assertThat(made).isGreaterThan(500);
  }

  private static int[] nodes(XmlDocument document) {
    try {
      return XmlPath.compile("//* | //text() | //@* | //comment()", Map.of()).select(document);
    } catch (XmlPathException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertFails(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(MalformedPayloadException.class);
  }

  private static int at(XmlDocument document, String path) throws XmlPathException {
    return XmlPath.compile(path, Map.of()).select(document)[0];
  }

  private static XmlDocument parse(String text) {
    return XmlParser.parse(text.getBytes(UTF_8));
  }
}
