package tollgate.core.message.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.xml.namespace.NamespaceContext;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import tollgate.core.message.MalformedPayloadException;

class XmlPathTest {
  private static final Map<String, String> PREFIXES =
      Map.of("p", "urn:one", "q", "urn:two", "s", "urn:s");

  private static final String SHOP =
      """
      <shop xmlns:s='urn:s' xml:lang='en-GB'><!-- c --><?go now?>
      <item id='1' s:kind='a'><name>Tea</name><price>2.50</price></item>
      <item id='2'><name>Cof<![CDATA[fee]]></name><price>3</price></item>
      <s:item id='3'><name/><price>x</price></s:item>
      </shop>\
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/shop/item[1]/name => Tea",
        "/shop/item[2]/name/text() => Coffee",
        "count(//name/text()) => 2",
        "//s:item/@id => 3",
        "//@s:kind => a",
        "count(//@*) => 5",
        "count(//@s:*) => 1",
        "sum(//item/price) => 5.5",
        "sum(//price) => NaN",
        "//item[price > 2.6]/name => Coffee",
        "//item[last()]/@id => 2",
        "//item[position() = 1]/@id => 1",
        "(//price)[last()] => x",
        "//price[1] => 2.50",
        "count(//price[1]) => 3",
        "name(//s:item) => s:item",
        "local-name(//s:item) => item",
        "namespace-uri(//s:item) => urn:s",
        "string(//comment()) =>  c ",
        "//processing-instruction('go') => now",
        "count(//processing-instruction('gone')) => 0",
        "count(//price/ancestor::*) => 4",
        "name(//price[. = 3]/preceding-sibling::*) => name",
        "//item[1]/following-sibling::item/@id => 2",
        "count(//item[@id = 2]/following::price) => 1",
        "count(//item[@id = 2]/preceding::price) => 1",
        "count(/descendant-or-self::node()) => 22",
        "concat('a', 1 + 1, true()) => a2true",
        "substring('12345', 2, 3) => 234",
        "substring('12345', 1.5, 2.6) => 234",
        "substring('12345', 0 div 0, 3) => ",
        "substring('12345', -42, 1 div 0) => 12345",
        "substring-before('1999/04/01', '/') => 1999",
        "substring-after('1999/04/01', '/') => 04/01",
        "normalize-space('  a  b ') => a b",
        "translate('--aaa--', 'abc-', 'ABC') => AAA",
        "string-length('😀é') => 2",
        "boolean(//nothing) => false",
        "not(//item) => false",
        "//item[lang('en')]/@id => 1",
        "count(//item[lang('fr')]) => 0",
        "1 div 0 => Infinity",
        "-1 div 0 => -Infinity",
        "-(-(3)) => 3",
        "--3 => 3",
        "5 mod -2 => 1",
        "7 * 2 - 1 => 13",
        "10 div 4 => 2.5",
        "round(-2.5) => -2",
        "floor(2.7) + ceiling(2.1) => 5",
        "1000000000000000000 => 1000000000000000000",
        "0.000001 => 0.000001",
        "//item/price = 3 => true",
        "//item/price != 3 => true",
        "//nothing = 3 => false",
        "//nothing != 3 => false",
        "//item = true() => true",
        "2 > 1 and 1 >= 1 or false() => true",
        "1 < 2 < 1 => false",
        "//item/@id | //s:item/@id => 1",
        "count(//item | //item | //s:item) => 3",
        "id('1') => ",
        "number('-.5') => -0.5",
        "number('1e3') => NaN",
        "number(' 12 ') => 12",
        "number('+1') => NaN",
        "starts-with('abc', 'ab') => true",
        "contains('abc', 'd') => false",
      })
  void evaluates(String line) throws XmlPathException {
    int arrow = line.lastIndexOf(" => ");
    XmlPath path = XmlPath.compile(line.substring(0, arrow), PREFIXES);
    assertThat(path.string(shop())).isEqualTo(line.substring(arrow + 4));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "``; 0",
        "/shop/; 6",
        "//; 2",
        "a b; 2",
        "a[; 2",
        "a[1; 3",
        "'open; 0",
        "document(1); 0",
        "ext:function(1); 0",
        "$variable; 0",
        "unknown:a; 0",
        "a/unknown:*; 2",
        "count('a'); 6",
        "sum(1); 4",
        "'a' | b; 0",
        "(1)/a; 0",
        "1[2]; 0",
        "namespace::a; 0",
        "nowhere::a; 0",
        "a/foo(); 2",
        "concat('a'); 0",
        "true(1); 0",
        "a # b; 2",
        "a + ; 3",
        "); 0",
        "a:; 1",
      })
  void refusesAndTellsThePlace(String expression, int offset) {
    assertThatThrownBy(() -> XmlPath.compile(expression, PREFIXES))
        .isInstanceOfSatisfying(
            XmlPathException.class, e -> assertThat(e.offset()).as(e.reason()).isEqualTo(offset));
  }

  @Test
  void refusesWhatNestsTooDeepOrIsTooLong() {
    assertThatThrownBy(() -> XmlPath.compile("(".repeat(65) + "1" + ")".repeat(65), PREFIXES))
        .isInstanceOf(XmlPathException.class);
    assertThatThrownBy(() -> XmlPath.compile("1" + "+1".repeat(1000), PREFIXES))
        .isInstanceOf(XmlPathException.class);
    assertThatThrownBy(() -> XmlPath.compile(" ".repeat(5000), PREFIXES))
        .isInstanceOf(XmlPathException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//*[count(.//*[count(.//*) > 0]) > 0]",
        "//*[contains(string(/), string(.))]",
        "//*/following::*/preceding::*",
      })
  void stopsWhatTakesTooManySteps(String expression) throws XmlPathException {
    StringBuilder text = new StringBuilder("<a>");
    text.append("<b>text of some length</b>".repeat(20_000)).append("</a>");
    XmlDocument document = XmlParser.parse(text.toString().getBytes(StandardCharsets.UTF_8));
    String deep = "<a>".repeat(3000) + "</a>".repeat(3000);
    XmlDocument nested = XmlParser.parse(deep.getBytes(StandardCharsets.UTF_8));
    XmlPath path = XmlPath.compile(expression, Map.of());
    XmlDocument which = expression.contains("count") ? nested : document;
    assertThatThrownBy(() -> path.test(which))
        .isInstanceOfSatisfying(
            MalformedPayloadException.class,
            e -> assertThat(e.kind()).isEqualTo(MalformedPayloadException.Kind.TOO_COMPLEX));
  }

  @Test
  void selectsFromANodeOn() throws XmlPathException {
    XmlDocument shop = shop();
    int second = XmlPath.compile("//item[2]", PREFIXES).select(shop)[0];
    int[] names = XmlPath.compile("name", PREFIXES).select(shop, second);
    assertThat(names).hasSize(1);
    assertThat(shop.value(names[0])).isEqualTo("Coffee");
    assertThat(shop.line(names[0])).isEqualTo(3);
    assertThat(shop.column(names[0])).isEqualTo(14);
  }

  @Test
  void selectsWhatTheJdkSelects() throws Exception {
    Random random = new Random(11);
    for (int round = 0; round < 2_000; round++) {
      byte[] bytes = new RandomXml(random.nextInt(300)).bytes();
      XmlDocument document = XmlParser.parse(bytes);
      Document dom = JdkXml.dom(bytes);
      String expression = expression(random);
      assertThat(selected(document, expression))
          .as("round %d: %s over %s", round, expression, document)
          .isEqualTo(selected(dom, expression));
    }
  }

  /** XPath 1.0 2.2; beside the root element the JDK does not keep to it. */
  @Test
  void fiveAxesPartitionTheDocument() throws XmlPathException {
    XmlPath everything = XmlPath.compile("//node() | /", PREFIXES);
    for (int seed = 0; seed < 60; seed++) {
      XmlDocument document = XmlParser.parse(new RandomXml(seed).bytes());
      int[] all = everything.select(document);
      for (int node : all) {
        List<Integer> found = new ArrayList<>();
        for (String axis : List.of("self", "ancestor", "descendant", "following", "preceding")) {
          for (int at : XmlPath.compile(axis + "::node()", PREFIXES).select(document, node)) {
            found.add(at);
          }
        }
        assertThat(found)
            .as("seed %d node %d", seed, node)
            .containsExactlyInAnyOrderElementsOf(Arrays.stream(all).boxed().toList());
      }
    }
  }

  private static String expression(Random random) {
    String[] axes = {
      "",
      "",
      "",
      "descendant::",
      "@",
      "parent::",
      "ancestor::",
      "ancestor-or-self::",
      "following-sibling::",
      "preceding-sibling::",
      "following::",
      "self::",
      "descendant-or-self::"
    };
    String[] tests = {
      "*",
      "*",
      "node()",
      "text()",
      "a",
      "item",
      "p:a",
      "p:*",
      "q:item",
      "comment()",
      "x-1",
      "processing-instruction()",
      "processing-instruction('t')"
    };
    String[] predicates = {
      "[1]",
      "[2]",
      "[last()]",
      "[position() > 1]",
      "[@*]",
      "[*]",
      "[not(*)]",
      "[. = 'plain']",
      "[text()]",
      "[contains(., 'a')]",
      "[string-length(.) > 2]",
      "[count(*) = 1][1]",
      "[position() = last() - 1]",
      "[starts-with(name(), 'p')]",
      "[normalize-space()]",
      "[self::p:*]",
      "[.//*]",
      "[translate(., 'abc', 'xy') = .]",
      "[@a or @item]",
      "[2 > count(*)]"
    };
    StringBuilder text = new StringBuilder();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      text.append(random.nextInt(3) == 0 ? "//" : "/");
      String axis = axes[random.nextInt(axes.length)];
      // A DOM sorts attributes, so only one at a time can be asked for.
      text.append(axis).append(axis.equals("@") ? "item" : tests[random.nextInt(tests.length)]);
      for (int j = random.nextInt(3); j > 1; j--) {
        text.append(predicates[random.nextInt(predicates.length)]);
      }
      if (random.nextInt(3) == 0) {
        text.append(predicates[random.nextInt(predicates.length)]);
      }
    }
    return random.nextInt(6) == 0 ? "(" + text + ")[2]" : text.toString();
  }

  private static List<String> selected(XmlDocument document, String expression)
      throws XmlPathException {
    List<String> all = new ArrayList<>();
    for (int node : XmlPath.compile(expression, PREFIXES).select(document)) {
      Evaluation evaluation = new Evaluation(document, XmlPath.MAX_STEPS);
      all.add(
          (document.isText(node)
                  ? "text"
                  : document.kind(node).name().toLowerCase(java.util.Locale.ROOT))
              + " "
              + document.name(node)
              + " |"
              + evaluation.text(node)
              + "|");
    }
    return all;
  }

  private static List<String> selected(Document dom, String expression) throws Exception {
    XPath path = XPathFactory.newInstance().newXPath();
    path.setNamespaceContext(new Prefixes());
    NodeList nodes = (NodeList) path.evaluate(expression, dom, XPathConstants.NODESET);
    List<String> all = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      Node node = nodes.item(i);
      String text =
          node instanceof Document whole
              ? whole.getDocumentElement().getTextContent()
              : node.getTextContent();
      all.add(
          switch (node.getNodeType()) {
                case Node.DOCUMENT_NODE -> "document ";
                case Node.ELEMENT_NODE -> "element " + node.getNodeName();
                case Node.ATTRIBUTE_NODE -> "attribute " + node.getNodeName();
                case Node.COMMENT_NODE -> "comment ";
                case Node.PROCESSING_INSTRUCTION_NODE -> "instruction " + node.getNodeName();
                default -> "text ";
              }
              + " |"
              + text
              + "|");
    }
    return all;
  }

  private static XmlDocument shop() {
    return XmlParser.parse(SHOP.getBytes(StandardCharsets.UTF_8));
  }

  /** The prefixes for the JDK. */
  private static final class Prefixes implements NamespaceContext {
    @Override
    public String getNamespaceURI(String prefix) {
      return PREFIXES.getOrDefault(prefix, "");
    }

    @Override
    public String getPrefix(String uri) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Iterator<String> getPrefixes(String uri) {
      throw new UnsupportedOperationException();
    }
  }
}
