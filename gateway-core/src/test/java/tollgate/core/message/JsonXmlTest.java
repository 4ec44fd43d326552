package tollgate.core.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.message.JsonXml.Shape;
import tollgate.core.message.json.DuplicateNames;
import tollgate.core.message.json.JsonDocument;
import tollgate.core.message.json.JsonParser;
import tollgate.core.message.json.RandomJson;
import tollgate.core.message.xml.XmlDocument;
import tollgate.core.message.xml.XmlParser;

class JsonXmlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1.0,\"b\":[],\"c\":{},\"d\":null,\"e\":\"\",\"f\":[1],\"g\":1e400,"
            + "\"h\":0.10000000000000000000000001,\"i\":\"\\u0000x\",\"1k\":true,"
            + "\"$\":[[1,[2]],\"3\"]}",
        "[]",
        "{}",
        "\"\"",
        "\"x\"",
        "1e5",
        "null",
        "true",
        "-0",
        "[[],[[]],{}]",
        "{\"\":{\"\":0}}",
        "[null,\"null\",\"\",\" \",\"\\n\",\"\\r\\n\",\"\\t\"]",
        "{\"xmlns\":1,\"xml:a\":2,\"XmL\":3}",
        "{\"json\":{\"json\":\"json\"},\"item\":[\"item\"],\"member\":1,\"j:type\":\"array\"}",
        "\"\\ud800\"",
        "\"\\ud83d\\ude00\"",
        "\"\\\\xFFFE\"",
        "\"\uffff\\\\xFFFF\ufffe\"",
        "{\"\uffff\":1,\"\\\\xFFFF\":2}",
        "{\"a\\/b\":\"\\/\",\"\\u0061\":\"\\u0062\"}",
        "\"<a>&amp;]]>\"",
        "{\"@a\":1,\"a\":2,\"#text\":3}",
        "{\"__proto__\":{\"a\":1}}",
        "\"\\u0085\u0085\\u2028\u2028\"",
        "[9223372036854775808,-1E-999999]",
      })
  void exactGivesBackEveryLexeme(String text) {
    XmlDocument xml = JsonXml.toXml(JsonParser.parse(text), Shape.EXACT);
    assertThat(JsonXml.toJson(xml, Shape.EXACT).toString()).isEqualTo(text);
    assertThat(JsonXml.toJson(reread(xml), Shape.EXACT).toString()).isEqualTo(text);
  }

  @Test
  void exactIsExactForAnyJson() {
    for (int seed = 0; seed < 3000; seed++) {
      String text = new RandomJson(seed, false).next();
      XmlDocument xml = JsonXml.toXml(JsonParser.parse(text), Shape.EXACT);
      assertThat(JsonXml.toJson(reread(xml), Shape.EXACT).toString())
          .as("seed %s: %s", seed, xml)
          .isEqualTo(text);
    }
  }

  @Test
  void exactKeepsDuplicatesWhereTheyAreKept() {
    String text = "{\"a\":1,\"b\":2,\"a\":[3]}";
    JsonDocument json =
        JsonParser.parse(
            text.getBytes(StandardCharsets.UTF_8), PayloadLimits.DEFAULT, DuplicateNames.KEEP);
    XmlDocument xml = JsonXml.toXml(json, Shape.EXACT);
    assertThat(JsonXml.toJson(xml, Shape.EXACT, DuplicateNames.KEEP).toString()).isEqualTo(text);
    assertThatThrownBy(() -> JsonXml.toJson(xml, Shape.EXACT)).hasMessageContaining("a name twice");
  }

  @Test
  void exactLooksLikeThis() {
    assertThat(
            JsonXml.toXml(
                    JsonParser.parse(
                        "{\"id\":7,\"tags\":[\"a\"],\"1k\":true,\"note\":\"a\\/b\",\"none\":null}"),
                    Shape.EXACT)
                .toString())
        .isEqualTo(
            "<json xmlns:j=\"urn:tollgate:json\" j:type=\"object\">"
                + "<id j:type=\"number\">7</id>"
                + "<tags j:type=\"array\"><item>a</item></tags>"
                + "<member j:name=\"1k\" j:type=\"boolean\">true</member>"
                + "<note j:lexeme=\"a\\/b\">a/b</note>"
                + "<none j:type=\"null\"/></json>");
  }

  @Test
  void whatOthersChangedInExactXmlCounts() {
    String open = "<json xmlns:j='urn:tollgate:json' j:type='object'>";
    assertThat(exact(open + "<a j:lexeme='\\/'>x</a></json>")).isEqualTo("{\"a\":\"x\"}");
    assertThat(exact(open + "<a j:lexeme='\\/'></a></json>")).isEqualTo("{\"a\":\"\"}");
    assertThat(exact(open + "<a j:lexeme='\\u0000'></a></json>")).isEqualTo("{\"a\":\"\\u0000\"}");
    assertThat(exact(open + " <a j:type='number'> 7 </a> <!-- c --></json>"))
        .isEqualTo("{\"a\":7}");
    assertThat(exact(open + "<a><b>1</b><b>2</b></a></json>"))
        .isEqualTo("{\"a\":{\"b\":[\"1\",\"2\"]}}");
    assertThat(exact("<json xmlns:q='urn:tollgate:json' q:type='array'><x/><y>1</y></json>"))
        .isEqualTo("[\"\",\"1\"]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a j:type='number'>x</a>", "<a j:type='number'>01</a>", "<a j:type='number'/>",
        "<a j:type='boolean'>yes</a>", "<a j:type='null'>x</a>", "<a j:type='date'>x</a>",
        "<a j:type='object'>x</a>", "<a j:type='array'>x</a>", "<a j:type='string'><b/></a>",
        "<a j:type='number'>1<b/></a>", "<a j:name='\"'/>", "<a j:name='\\'/>",
        "<a j:lexeme='\\q'/>", "<a/><a/>", "<a/><b j:name='\\u0061'/>",
        "<a j:name='\",\"b'/>", "<a j:lexeme='\",\"b'/>",
      })
  void exactXmlThatIsNoJsonIsRefused(String content) {
    XmlDocument xml =
        parse("<json xmlns:j='urn:tollgate:json' j:type='object'>" + content + "</json>");
    MalformedPayloadException e =
        catchThrowableOfType(
            MalformedPayloadException.class, () -> JsonXml.toJson(xml, Shape.EXACT));
    assertThat(e.kind()).isEqualTo(MalformedPayloadException.Kind.MALFORMED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "<a/>|{\"a\":\"\"}",
        "<a> </a>|{\"a\":\" \"}",
        "<a>007</a>|{\"a\":\"007\"}",
        "<a x='1'>t</a>|{\"a\":{\"@x\":\"1\",\"$\":\"t\"}}",
        "<a x='1'/>|{\"a\":{\"@x\":\"1\"}}",
        "<a> <b>1</b> <c/> <b>2</b> </a>|{\"a\":{\"b\":[\"1\",\"2\"],\"c\":\"\"}}",
        "<a>x<b>y</b>z<b/></a>|{\"a\":{\"$\":[\"x\",{\"b\":\"y\"},\"z\",{\"b\":\"\"}]}}",
        "<p:a xmlns:p='u' p:x='1'/>|{\"p:a\":{\"@xmlns:p\":\"u\",\"@p:x\":\"1\"}}",
        "<a><!-- c --><b><![CDATA[<]]>&gt;</b><?p i?></a>|{\"a\":{\"b\":\"<>\"}}",
        "<json><a>1</a></json>|{\"json\":{\"a\":\"1\"}}",
        "<a><b x='1'><c>t<d/></c></b></a>"
            + "|{\"a\":{\"b\":{\"@x\":\"1\",\"c\":{\"$\":[\"t\",{\"d\":\"\"}]}}}}",
      })
  void xmlThatIsNoJsonIsReadByWhatStandsInIt(String xml, String json) {
    assertThat(exact(xml)).isEqualTo(json);
  }

  /** Of Synapse's own tests, where they agree with what is documented of it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id\":12345,\"array\":[1,2,[[],[{\"inner_id\":6789}]]],\"name\":null,\"object\":{},"
            + "\"$schema_location\":\"unknown\",\"12X12\":\"image12x12.png\"}"
            + "|<jsonObject><id>12345</id><array>1</array><array>2</array><array><jsonArray>"
            + "<jsonElement><jsonArray/></jsonElement><jsonElement><jsonArray><jsonElement>"
            + "<inner_id>6789</inner_id></jsonElement></jsonArray></jsonElement></jsonArray>"
            + "</array><name/><object/>"
            + "<_JsonReader_PS_schema_location>unknown</_JsonReader_PS_schema_location>"
            + "<_JsonReader_PD_12X12>image12x12.png</_JsonReader_PD_12X12></jsonObject>",
        "[1,\"a\",[2]]|<jsonArray><jsonElement>1</jsonElement><jsonElement>a</jsonElement>"
            + "<jsonElement><jsonArray><jsonElement>2</jsonElement></jsonArray></jsonElement>"
            + "</jsonArray>",
        "1e5|<jsonValue>1e5</jsonValue>",
        "{\"a\":{\"@id\":7,\"$\":\"t\",\"b\":[]}}|<jsonObject><a id=\"7\">t</a></jsonObject>",
        "{\"a b\":1,\"\":2,\"@c\":[3]}|<jsonObject><a_x0020_b>1</a_x0020_b><_x_>2</_x_>"
            + "<_x0040_c>3</_x0040_c></jsonObject>",
      })
  void wso2FromJson(String json, String xml) {
    assertThat(JsonXml.toXml(JsonParser.parse(json), Shape.WSO2).toString()).isEqualTo(xml);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "<jsonObject><a>1</a><b>true</b><c>4.00</c><d>007</d><e/><f>1e5</f></jsonObject>"
            + "|{\"a\":1,\"b\":true,\"c\":4.00,\"d\":\"007\",\"e\":null,\"f\":1e5}",
        "<jsonObject><a>1</a><a>x</a></jsonObject>|{\"a\":[1,\"x\"]}",
        "<jsonObject><?xml-multiple a?><a>1</a></jsonObject>|{\"a\":[1]}",
        "<jsonObject><?xml-multiple a?></jsonObject>|{\"a\":[]}",
        "<jsonObject><b><?xml-multiple a?></b></jsonObject>|{\"b\":{\"a\":[]}}",
        "<jsonArray><?xml-multiple jsonElement?><jsonElement/><jsonElement>1</jsonElement>"
            + "</jsonArray>|[null,1]",
        "<jsonArray/>|[]",
        "<jsonObject/>|{}",
        "<jsonValue>x</jsonValue>|\"x\"",
        "<jsonObject><a><jsonArray><jsonElement>1</jsonElement></jsonArray></a></jsonObject>"
            + "|{\"a\":[1]}",
        "<o xmlns:n='u' n:x='1'> <n:b y='2'>t</n:b> <_JsonReader_PS_k>v</_JsonReader_PS_k> </o>"
            + "|{\"o\":{\"@x\":\"1\",\"b\":{\"@y\":\"2\",\"$\":\"t\"},\"$k\":\"v\"}}",
        "<a xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:nil='true'/>"
            + "|{\"a\":{\"@nil\":\"true\"}}",
      })
  void wso2FromXml(String xml, String json) {
    assertThat(JsonXml.toJson(parse(xml), Shape.WSO2).toString()).isEqualTo(json);
  }

  @Test
  void wso2RefusesNamesThatFallTogether() {
    assertThatThrownBy(() ->
            JsonXml.toJson(
                parse("<jsonObject><a x='1'><_x0040_x>2</_x0040_x></a></jsonObject>"), Shape.WSO2))
        .hasMessageContaining("a name twice");
  }

  /** Every name, those that WSO2 cannot say too. */
  @Test
  void wso2NamesComeBack() {
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      StringBuilder name = new StringBuilder();
      for (int length = random.nextInt(6); length > 0; length--) {
        String[] parts = {
          "a",
          "1",
          "$",
          "_",
          "_x",
          "x0041_",
          "@",
          " ",
          "\u00e9",
          "-",
          ":",
          "\ud83d\ude00",
          "\ud800",
          "\u0000",
          "_x0041_",
          "_x_",
          "_JsonReader",
          "\uffff"
        };
        name.append(parts[random.nextInt(parts.length)]);
      }
      String encoded = XmlNames.encode(name.toString());
      assertThat(XmlNames.decode(encoded)).as(encoded).isEqualTo(name.toString());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "<alice>bob</alice>|{\"alice\":{\"$\":\"bob\"}}",
        "<alice><bob>charlie</bob><david>edgar</david></alice>"
            + "|{\"alice\":{\"bob\":{\"$\":\"charlie\"},\"david\":{\"$\":\"edgar\"}}}",
        "<alice><bob>charlie</bob><bob>david</bob></alice>"
            + "|{\"alice\":{\"bob\":[{\"$\":\"charlie\"},{\"$\":\"david\"}]}}",
        "<alice charlie=\"david\">bob</alice>|{\"alice\":{\"@charlie\":\"david\",\"$\":\"bob\"}}",
        "<alice xmlns=\"http://some\">bob</alice>"
            + "|{\"alice\":{\"@xmlns\":{\"$\":\"http://some\"},\"$\":\"bob\"}}",
        "<a:alice xmlns:a=\"u\" xmlns:c=\"v\" c:x=\"1\"><c:b/></a:alice>"
            + "|{\"a:alice\":{\"@xmlns\":{\"a\":\"u\",\"c\":\"v\"},\"@c:x\":\"1\",\"c:b\":{}}}",
        "<a xmlns=\"u\"><b xmlns=\"\"/></a>"
            + "|{\"a\":{\"@xmlns\":{\"$\":\"u\"},\"b\":{\"@xmlns\":{\"$\":\"\"}}}}",
        "<a/>|{\"a\":{}}",
        "<a>007</a>|{\"a\":{\"$\":\"007\"}}",
      })
  void badgerfishBothWays(String xml, String json) {
    assertThat(JsonXml.toJson(parse(xml), Shape.BADGERFISH).toString()).isEqualTo(json);
    assertThat(JsonXml.toXml(JsonParser.parse(json), Shape.BADGERFISH).toString()).isEqualTo(xml);
  }

  @Test
  void badgerfishReadsBareScalarsAndNumbers() {
    assertThat(
            JsonXml.toXml(
                    JsonParser.parse("{\"a\":{\"@n\":1,\"b\":[1.0,true,null,\"x\"],\"c\":[]}}"),
                    Shape.BADGERFISH)
                .toString())
        .isEqualTo("<a n=\"1\"><b>1.0</b><b>true</b><b/><b>x</b></a>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "[]",
        "{}",
        "{\"a\":1,\"b\":2}",
        "{\"a\":[1]}",
        "{\"@a\":1}",
        "{\"$\":1}",
        "{\"a\":{\"b\":[[1]]}}",
        "{\"a b\":1}",
        "{\"1\":1}",
        "{\"p:a\":1}",
        "{\"a\":{\"@p:x\":1}}",
        "{\"a\":{\"@x\":[]}}",
        "{\"a\":{\"$\":{}}}",
        "{\"a\":{\"$\":\"\\u0000\"}}",
        "{\"a\":{\"@x\":\"\\ud800\"}}",
        "{\"a\":{\"@xmlns\":\"u\"}}",
        "{\"a\":{\"@xmlns\":{\"p\":\"\"}}}",
        "{\"a\":{\"@xmlns\":{\"xml\":\"u\"}}}",
        "{\"a\":{\"@xmlns\":{\"p\":\"u\",\"q\":\"u\"},\"@p:x\":1,\"@q:x\":2}}",
        "{\"a:b:c\":1}",
        "{\"\":1}",
        "{\"a\":{\"\":1}}",
        "{\"a\":{\"@\":1}}",
        "{\"a\":{\"@:x\":1}}",
        "{\":a\":1}",
      })
  void badgerfishRefusesOtherJson(String json) {
    assertThatThrownBy(() -> JsonXml.toXml(JsonParser.parse(json), Shape.BADGERFISH))
        .isInstanceOf(MalformedPayloadException.class);
  }

  /**
   * What BadgerFish keeps: XML without comments, instructions and mixed content, in which elements
   * of one name stand together.
   */
  @Test
  void badgerfishGivesBackXml() {
    for (int seed = 0; seed < 2000; seed++) {
      StringBuilder text = new StringBuilder();
      element(new Random(seed), "r", 4, text);
      XmlDocument xml = parse(text.toString());
      JsonDocument json = JsonXml.toJson(xml, Shape.BADGERFISH);
      assertThat(JsonXml.toXml(json, Shape.BADGERFISH).toString())
          .as("seed %s: %s", seed, json)
          .isEqualTo(text.toString());
    }
  }

  private static void element(Random random, String name, int depth, StringBuilder text) {
    text.append('<').append(name);
    if (random.nextInt(3) == 0) {
      text.append(" xmlns=\"urn:").append(random.nextInt(2)).append('"');
    }
    if (random.nextInt(3) == 0) {
      text.append(" xmlns:p=\"urn:").append(random.nextInt(2)).append("\" p:x=\"1\"");
    }
    if (random.nextInt(3) == 0) {
      text.append(" a=\"&lt;&amp;&quot;").append(random.nextInt(9)).append('"');
    }
    int start = text.length();
    if (depth > 0 && random.nextInt(3) > 0) {
      for (String child : new String[] {"a", "_b", "c-1", "\u00e9"}) {
        for (int count = random.nextInt(3); count > 0; count--) {
          element(random, child, depth - 1, text.append(text.length() == start ? ">" : ""));
        }
      }
    } else if (random.nextBoolean()) {
      text.append(">t &amp; &lt;").append(random.nextInt(9));
    }
    if (text.length() == start) {
      text.append("/>");
    } else {
      text.append("</").append(name).append('>');
    }
  }

  @Test
  void depthCostsNoStack() {
    int depth = 50_000;
    String json = "{\"a\":[".repeat(depth) + "1" + "]}".repeat(depth);
    XmlDocument exact = JsonXml.toXml(JsonParser.parse(json), Shape.EXACT);
    assertThat(JsonXml.toJson(exact, Shape.EXACT).toString()).isEqualTo(json);
    String objects = "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
    for (Shape shape : new Shape[] {Shape.WSO2, Shape.BADGERFISH}) {
      XmlDocument xml = JsonXml.toXml(JsonParser.parse(objects), shape);
      assertThat(JsonXml.toJson(xml, shape).length()).isGreaterThan(objects.length() - 10);
    }
    XmlDocument nested = parse("<a>".repeat(depth) + "</a>".repeat(depth));
    for (Shape shape : Shape.values()) {
      assertThat(JsonXml.toJson(nested, shape).toString()).startsWith("{\"a\":{\"a\"");
    }
  }

  /** The bodies are well within limits; what they would become is not. */
  @Test
  void xmlOfJsonIsBounded() {
    String ones = "[" + "1,".repeat(3_000_000) + "1]";
    String name = "{\"" + "n".repeat(1000) + "\":[" + "1,".repeat(100_000) + "1]}";
    for (Shape shape : new Shape[] {Shape.EXACT, Shape.WSO2}) {
      JsonDocument json = JsonParser.parse(shape == Shape.EXACT ? ones : name);
      MalformedPayloadException e =
          catchThrowableOfType(MalformedPayloadException.class, () -> JsonXml.toXml(json, shape));
      assertThat(e.kind()).isEqualTo(MalformedPayloadException.Kind.TOO_COMPLEX);
    }
  }

  private static String exact(String xml) {
    return JsonXml.toJson(parse(xml), Shape.EXACT).toString();
  }

  private static XmlDocument reread(XmlDocument xml) {
    return XmlParser.parse(xml.toBytes(), null, PayloadLimits.NONE);
  }

  private static XmlDocument parse(String xml) {
    return XmlParser.parse(xml.getBytes(StandardCharsets.UTF_8), null, PayloadLimits.NONE);
  }
}
