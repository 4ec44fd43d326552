package tollgate.core.message.scan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.message.scan.Finding.Kind;

class JsonScannerTest {
  private static final Path SUITE = Path.of("../../shared/suites/json-parsing/test_parsing");

  /** No limit that a test of the grammar could meet. */
  private static final JsonLimits LOOSE =
      new JsonLimits(
          10_000,
          1_000_000,
          10_000_000,
          1_000_000,
          1_000_000,
          1_000_000,
          1_000_000,
          100_000_000,
          true,
          Long.MAX_VALUE);

  private static final JsonLimits TIGHT = new JsonLimits(3, 3, 8, 4, 5, 6, 7, 99, false, 60);

  private static JsonScanner loose() {
    return new JsonScanner(LOOSE, Cut.WINDOW);
  }

  private static @Nullable Finding finding(JsonLimits limits, String payload) {
    return Cut.all(
        () -> new JsonScanner(limits, Cut.WINDOW), payload.getBytes(UTF_8), new Random(1));
  }

  @Test
  void readsAsTheSuiteSays() throws IOException {
    assumeTrue(Files.isDirectory(SUITE), "JSONTestSuite is not there: " + SUITE);
    int[] seen = new int[128];
    try (Stream<Path> files = Files.list(SUITE)) {
      for (Path file : files.sorted().toList()) {
        Finding finding = Cut.all(JsonScannerTest::loose, Files.readAllBytes(file), new Random(1));
        char kind = requireNonNull(file.getFileName()).toString().charAt(0);
        seen[kind]++;
        if (kind != 'i') { // those: either, but the same however it is cut
          assertThat(finding == null).as("%s: %s", file, finding).isEqualTo(kind == 'y');
        }
      }
    }
    assertThat(seen['y']).isEqualTo(95);
    assertThat(seen['n']).isEqualTo(188);
  }

