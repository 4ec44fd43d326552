package tollgate.core.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.media.MediaType;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.json.JsonParser;

class MessageFormatsTest {
  private static final MessageFormats FORMATS = MessageFormats.builtIn();

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "application/json, json",
        "Application/JSON;charset=utf-8, json",
        "text/json, json",
        "application/problem+json, json",
        "application/hal+JSON; a=b, json",
        "application/x-ndjson, ndjson",
        "application/x-www-form-urlencoded, form",
        "text/plain; charset=utf-8, text",
        "text/html, -",
        "image/png, -",
        "application/octet-stream, -",
        "application/jsonx, -",
        "application/x+jsonx, -",
      })
  void aTypeHasOneFormatOrNone(String type, @Nullable String name) {
    MediaType media = MediaType.of(type);
    MessageFormat format = FORMATS.format(media);
    assertThat(format == null ? null : format.name()).isEqualTo(name);
    assertThat(FORMATS.builder(media) == null).isEqualTo(name == null);
    assertThat(FORMATS.formatter(media) == null).isEqualTo(name == null);
  }

  @Test
  void whatIsMappedByHandComesFirst() {
    MessageFormats mapped =
        FORMATS
            .mapped(Map.of("application/vnd.x", "json", "application/y+json", "binary"))
            .mapped(Map.of("text/html", "text", "application/json", "binary"));
    assertThat(name(mapped, "application/vnd.x")).isEqualTo("json");
    assertThat(name(mapped, "application/y+json")).isNull();
    assertThat(name(mapped, "application/z+json")).isEqualTo("json");
    assertThat(name(mapped, "text/html")).isEqualTo("text");
    assertThat(name(mapped, "application/json")).isNull();
    assertThat(name(mapped.mapped(Map.of("application/json", "text")), "application/json"))
        .isEqualTo("text");
    assertThat(name(FORMATS, "application/json")).isEqualTo("json");
    assertThat(mapped.names()).contains("json", "ndjson", "form", "text", "binary");
    assertThatThrownBy(() -> FORMATS.mapped(Map.of("a/b", "yaml")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: one of");
  }

  @Test
  void namesAreTakenOnce() {
    MessageFormat text = TestBodies.format("text");
    assertThatThrownBy(() -> MessageFormats.of(List.of(text, text)))
        .isInstanceOf(IllegalArgumentException.class);
    MessageFormat binary =
        new MessageFormat("binary", List.of(), null, text.builder(), text.formatter());
    assertThatThrownBy(() -> MessageFormats.of(List.of(binary)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static @Nullable String name(MessageFormats formats, String type) {
    MessageFormat format = formats.format(MediaType.of(type));
    return format == null ? null : format.name();
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
  void jsonComesInAnyUnicode(String charset) {
    String text = "{\"a\":\"\u00e9\u20ac\ud83d\ude00\"}";
    for (String mark : new String[] {"", "\ufeff"}) {
      byte[] body = (mark + text).getBytes(Charset.forName(charset));
      Payload payload = TestBodies.build("json", MediaType.JSON, PayloadLimits.DEFAULT, body);
      assertThat(TestBodies.write("json", payload)).isEqualTo(text);
    }
  }

  @Test
  void jsonTakesTheCharsetItSays() {
    byte[] body = "\"\u00e9\"".getBytes(StandardCharsets.ISO_8859_1);
    MediaType latin = MediaType.of("application/json; charset=iso-8859-1");
    assertThat(TestBodies.build("json", latin, PayloadLimits.DEFAULT, body).json().string(0))
        .isEqualTo("\u00e9");
    assertThat(refusal("json", "application/json", body).kind()).isEqualTo(Kind.MALFORMED);
    assertThat(refusal("json", "application/json; charset=utf-7", body).kind())
        .isEqualTo(Kind.UNSUPPORTED);
    MalformedPayloadException e =
        refusal("json", "a/b; charset=us-ascii", new byte[] {'[', '\n', '"', (byte) 0x80});
    assertThat(e.getMessage()).isEqualTo("no text in US-ASCII at line 2, column 2");
  }

  @Test
  void aBodyIsBoundedByBytes() {
    PayloadLimits small = new PayloadLimits(4, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9);
    for (String format : new String[] {"json", "ndjson", "form", "text"}) {
      MessageBuilder builder = TestBodies.format(format).builder();
      ByteBuf body = Unpooled.copiedBuffer("\"abc\"", StandardCharsets.UTF_8);
      assertThatThrownBy(() -> builder.build(body, MediaType.JSON, small))
          .hasMessageContaining("more than 4 bytes");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1}\\n[2, 3]\\n|[{\"a\":1},[2,3]]|{\"a\":1}\\n[2,3]\\n",
        "1.0\\r\\n\\n  \\n\"x\"|[1.0,\"x\"]|1.0\\n\"x\"\\n",
        "\\n|[]|``",
      })
  void ndjsonIsAnArrayOfItsLines(String body, String json, String written) {
    Payload payload = build("ndjson", "application/x-ndjson", body.translateEscapes());
    assertThat(payload.json().toString()).isEqualTo(json);
    assertThat(TestBodies.write("ndjson", payload)).isEqualTo(written.translateEscapes());
  }

  @Test
  void ndjsonSaysWhichLineIsWrong() {
    for (String body : new String[] {"1\n2,3\n", "1\n2 3\n", "1\n2]\n[3"}) {
      assertThat(refusal("ndjson", "a/b", body.getBytes(StandardCharsets.UTF_8)))
          .hasMessage(
              "JSON: something after the value at line 2, column 2"
                  .replace("column 2", body.contains(" ") ? "column 3" : "column 2"));
    }
    assertThat(refusal("ndjson", "a/b", "[1,\n2]".getBytes(StandardCharsets.UTF_8)).line())
        .isEqualTo(1);
    assertThat(refusal("ndjson", "a/b", "\n\n{\"a\":}".getBytes(StandardCharsets.UTF_8)))
        .hasMessage("JSON: expected a value at line 3, column 6");
    assertThat(TestBodies.write("ndjson", Payload.of(JsonParser.parse("{ \"a\" : 1 }"))))
        .isEqualTo("{\"a\":1}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a=1&b=2&a=3|{\"a\":[\"1\",\"3\"],\"b\":\"2\"}|a=1&a=3&b=2",
        "a|{\"a\":\"\"}|a=",
        "a=&=b&&|{\"a\":\"\",\"\":\"b\"}|a=&=b",
        "a+b=c%20d%2Be|{\"a b\":\"c d+e\"}|a+b=c+d%2Be",
        "%C3%A9=%e2%82%ac%26%3D|{\"\u00e9\":\"\u20ac&=\"}|%C3%A9=%E2%82%AC%26%3D",
        "a=1=2|{\"a\":\"1=2\"}|a=1%3D2",
        "a=%00|{\"a\":\"\\u0000\"}|a=%00",
        "__proto__=1|{\"__proto__\":\"1\"}|__proto__=1",
        "a=\u00e9|{\"a\":\"\u00e9\"}|a=%C3%A9",
      })
  void aFormIsAnObjectOfStrings(String body, String json, String written) {
    Payload payload = build("form", "application/x-www-form-urlencoded", body);
    assertThat(payload.json().toString()).isEqualTo(json);
    assertThat(TestBodies.write("form", payload)).isEqualTo(written);
    assertThat(build("form", "application/x-www-form-urlencoded", written).json().toString())
        .isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a=%", "a=%4", "a=%4g", "%zz=1", "a=%ff", "a=%c3", "a=%ed%a0%80", "a=%c0%80"})
  void aFormIsReadStrictly(String body) {
    assertThat(
            refusal(
                    "form",
                    "application/x-www-form-urlencoded",
                    body.getBytes(StandardCharsets.UTF_8))
                .kind())
        .isEqualTo(Kind.MALFORMED);
  }

  @Test
  void aFormIsInTheCharsetItSays() {
    assertThat(build("form", "a/b; charset=iso-8859-1", "a=%e9").json().toString())
        .isEqualTo("{\"a\":\"\u00e9\"}");
    assertThat(refusal("form", "a/b; charset=utf-16", new byte[] {'a'}).kind())
        .isEqualTo(Kind.UNSUPPORTED);
  }

  @Test
  void aFormIsBoundedByFields() {
    PayloadLimits limits = new PayloadLimits(99, 9, 9, 2, 9, 9, 9, 9, 9, 9, 9);
    assertThatThrownBy(() ->
            TestBodies.build(
                "form", MediaType.FORM, limits, "a&b&c".getBytes(StandardCharsets.UTF_8)))
        .hasMessage("form: more than 2 fields at line 1, column 5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "{\"a\":{}}", "{\"a\":[[1]]}", "{\"a\":\"\\ud800\"}"})
  void whatNoFormCanSayIsRefused(String json) {
    assertThatThrownBy(() -> TestBodies.write("form", Payload.of(JsonParser.parse(json))))
        .isInstanceOf(MalformedPayloadException.class)
        .hasMessageStartingWith("form: ");
  }

  @Test
  void aFormWritesScalarsByTheirLexemes() {
    assertThat(
            TestBodies.write(
                "form", Payload.of(JsonParser.parse("{\"a\":1.0,\"b\":null,\"c\":[true,1e5]}"))))
        .isEqualTo("a=1.0&b=&c=true&c=1e5");
  }

  @Test
  void aTextIsOneString() {
    Payload payload = build("text", "text/plain", "\ufeffa \"b\"\n\u0000\u00e9");
    assertThat(payload.json().toString()).isEqualTo("\"a \\\"b\\\"\\n\\u0000\u00e9\"");
    assertThat(TestBodies.write("text", payload)).isEqualTo("a \"b\"\n\u0000\u00e9");
    assertThat(refusal("text", "text/plain", new byte[] {'a', '\n', (byte) 0xc0, 'b'}))
        .hasMessage("no text in UTF-8 at line 2, column 1");
    assertThat(TestBodies.write("text", Payload.of(JsonParser.parse("1.0")))).isEqualTo("1.0");
    assertThat(TestBodies.write("text", Payload.of(JsonParser.parse("[1, 2]"))))
        .isEqualTo("[1, 2]");
    assertThat(TestBodies.write("text", Payload.of(JsonParser.parse("null")))).isEmpty();
    Payload xml = Payload.of(payload.xml());
    assertThat(TestBodies.write("text", Payload.of(Payload.of(JsonParser.parse("1")).xml())))
        .startsWith("<json ");
    assertThat(xml.isXml()).isTrue();
  }

  @Test
  void aTextIsWrittenInTheCharsetOfItsType() {
    MessageFormatter text = TestBodies.format("text").formatter();
    ByteBuf out = Unpooled.buffer();
    Payload payload = Payload.of(JsonParser.parse("\"\u00e9\""));
    text.format(payload, MediaType.of("text/plain; charset=iso-8859-1"), out);
    assertThat(out.readByte()).isEqualTo((byte) 0xe9);
    assertThat(out.isReadable()).isFalse();
    assertThatThrownBy(() -> text.format(payload, MediaType.of("a/b; charset=us-ascii"), out))
        .isInstanceOf(MalformedPayloadException.class);
    assertThat(text.type(payload)).hasToString("text/plain; charset=utf-8");
  }

  @Test
  void facesAreMadeInTheShapeThatIsAskedFor() {
    Payload json = Payload.of(JsonParser.parse("{\"a\":1}"));
    assertThat(json.isJson()).isTrue();
    assertThat(json.xml().toString()).contains("j:type");
    assertThat(json.xml()).isSameAs(json.xml());
    Payload wso2 = json.in(JsonXml.Shape.WSO2);
    assertThat(wso2.xml().toString()).isEqualTo("<jsonObject><a>1</a></jsonObject>");
    assertThat(wso2.json()).isSameAs(json.json());
    Payload xml = Payload.of(wso2.xml());
    assertThat(xml.json().toString()).isEqualTo("{\"jsonObject\":{\"a\":\"1\"}}");
    assertThat(xml.in(JsonXml.Shape.WSO2).json().toString()).isEqualTo("{\"a\":1}");
    assertThat(xml.in(JsonXml.Shape.WSO2).shape()).isEqualTo(JsonXml.Shape.WSO2);
  }

  @Test
  void otherContentKnowsItsOwnFaces() {
    record Letter(String text) implements PayloadContent {
      @Override
      public tollgate.core.message.json.JsonDocument json() {
        return JsonParser.parse('"' + text + '"');
      }
    }
    Payload payload = Payload.of(new Letter("x"));
    assertThat(payload.isJson() || payload.isXml()).isFalse();
    assertThat(payload.content(Letter.class)).isNotNull();
    assertThat(payload.content(String.class)).isNull();
    assertThat(payload.json()).hasToString("\"x\"").isSameAs(payload.json());
    assertThat(payload.in(JsonXml.Shape.WSO2).xml()).hasToString("<jsonValue>x</jsonValue>");
  }

  private static Payload build(String format, String type, String body) {
    return TestBodies.build(
        format, MediaType.of(type), PayloadLimits.DEFAULT, body.getBytes(StandardCharsets.UTF_8));
  }

  private static MalformedPayloadException refusal(String format, String type, byte[] body) {
    return catchThrowableOfType(
        MalformedPayloadException.class,
        () -> TestBodies.build(format, MediaType.of(type), PayloadLimits.DEFAULT, body));
  }
}
