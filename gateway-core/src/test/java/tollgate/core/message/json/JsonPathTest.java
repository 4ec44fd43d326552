package tollgate.core.message.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.core.message.MalformedPayloadException;
import tollgate.core.message.MalformedPayloadException.Kind;

class JsonPathTest {
  /** The example of RFC 9535 section 1.5. */
  private static final String STORE =
      """
      {"store":{"book":[
        {"category":"reference","author":"Nigel Rees","title":"Sayings of the Century","price":8.95},
        {"category":"fiction","author":"Evelyn Waugh","title":"Sword of Honour","price":12.99},
        {"category":"fiction","author":"Herman Melville","title":"Moby Dick","isbn":"0-553-21311-3",
         "price":8.99},
        {"category":"fiction","author":"J. R. R. Tolkien","title":"The Lord of the Rings",
         "isbn":"0-395-19395-8","price":22.99}],
       "bicycle":{"color":"red","price":399}}}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "$.store.book[*].author"
            + ";\"Nigel Rees\" \"Evelyn Waugh\" \"Herman Melville\" \"J. R. R. Tolkien\"",
        "$.store..price;8.95 12.99 8.99 22.99 399",
        "$..book[2].title;\"Moby Dick\"",
        "$..book[2].publisher;``",
        "$..book[-1].title;\"The Lord of the Rings\"",
        "$..book[0,1].price;8.95 12.99",
        "$..book[:2].price;8.95 12.99",
        "$..book[?@.isbn].price;8.99 22.99",
        "$..book[?@.price<10].title;\"Sayings of the Century\" \"Moby Dick\"",
        "$.store.book[::-2].price;22.99 12.99",
        "$.store.book[?match(@.isbn, '0-[0-9]{3}-2.*')].price;8.99",
        "$.store.book[?search(@.author, 'W') && !(@.price < 10)].title;\"Sword of Honour\"",
        "$.store.book[?length(@.title) == 9 || count(@.*) > 99].title;\"Moby Dick\"",
        "$['store']['bicycle'][\"color\"];\"red\"",
        "$.store.book[?value(@..isbn) == $.store.book[2].isbn].price;8.99",
      })
  void selectsAsTheRfcSays(String path, String found) {
    assertThat(select(path, STORE)).isEqualTo(found);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|1|an early end",
        "a|1|a path begins with $",
        "$a|2|a segment begins with . or [",
        "$.|3|an early end",
        "$.1|3|expected a name, * or [",
        "$. a|3|expected a name, * or [",
        "$[|3|an early end",
        "$[]|3|expected a name in quotes, an index, a slice, * or ?",
        "$[01]|3|expected an integer without leading zeros",
        "$[-0]|3|expected an integer without leading zeros",
        "$[9007199254740992]|3|expected an integer of 53 bits",
        "$['a|5|an early end",
        "$['\\x']|5|an unknown escape",
        "$['\\ud800']|9|half of a surrogate pair",
        "$[?@.a==1|10|an early end",
        "$[?1]|4|a value where a condition must stand",
        "$[?@.*==1]|4|a query that may select several nodes",
        "$[?@.a==1==2]|10|expected , or ]",
        "$[?foo(@)]|4|an unknown function",
        "$[?length(@)]|4|a value where a condition must stand",
        "$[?match(@)]|4|match takes 2 arguments",
        "$[?match(@,'a')==true]|4|a condition where a value must stand",
        "$[?count(1)==1]|10|expected a query",
        "$[?(@.a]|8|expected )",
        "$[?@.a==01]|9|expected a number as JSON writes them",
      })
  void saysWhereAPathIsWrong(String path, int character, String reason) {
    JsonPathException e =
        catchThrowableOfType(JsonPathException.class, () -> JsonPath.compile(path));
    assertThat(e.reason()).isEqualTo(reason);
    assertThat(e.offset()).isEqualTo(character - 1);
    assertThat(e.getMessage()).isEqualTo(reason + " at character " + character);
  }

  @Test
  void filtersInFiltersAreBounded() {
    String deep = "$" + "[?@".repeat(100) + "]".repeat(100);
    assertThatThrownBy(() -> JsonPath.compile(deep)).hasMessageContaining("deeper than 32");
    String parentheses = "$[?" + "(".repeat(100) + "@" + ")".repeat(100) + "]";
    assertThatThrownBy(() -> JsonPath.compile(parentheses)).hasMessageContaining("deeper than 32");
    String calls = "$[?" + "length(".repeat(100) + "@" + ")".repeat(100) + "==1]";
    assertThatThrownBy(() -> JsonPath.compile(calls)).hasMessageContaining("deeper than 32");
    String nots = "$[?" + "!(".repeat(10) + "@.a" + ")".repeat(10) + "]";
    assertThat(select(nots, "[{\"a\":1},{}]")).isEqualTo("{\"a\":1}");
  }

  @Test
  void evaluationIsBounded() {
    String flat = "[" + "[1,1],".repeat(2000) + "[1,1]]";
    for (String path : new String[] {"$..[?$..*]", "$[*,*,*,*,*,*,*][*,*,*,*,*,*,*,*,*,*,*]"}) {
      MalformedPayloadException e =
          catchThrowableOfType(
              MalformedPayloadException.class,
              () -> JsonPath.compile(path).select(JsonParser.parse(flat)));
      assertThat(e.kind()).isEqualTo(Kind.TOO_COMPLEX);
    }
    assertThatThrownBy(() -> JsonPath.compile("$[*]").select(JsonParser.parse("[1,2,3]"), 3))
        .isInstanceOf(MalformedPayloadException.class);
    String deep = "[".repeat(5000) + "]".repeat(5000);
    assertThat(JsonPath.compile("$..*").select(JsonParser.parse(deep))).hasSize(4999);
    assertThat(JsonPath.compile("$[?@==$[0]]").select(JsonParser.parse(deep))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "$[?@==1]|[1,1.0,10e-1,\"1\",true,1e0]|1 1.0 10e-1 1e0",
        "$[?@==$[0]]|[{\"a\":1,\"b\":[1.0]},{\"b\":[1],\"a\":1e0},{\"a\":1}]"
            + "|{\"a\":1,\"b\":[1.0]} {\"b\":[1],\"a\":1e0}",
        "$[?@>1e999998]|[1e999999,1e999997,-1e999999,1]|1e999999",
        "$[?@=='\\u0061']|[\"a\",\"\\u0061\",\"b\"]|\"a\" \"\\u0061\"",
        "$[?@.x==@.y]|[{},{\"x\":1},{\"x\":1,\"y\":1}]|{} {\"x\":1,\"y\":1}",
        "$[?@<'b']|[\"a\",\"b\",1,null,\"\\ud83d\\ude00\",\"\"]|\"a\" \"\"",
        "$[?@>'\uffff']|[\"\ud83d\ude00\",\"\uffff\"]|\"\ud83d\ude00\"",
        "$[?length(@)==1]|[\"\ud83d\ude00\",\"ab\",[1],{\"a\":1},1]|\"\ud83d\ude00\" [1] {\"a\":1}",
        "$[?@.__proto__]|[{\"__proto__\":1},{}]|{\"__proto__\":1}",
        "$['']|{\"\":7}|7",
      })
  void comparesByValue(String path, String json, String found) {
    assertThat(select(path, json)).isEqualTo(found);
  }

  @Test
  void numbersCompareAsTheirValues() {
    Random random = new Random(20261201);
    for (int round = 0; round < 20_000; round++) {
      String left = number(random);
      String right =
          random.nextInt(4) == 0 ? left + (left.matches(".*[eE].*") ? "" : "e0") : number(random);
      assertThat(Integer.signum(JsonNumber.of(left).compareTo(JsonNumber.of(right))))
          .as("%s and %s", left, right)
          .isEqualTo(new BigDecimal(left).compareTo(new BigDecimal(right)));
    }
    assertThat(JsonNumber.of("-0")).isEqualTo(JsonNumber.of("0.00e5"));
    assertThat(JsonNumber.of("1e" + "9".repeat(900))).isGreaterThan(JsonNumber.of("9".repeat(900)));
  }

  private static String number(Random random) {
    StringBuilder number = new StringBuilder(random.nextBoolean() ? "-" : "");
    number.append(random.nextInt(3) == 0 ? "0" : Integer.toString(1 + random.nextInt(300)));
    if (random.nextBoolean()) {
      number.append('.').append(random.nextInt(3) == 0 ? "00" : "").append(random.nextInt(300));
    }
    if (random.nextBoolean()) {
      number.append("eE".charAt(random.nextInt(2))).append(random.nextInt(9) - 4);
    }
    return number.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "a;a;true",
        "a;aa;false",
        "a*;aaaa;true",
        "a*;``;true",
        "a+;``;false",
        "a?b;b;true",
        "(ab|c)+;abcab;true",
        "a{2,3};aa;true",
        "a{2,3};aaaa;false",
        "a{2,};aaaaa;true",
        "a{2};aaa;false",
        "[a-c]+;abcb;true",
        "[^a-c];d;true",
        "[^a-c];b;false",
        "[-a];-;true",
        "[a-];-;true",
        "\\p{L}+;a\u00e9\u03b1;true",
        "\\p{Lu};a;false",
        "\\P{Lu};a;true",
        "[\\p{Nd}x]+;1x2;true",
        ".;\ud83d\ude00;true",
        "\\.;.;true",
        "\\n;x;false",
        "();``;true",
        "a||b;``;true",
        "[\\]];];true",
        "(a|b)*c;ababc;true",
        "x{0};``;true",
        // none of I-Regexp, so they match nothing
        "a**;a;false",
        "(;a;false",
        "a);a;false",
        "[;a;false",
        "[];a;false",
        "[b-a];a;false",
        "a{;a{;false",
        "a{2,1};aa;false",
        "\\d;1;false",
        "\\q;q;false",
        "\\p{Xx};a;false",
        "(?:a);a;false",
        "a{99999};a;false",
        "(a{999}){999};a;false",
        "];];false",
        "\\;\\;false",
        "((((){999}){999}){999}){999};``;false",
        "[a&&[b]];a;false",
      })
  void patternsAreThoseOfRfc9485(String pattern, String text, boolean isMatch) {
    assertThat(Regexp.compile(pattern).matches(text, _ -> {})).isEqualTo(isMatch);
  }

  @Test
  void patternsAgreeWithTheJdk() {
    Random random = new Random(20261201);
    String[] parts = {
      "a", "b", ".", "[ab]", "[^a]", "(a|b)", "(ab)*", "a?", "b+", "a{1,2}", "|", "(a|)", "(b*)*"
    };
    for (int round = 0; round < 5000; round++) {
      StringBuilder pattern = new StringBuilder();
      for (int count = random.nextInt(6); count > 0; count--) {
        pattern.append(parts[random.nextInt(parts.length)]);
      }
      StringBuilder text = new StringBuilder();
      for (int count = random.nextInt(8); count > 0; count--) {
        text.append("abc".charAt(random.nextInt(3)));
      }
      Pattern jdk = Pattern.compile(pattern.toString());
      Regexp ours = Regexp.compile(pattern.toString());
      assertThat(ours.matches(text.toString(), _ -> {}))
          .as("%s on %s", pattern, text)
          .isEqualTo(jdk.matcher(text).matches());
      assertThat(ours.isFoundIn(text.toString(), _ -> {}))
          .as("%s in %s", pattern, text)
          .isEqualTo(jdk.matcher(text).find());
    }
  }

  @Test
  void patternsDoNotBacktrack() {
    long[] steps = {0};
    Regexp evil = Regexp.compile("(a*)*(a*)*(a|a)*b");
    assertThat(evil.matches("a".repeat(10_000), count -> steps[0] += count)).isFalse();
    assertThat(steps[0]).isLessThan(200_000);
  }

  @Test
  void knowsWhetherItIsSingular() {
    assertThat(JsonPath.compile("$.a[0]['b']").isSingular()).isTrue();
    assertThat(JsonPath.compile("$").isSingular()).isTrue();
    for (String path : List.of("$..a", "$[0,1]", "$[*]", "$[:1]", "$[?@.a]")) {
      assertThat(JsonPath.compile(path).isSingular()).as(path).isFalse();
    }
    assertThat(JsonPath.compile("$.a").first(JsonParser.parse("{}"))).isEqualTo(JsonDocument.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"m~n\":8}",
        "/foo|[\"bar\",\"baz\"]",
        "/foo/0|\"bar\"",
        "/|0",
        "/a~1b|1",
        "/m~0n|8",
        "/foo/2|-",
        "/foo/-|-",
        "/foo/00|-",
        "/foo/+1|-",
        "/foo/bar|-",
        "/x/y|-",
        "/foo/99999999999|-",
      })
  void pointersFindWhatTheySay(String pointer, String found) {
    JsonDocument json = JsonParser.parse("{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"m~n\":8}");
    JsonPointer parsed = JsonPointer.parse(pointer);
    int node = parsed.find(json);
    assertThat(node == JsonDocument.NONE ? "-" : json.lexeme(node)).isEqualTo(found);
    assertThat(parsed.toString()).isEqualTo(pointer);
    if (node != JsonDocument.NONE) {
      assertThat(JsonPointer.to(json, node)).isEqualTo(parsed);
    }
  }

  @Test
  void everyNodeHasAPointer() {
    for (int seed = 0; seed < 300; seed++) {
      JsonDocument json = JsonParser.parse(new RandomJson(seed, true).next());
      List<Integer> nodes = new ArrayList<>(List.of(JsonDocument.ROOT));
      for (int node : JsonPath.compile("$..*").select(json, Long.MAX_VALUE)) {
        nodes.add(node);
      }
      for (int node : nodes) {
        JsonPointer pointer = JsonPointer.to(json, node);
        assertThat(JsonPointer.parse(pointer.toString()).find(json)).isEqualTo(node);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"a, 1", "/~, 2", "/~2, 2", "/a/b~, 5"})
  void wrongPointersAreRefused(String pointer, int character) {
    JsonPathException e =
        catchThrowableOfType(JsonPathException.class, () -> JsonPointer.parse(pointer));
    assertThat(e.offset()).isEqualTo(character - 1);
  }

  private static String select(String path, String text) {
    JsonDocument json = JsonParser.parse(text);
    List<String> found = new ArrayList<>();
    for (int node : JsonPath.compile(path).select(json)) {
      found.add(json.lexeme(node));
    }
    return String.join(" ", found);
  }
}