  @Test
  void readsAsThePlainReaderDoes() {
    Random random = new Random(20261201);
    List<byte[]> seeds = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      StringBuilder text = new StringBuilder();
      value(random, text, 4);
      seeds.add(text.toString().getBytes(UTF_8));
    }
    JsonLimits limits =
        new JsonLimits(
            10_000,
            1_000_000,
            10_000_000,
            1_000_000,
            1_000_000,
            1_000_000,
            1_000_000,
            100_000_000,
            false,
            Long.MAX_VALUE);
    int good = 0;
    for (int round = 0; round < 8_000; round++) {
      byte[] payload = seeds.get(random.nextInt(seeds.size())).clone();
      for (int edits = random.nextInt(3); edits > 0 && payload.length > 0; edits--) {
        payload = edited(random, payload);
      }
      Finding finding = Cut.all(() -> new JsonScanner(limits, Cut.WINDOW), payload, random);
      if (finding != null && finding.kind() == Kind.EXPONENT) {
        continue; // there is always a limit
      }
      assertThat(finding == null)
          .as("%s: %s", new String(payload, ISO_8859_1), finding)
          .isEqualTo(JsonOracle.isJson(payload));
      good += finding == null ? 1 : 0;
    }
    assertThat(good).isBetween(2_000, 6_000);
  }

  @Test
  void limitsAreTheSameHoweverAPayloadIsCut() {
    Random random = new Random(20261202);
    Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
    for (int round = 0; round < 8_000; round++) {
      StringBuilder text = new StringBuilder();
      value(random, text, 4);
      byte[] payload = text.toString().getBytes(UTF_8);
      if (random.nextInt(4) == 0 && payload.length > 0) {
        payload = edited(random, payload);
      }
      Finding finding = Cut.all(() -> new JsonScanner(TIGHT, Cut.WINDOW), payload, random);
      if (finding != null) {
        kinds.merge(finding.kind(), 1, Integer::sum);
      }
    }
    for (Kind kind :
        new Kind[] {
          Kind.MALFORMED,
          Kind.SIZE,
          Kind.DEPTH,
          Kind.MEMBERS,
          Kind.TOTAL_MEMBERS,
          Kind.ARRAY_LENGTH,
          Kind.NAME_LENGTH,
          Kind.STRING_LENGTH,
          Kind.NUMBER_LENGTH,
          Kind.EXPONENT,
          Kind.DUPLICATE_NAME
        }) {
      assertThat(kinds).containsKey(kind);
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "[[[[1]]]]            | DEPTH          | 3",
        "[[[1]]]              | null           | 0",
        "{'a':1,'b':2,'c':3,'d':4} | MEMBERS   | 18",
        "[1,2,3,4,5]          | ARRAY_LENGTH   | 8",
        "[[1,2],[3,4],[5,6]]  | TOTAL_MEMBERS  | 15",
        "{'abcdef':1}         | NAME_LENGTH    | 1",
        "{'abcde':1}          | null           | 0",
        "['1234567']          | STRING_LENGTH  | 1",
        "['123456']           | null           | 0",
        "['12345\\u0036']     | null           | 0",
        "['12345\\n7']        | STRING_LENGTH  | 1",
        "['ääääää']           | null           | 0",
        "['äääääää']          | STRING_LENGTH  | 1",
        "['😀😀😀😀😀😀']      | null           | 0",
        "['\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00'] | null | 0",
        "[12345678]           | NUMBER_LENGTH  | 1",
        "[1234567]            | null           | 0",
        "[1e99]               | null           | 0",
        "[1e100]              | EXPONENT       | 1",
        "[1E-100]             | EXPONENT       | 1",
        "[1e0099]             | null           | 0",
        "{'a':1,'a':2}        | DUPLICATE_NAME | 12",
        "{'a':1,'\\u0061':2}  | DUPLICATE_NAME | 17",
        "{'ä':1,'\\u00e4':2}  | DUPLICATE_NAME | 18",
        "{'a':{'a':1},'b':1}  | null           | 0",
        "{'b':{'a':1},'a':{'a':1},'b':1} | DUPLICATE_NAME | 30",
      })
  void countsAndSaysWhere(String payload, String kind, long offset) {
    Finding finding = finding(TIGHT, payload.replace('\'', '"'));
    if (kind.equals("null")) {
      assertThat(finding).isNull();
    } else {
      assertThat(finding).isNotNull();
      assertThat(finding.kind()).isEqualTo(Kind.valueOf(kind));
      assertThat(finding.offset()).isEqualTo(offset);
      assertThat(finding.isLimit()).isTrue();
    }
  }

  @Test
  void aLimitOfBytesIsMetAtTheFirstByteThatIsTooMuch() {
    assertThat(finding(TIGHT, " ".repeat(58) + "[]")).isNull();
    Finding finding = finding(TIGHT, " ".repeat(59) + "[]");
    assertThat(finding).isNotNull();
    assertThat(finding.text()).isEqualTo("more than 60 bytes at byte 60");
    // What is wrong before that byte is what is said.
    Finding malformed = finding(TIGHT, "]" + " ".repeat(80));
    assertThat(malformed).isNotNull();
    assertThat(malformed.kind()).isEqualTo(Kind.MALFORMED);
  }

  @Test
  void findsTheSameNameAmongMany() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < 900; i++) {
      text.append("\"name-").append(i).append("\":").append(i).append(',');
    }
    assertThat(finding(JsonLimits.DEFAULT, text + "\"other\":1}")).isNull();
    Finding finding = finding(JsonLimits.DEFAULT, text + "\"name-\\u0037\":1}");
    assertThat(finding).isNotNull();
    assertThat(finding.kind()).isEqualTo(Kind.DUPLICATE_NAME);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"\\ud800\"]",
        "[\"\\udc00\"]",
        "[\"\\ud800x\"]",
        "[\"\\ud800\\n\"]",
        "[\"\\ud800\\ud800\"]"
      })
  void refusesSurrogatesWithoutTheirOtherHalf(String payload) {
    Finding finding = finding(JsonLimits.DEFAULT, payload);
    assertThat(finding).isNotNull();
    assertThat(finding.kind()).isEqualTo(Kind.MALFORMED);
  }

  @Test
  void saysThatOtherEncodingsAreNotRead() {
    List<Charset> encodings =
        List.of(UTF_16BE, UTF_16LE, Charset.forName("UTF-32BE"), Charset.forName("UTF-32LE"));
    for (Charset encoding : encodings) {
      for (String payload : List.of("{}", "[1]", "\"ab\"", "12", "true", "\uFEFF[1]")) {
        Finding finding =
            Cut.all(JsonScannerTest::loose, payload.getBytes(encoding), new Random(1));
        assertThat(finding).as(payload + " in " + encoding).isNotNull();
        assertThat(finding.kind()).isEqualTo(Kind.UNSUPPORTED);
      }
    }
    Finding mark = finding(LOOSE, "\uFEFF[1]");
    assertThat(mark).isNotNull();
    assertThat(mark.text()).isEqualTo("JSON: a byte order mark at byte 0");
  }

  @Test
  void readsLines() {
    String[] good = {"{}\n[1]\n", "{}\n[1]", "1\n\n2\n", "{\"a\":\n1}\r\n2"};
    for (String payload : good) {
      assertThat(lines(payload)).as(payload).isNull();
    }
    for (String payload : new String[] {"", "\n", "{}{}\n", "1 2\n", "{}\n[1", "{}\n,"}) {
      assertThat(lines(payload)).as(payload).isNotNull();
    }
    assertThat(finding(LOOSE, "{}\n[1]\n")).isNotNull();
  }

  private static @Nullable Finding lines(String payload) {
    return Cut.all(
        () -> JsonScanner.ofLines(LOOSE, Cut.WINDOW), payload.getBytes(UTF_8), new Random(1));
  }

  @Test
  void millionsOfBytesTakeNoMemory() {
    byte[] deep = "[".repeat(1_000_000).getBytes(UTF_8);
    Finding finding = Cut.whole(new JsonScanner(JsonLimits.DEFAULT, Cut.WINDOW), deep);
    assertThat(finding).isNotNull();
    assertThat(finding.offset()).isEqualTo(32);
    JsonScanner scanner = loose();
    byte[] name = "\"abc\\n".getBytes(UTF_8);
    scanner.scan(name, 0, 5);
    for (int i = 0; i < 1_000_000; i++) {
      scanner.scan(name, 1, 4);
    }
    assertThat(scanner.finding()).isNotNull();
  }

  private static byte[] edited(Random random, byte[] payload) {
    byte[] interesting = "{}[],:\"\\-+.eE01tfnu \n\u0000\u001f".getBytes(UTF_8);
    int at = random.nextInt(payload.length);
    switch (random.nextInt(4)) {
      case 0 -> payload[at] = interesting[random.nextInt(interesting.length)];
      case 1 -> payload[at] = (byte) random.nextInt(256);
      case 2 -> {
        byte[] less = new byte[payload.length - 1];
        System.arraycopy(payload, 0, less, 0, at);
        System.arraycopy(payload, at + 1, less, at, less.length - at);
        return less;
      }
      default -> {
        byte[] more = new byte[payload.length + 1];
        System.arraycopy(payload, 0, more, 0, at);
        more[at] = interesting[random.nextInt(interesting.length)];
        System.arraycopy(payload, at, more, at + 1, payload.length - at);
        return more;
      }
    }
    return payload;
  }

  private static void value(Random random, StringBuilder text, int depth) {
    blank(random, text);
    switch (random.nextInt(depth == 0 ? 6 : 10)) {
      case 0 -> text.append("true");
      case 1 -> text.append(random.nextBoolean() ? "false" : "null");
      case 2, 3 -> string(random, text);
      case 4 -> text.append(random.nextInt(2_000_000_000) - 1_000_000_000);
      case 5 ->
          text.append(random.nextBoolean() ? "-0." : "7.")
              .append(random.nextInt(10_000))
              .append(new String[] {"", "e5", "E+12", "e-100", "e1"}[random.nextInt(5)]);
      case 6, 7 -> {
        text.append('[');
        for (int i = random.nextInt(6); i > 0; i--) {
          value(random, text, depth - 1);
          text.append(i > 1 ? "," : "");
        }
        text.append(']');
      }
      default -> {
        text.append('{');
        for (int i = random.nextInt(5); i > 0; i--) {
          blank(random, text);
          string(random, text);
          blank(random, text);
          text.append(':');
          value(random, text, depth - 1);
          text.append(i > 1 ? "," : "");
        }
        text.append('}');
      }
    }
    blank(random, text);
  }

  private static void blank(Random random, StringBuilder text) {
    if (random.nextInt(4) == 0) {
      text.append(new String[] {" ", "\n", "\t\r\n", " ".repeat(11)}[random.nextInt(4)]);
    }
  }

  private static void string(Random random, StringBuilder text) {
    String[] parts = {
      "a",
      "b",
      "name",
      "ä",
      "€",
      "😀",
      "\\n",
      "\\\\",
      "\\\"",
      "\\u0061",
      "\\u00e4",
      "\\uD83D\\uDE00",
      "a longer text of some words",
      "\u007f",
      "/"
    };
    text.append('"');
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(parts[random.nextInt(parts.length)]);
    }
    text.append('"');
  }
}
