package tollgate.core.message.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;
import tollgate.core.message.PayloadLimits;

class JsonParserTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "false",
        "0",
        "-0",
        "-0.0",
        "1E+2",
        "1e-2",
        "1e999999",
        "\"\"",
        "[]",
        "{}",
        "1234567890123456789012345678901234567890",
        "0.10000000000000000000000001",
        " [ ] ",
        "[[[[]]],{},[{}],\"\",0]",
        "{\"\":{\"\":{\"\":\"\"}}}",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\ud83d\\ude00\"",
        "{\"__proto__\":1,\"constructor\":2}",
        "\"\u00e9\u20ac\ud83d\ude00\uffff\u007f\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\t\n\r 1",
        "{\"a\":1,\"A\":2,\"\\u00c4\":3,\"\u00e4\":4}",
      })
  void keepsEveryLexeme(String text) {
    JsonDocument json = JsonParser.parse(text);
    assertThat(json.toString()).isEqualTo(text.strip());
    JsonDocument copy = new JsonComposer(0).copy(json, JsonDocument.ROOT).finish();
    assertThat(copy.toString()).isEqualTo(text.strip().replace(" ", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|1|1|an early end",
        "`  `|1|3|an early end",
        "[1,]|1|4|expected a value",
        "[1 2]|1|4|expected , or ]",
        "[1|1|3|an early end",
        "[1}|1|3|expected , or ]",
        "{\"a\":1]|1|7|expected , or }",
        "{\"a\" 1}|1|6|expected : after the name",
        "{a:1}|1|2|expected a name in quotes",
        "{\"a\":1,}|1|8|expected a name in quotes",
        "{,}|1|2|expected a name in quotes",
        "]|1|1|expected a value",
        "01|1|2|a number that begins with 0",
        "-|1|2|an early end",
        "-a|1|2|expected a digit",
        "1.|1|3|an early end",
        "1.e1|1|3|expected a digit",
        "1e|1|3|an early end",
        "+1|1|1|expected a value",
        ".5|1|1|expected a value",
        "0x1|1|2|something after the value",
        "1 2|1|3|something after the value",
        "[]]|1|3|something after the value",
        "nul|1|1|expected null",
        "True|1|1|expected a value",
        "NaN|1|1|expected a value",
        "'a'|1|1|expected a value",
        "\"a|1|3|an early end",
        "\"\\x\"|1|2|an unknown escape",
        "\"\\u12g4\"|1|6|expected four hexadecimal digits",
        "\"\\u12|1|6|an early end",
        "\"\\|1|3|an early end",
        "[\"\u00e9\u20ac\ud83d\ude00\",x]|1|8|expected a value",
        "{\"a\":1,\"a\":2}|1|8|a name that the object has already",
        "{\"a\":1,\"\\u0061\":2}|1|8|a name that the object has already",
        "{\"\":1,\"\":2}|1|7|a name that the object has already",
        "{\"\\ud83d\\ude00\":1,\"\ud83d\ude00\":2}|1|19|a name that the object has already",
        "{\"\\ud800\":1,\"\\uD800\":2}|1|13|a name that the object has already",
        "/**/1|1|1|expected a value",
        "[1]#|1|4|something after the value",
      })
  void saysWhatIsWrongAndWhere(String text, int line, int column, String reason) {
    MalformedPayloadException e = refusal(text.getBytes(StandardCharsets.UTF_8));
    assertThat(e.kind()).isEqualTo(Kind.MALFORMED);
    assertThat(e.reason()).isEqualTo("JSON: " + reason);
    assertThat(e.line()).isEqualTo(line);
    assertThat(e.column()).isEqualTo(column);
    assertThat(e.getStackTrace()).isEmpty();
  }

  @Test
  void countsLinesOfAnyEnd() {
    MalformedPayloadException e =
        refusal("[1,\n2,\r\n3,\r4,\n  x]".getBytes(StandardCharsets.UTF_8));
    assertThat(e.line()).isEqualTo(5);
    assertThat(e.column()).isEqualTo(3);
    assertThat(e.offset()).isEqualTo(16);
  }

  @Test
  void everyControlCharacterInAStringIsRefused() {
    for (int c = 0; c < 32; c++) {
      byte[] text = {'"', 'a', (byte) c, '"'};
      assertThat(refusal(text).offset()).isEqualTo(2);
      byte[] longer = ("\"" + "a".repeat(40) + (char) c + "\"").getBytes(StandardCharsets.UTF_8);
      assertThat(refusal(longer).offset()).isEqualTo(41);
    }
  }

  @Test
  void stringsAreValidUtf8AtEveryPlace() {
    List<byte[]> bad =
        List.of(
            bytes(0x80),
            bytes(0xc0, 0x80),
            bytes(0xc1, 0xbf),
            bytes(0xe0, 0x9f, 0xbf),
            bytes(0xed, 0xa0, 0x80),
            bytes(0xed, 0xbf, 0xbf),
            bytes(0xf0, 0x8f, 0xbf, 0xbf),
            bytes(0xf4, 0x90, 0x80, 0x80),
            bytes(0xf5, 0x80, 0x80, 0x80),
            bytes(0xff),
            bytes(0xc3),
            bytes(0xe2, 0x82),
            bytes(0xe2, 0x28, 0xa1),
            bytes(0xf0, 0x9f, 0x98));
    for (byte[] sequence : bad) {
      for (int before = 0; before < 20; before++) {
        byte[] text = new byte[before + sequence.length + 2];
        Arrays.fill(text, (byte) 'a');
        text[0] = '"';
        text[text.length - 1] = '"';
        System.arraycopy(sequence, 0, text, before + 1, sequence.length);
        assertThat(refusal(text).offset()).isEqualTo(before + 1);
      }
    }
  }

  @Test
  void everyCharacterPassesInAnyPlace() {
    for (int point = 0x20; point <= 0x10ffff; point += point < 0x3000 ? 1 : 251) {
      if (point == '"' || point == '\\' || (point >= 0xd800 && point <= 0xdfff)) {
        continue;
      }
      String text = '"' + "a".repeat(point % 9) + Character.toString(point) + "bcdefghij\"";
      assertThat(JsonParser.parse(text).lexeme(0)).isEqualTo(text);
    }
  }

  @Test
  void aMarkBeforeTheTextIsNoPartOfIt() {
    JsonDocument json = JsonParser.parse("\ufeff{\"a\":1}");
    assertThat(new String(json.toBytes(), StandardCharsets.UTF_8)).isEqualTo("{\"a\":1}");
    assertThatThrownBy(() -> JsonParser.parse("\ufeff")).hasMessageContaining("an early end");
    assertThatThrownBy(() -> JsonParser.parse("\ufeff\ufeff1")).hasMessageContaining("a value");
  }

  @Test
  void depthIsBoundedByTheLimitAlone() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    assertThat(JsonParser.parse(deep).toString()).isEqualTo(deep);
    assertThatThrownBy(() -> parse(deep, PayloadLimits.DEFAULT))
        .hasMessage("JSON: nested deeper than 512 at line 1, column 513");
    assertThatThrownBy(() -> JsonParser.parse("[".repeat(100_000)))
        .hasMessageContaining("an early end");
    String objects = "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000);
    JsonDocument json = JsonParser.parse(objects);
    assertThat(new JsonComposer(0).copy(json, 0).finish().toString()).isEqualTo(objects);
  }

  @Test
  void eachLimitIsKept() {
    limit("[[1]]", new int[] {99, 2, 99, 9, 9, 9, 9, 9}, 1, "nested deeper than 1");
    limit("[1,2]", new int[] {99, 9, 3, 9, 9, 9, 9, 9}, 2, "more than 2 values and names");
    limit("{\"a\":1,\"b\":2}", new int[] {99, 9, 99, 2, 9, 9, 9, 9}, 3, "more than 1 members");
    limit("[1,2,3]", new int[] {99, 9, 99, 9, 3, 9, 9, 9}, 4, "more than 2 values");
    limit("{\"abc\":1}", new int[] {99, 9, 99, 9, 9, 3, 9, 9}, 5, "a name of more than 2 bytes");
    limit("[\"abc\"]", new int[] {99, 9, 99, 9, 9, 9, 3, 9}, 6, "a string of more than 2 bytes");
    limit("[123]", new int[] {99, 9, 99, 9, 9, 9, 9, 3}, 7, "a number of more than 2 bytes");
    limit("[1, 2]", new int[] {6, 9, 99, 9, 9, 9, 9, 9}, 0, "more than 5 bytes");
  }

  /** The text passes under {@code limits}, and not if the one at {@code index} is one less. */
  private static void limit(String text, int[] limits, int index, String reason) {
    parse(text, limits(limits));
    limits[index]--;
    MalformedPayloadException e =
        catchThrowableOfType(MalformedPayloadException.class, () -> parse(text, limits(limits)));
    assertThat(e.kind()).isEqualTo(Kind.TOO_COMPLEX);
    assertThat(e.reason()).contains(reason);
  }

  private static PayloadLimits limits(int[] of) {
    return new PayloadLimits(of[0], of[1], of[2], of[3], of[4], of[5], of[6], of[7], 1, 1, 1);
  }

  @Test
  void duplicatesStayWhereThatIsAskedFor() {
    JsonDocument json =
        JsonParser.parse(
            "{\"a\":1,\"a\":2}".getBytes(StandardCharsets.UTF_8),
            PayloadLimits.DEFAULT,
            DuplicateNames.KEEP);
    assertThat(json.toString()).isEqualTo("{\"a\":1,\"a\":2}");
    assertThat(json.lexeme(json.member(0, "a"))).isEqualTo("1");
    assertThat(json.size(0)).isEqualTo(2);
  }

  @Test
  void aDuplicateIsFoundAmongMany() {
    for (int members : new int[] {2, 7, 8, 9, 10, 15, 16, 17, 1000}) {
      for (int twice = 0; twice < members; twice += Math.max(1, members / 10)) {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < members; i++) {
          text.append("\"name").append(i).append("\":{},");
        }
        String unique = text + "\"last\":[]}";
        assertThat(JsonParser.parse(unique).size(0)).isEqualTo(members + 1);
        String repeated = text + "\"n\\u0061me" + twice + "\":[]}";
        assertThatThrownBy(() -> JsonParser.parse(repeated)).hasMessageContaining("already");
      }
    }
  }

  /** A million names with one {@code String.hashCode}: what is quadratic here takes hours. */
  @Test
  void collidingNamesCostNoMoreThanOthers() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < 1 << 20; i++) {
      text.append(i == 0 ? "\"" : ",\"");
      for (int bit = 19; bit >= 0; bit--) {
        text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      text.append("\":0");
    }
    JsonDocument json = JsonParser.parse(text.append('}').toString());
    assertThat(json.size(0)).isEqualTo(1 << 20);
    assertThat(json.name(json.firstChild(0)).hashCode())
        .isEqualTo(json.name(json.next(json.firstChild(0))).hashCode());
  }

  @Test
  void nodesTellWhatIsThere() {
    JsonDocument json =
        JsonParser.parse(" {\"a\" : [1, \"\\u0041\\n\" ,{}], \"\\u0062\":{\"c\":null}, \"\":true}");
    assertThat(json.kind(0)).isEqualTo(JsonKind.OBJECT);
    assertThat(json.size(0)).isEqualTo(3);
    int a = json.member(0, "a");
    assertThat(json.kind(a)).isEqualTo(JsonKind.ARRAY);
    assertThat(json.lexeme(a)).isEqualTo("[1, \"\\u0041\\n\" ,{}]");
    assertThat(json.string(json.element(a, 1))).isEqualTo("A\n");
    assertThat(json.lexeme(json.element(a, 1))).isEqualTo("\"\\u0041\\n\"");
    assertThat(json.element(a, 3)).isEqualTo(JsonDocument.NONE);
    assertThat(json.element(a, -1)).isEqualTo(JsonDocument.NONE);
    assertThat(json.element(0, 0)).isEqualTo(JsonDocument.NONE);
    assertThat(json.firstChild(json.element(a, 2))).isEqualTo(JsonDocument.NONE);
    int b = json.next(a);
    assertThat(json.name(b)).isEqualTo("b");
    assertThat(json.nameLexeme(b)).isEqualTo("\\u0062");
    assertThat(json.member(0, "b")).isEqualTo(b);
    assertThat(json.kind(json.member(b, "c"))).isEqualTo(JsonKind.NULL);
    assertThat(json.kind(json.member(0, ""))).isEqualTo(JsonKind.TRUE);
    assertThat(json.next(json.member(0, ""))).isEqualTo(JsonDocument.NONE);
    assertThat(json.next(0)).isEqualTo(JsonDocument.NONE);
    assertThat(json.member(a, "a")).isEqualTo(JsonDocument.NONE);
    assertThat(json.place(b).column()).isEqualTo(39);
    assertThat(json.namePlace(b).column()).isEqualTo(30);
  }

  @Test
  void readsBackWhatItWrites() {
    for (int seed = 0; seed < 3000; seed++) {
      String text = new RandomJson(seed, true).next();
      JsonDocument json = JsonParser.parse(text);
      assertThat(json.toString()).as("seed %s", seed).isEqualTo(text.strip());
      String compact = new RandomJson(seed, false).next();
      JsonDocument copy = new JsonComposer(0).copy(JsonParser.parse(compact), 0).finish();
      assertThat(copy.toString()).as("seed %s", seed).isEqualTo(compact);
      assertThat(used(copy)).isEqualTo(used(JsonParser.parse(compact)));
    }
  }

  private static int[] used(JsonDocument json) {
    return Arrays.copyOf(json.tape(), json.tapeEnd() + 1);
  }

  @Test
  void brokenTextNeverFailsOtherwiseThanByRefusal() {
    Random random = new Random(20261201);
    for (int seed = 0; seed < 5000; seed++) {
      byte[] text = new RandomJson(seed, true).next().getBytes(StandardCharsets.UTF_8);
      for (int changes = 1 + random.nextInt(3); changes > 0 && text.length > 0; changes--) {
        text[random.nextInt(text.length)] = (byte) random.nextInt(256);
      }
      byte[] cut = Arrays.copyOf(text, random.nextInt(text.length + 1));
      try {
        JsonDocument json = JsonParser.parse(cut, PayloadLimits.DEFAULT, DuplicateNames.REFUSE);
        assertThat(json.toBytes()).isNotEmpty();
      } catch (MalformedPayloadException e) {
        assertThat(e.offset()).isBetween(0, cut.length);
      }
    }
  }

  @Test
  void whatItHoldsIsBoundedByTheText() {
    for (String text :
        List.of(
            "[" + "1,".repeat(50_000) + "1]",
            "[" + "[],".repeat(50_000) + "[]]",
            "[".repeat(100_000) + "]".repeat(100_000),
            "{\"a\":".repeat(50_000) + "1" + "}".repeat(50_000),
            "[" + "{\"a\":1},".repeat(50_000) + "0]",
            "[" + "{\"\":[]},".repeat(50_000) + "0]",
            "[\"" + "a".repeat(100_000) + "\"]",
            "1",
            "[]",
            "{\"a\":1}")) {
      JsonDocument json = JsonParser.parse(text);
      JsonDocument copy = new JsonComposer(0).copy(json, 0).finish();
      assertThat(heldBytes(json)).isLessThanOrEqualTo(1024 + 8L * text.length());
      assertThat(heldBytes(copy)).isLessThanOrEqualTo(1024 + 8L * text.length());
    }
  }

  /** The arrays with their headers, and the document itself. */
  private static long heldBytes(JsonDocument json) {
    return 16L + json.text().length + 16 + 4L * json.tape().length + 32;
  }

  @Test
  void hashIsSipHash13() {
    byte[] input = new byte[64];
    byte[] key = new byte[16];
    for (int i = 0; i < 64; i++) {
      input[i] = (byte) i;
    }
    for (int i = 0; i < 16; i++) {
      key[i] = (byte) i;
    }
    // The first vectors of SipHash-1-3 under the key 00..0f, as Rust's core library tests them.
    assertThat(KeyedHash.hash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L, input, 0, 0))
        .isEqualTo(0xabac0158050fc4dcL);
  }

  private static MalformedPayloadException refusal(byte[] text) {
    return catchThrowableOfType(
        MalformedPayloadException.class,
        () -> JsonParser.parse(text, PayloadLimits.DEFAULT, DuplicateNames.REFUSE));
  }

  private static JsonDocument parse(String text, PayloadLimits limits) {
    return JsonParser.parse(text.getBytes(StandardCharsets.UTF_8), limits, DuplicateNames.REFUSE);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
