package tollgate.core.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalPathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/a",
        "/a/",
        "/a.b/..c/.well-known/...",
        "/a:b@c!$&'()*+,=~-_",
        "/caf%C3%A9/%E2%82%AC/%F0%9F%98%80",
        "/a%20b",
        "/100%25",
        "/100%25/x",
        "/%25zz",
        "/a%3Bb",
        "/%5B%5D%7C%5E",
      })
  void keepsWhatIsCanonical(String path) {
    assertThat(CanonicalPath.of(path)).isSameAs(path);
  }

  @ParameterizedTest
  @CsvSource({
    "/%41%7a%30%2D%5F%7E, /Az0-_~",
    "/a%2eb, /a.b",
    "/%c3%a9, /%C3%A9",
    "/a[1]|^, /a%5B1%5D%7C%5E",
    "/%2e%2e%2e, /...",
    "/x%3a%40, /x%3A%40",
  })
  void rewritesToTheOneSpelling(String path, String canonical) {
    assertThat(CanonicalPath.of(path)).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "*",
        "!",
        "//",
        "/a//b",
        "//a",
        "/.",
        "/..",
        "/a/./b",
        "/a/../b",
        "/a/..",
        "/%2e",
        "/%2E%2e/",
        "/a/.%2e/b",
        "/a/%2e%2e;/b",
        "/a/..%3b/b",
        "/a/..;/b",
        "/a;jsessionid=1",
        "/a/..%2fb",
        "/a%2Fb",
        "/a%5cb",
        "/a\\b",
        "/%00",
        "/a%0d%0a",
        "/a%1f",
        "/a%7f",
        "/a\u0000",
        "/a\u007f",
        "/a b",
        "/a#b",
        "/a?b",
        "/a\"b",
        "/<a>",
        "/`",
        "/{a}",
        "/a\u00e9",
        "/a\u20ac",
        "/%",
        "/%4",
        "/%4g",
        "/%u0041",
        "/%-1",
        "/%252e",
        "/%252F",
        "/%25%32%65",
        "/%2525",
        "/%c0%af",
        "/%c0%ae%c0%ae",
        "/%e0%80%af",
        "/%f0%80%80%af",
        "/%ed%a0%80",
        "/%f4%90%80%80",
        "/%f5%80%80%80",
        "/%c3",
        "/%c3/",
        "/%c3a%a9",
        "/%c3%41",
        "/%a9",
        "/%ff",
        "/%c2%85",
      })
  void refusesWhatSomebodyReadsDifferently(String path) {
    assertThat(CanonicalPath.of(path)).isNull();
  }

  @Test
  void readsOnlyItsRange() {
    byte[] source = "GET /a%41/b HTTP".getBytes(ISO_8859_1);
    assertThat(CanonicalPath.of(source, 4, 7)).isEqualTo("/aA/b");
    assertThat(CanonicalPath.of(source, 4, 4)).isNull();
    assertThat(CanonicalPath.of(source, 4, 2)).isEqualTo("/a");
  }

  @Test
  void whatItGivesIsItsOwnCanonicalFormAndDecodesToWhatCame() {
    String[] parts = {
      "/",
      "/",
      "a",
      "b",
      ".",
      "%",
      "%2",
      "%2e",
      "%2F",
      "%5C",
      "%25",
      "25",
      "2e",
      "%41",
      "%c3%a9",
      "%C3",
      "%A9",
      "%e2%82%ac",
      "%00",
      "%3b",
      ";",
      "[",
      "^",
      "%20",
      "%7E",
      "%c0",
      "%80",
      "..",
      "e"
    };
    Random random = new Random(1);
    int kept = 0;
    for (int round = 0; round < 200_000; round++) {
      StringBuilder path = new StringBuilder("/");
      for (int i = random.nextInt(6); i >= 0; i--) {
        path.append(parts[random.nextInt(parts.length)]);
      }
      String canonical = CanonicalPath.of(path.toString());
      if (canonical != null) {
        kept++;
        assertIsCanonical(path.toString(), canonical);
      }
    }
    assertThat(kept).isGreaterThan(1000);
  }

  private static void assertIsCanonical(String path, String canonical) {
    assertThat(CanonicalPath.of(canonical)).as(path).isEqualTo(canonical);
    byte[] decoded = decoded(path);
    assertThat(decoded(canonical)).as(path).isEqualTo(decoded);
    String text = utf8(decoded);
    assertThat(text.chars()).as(path).noneMatch(c -> c < ' ' || c == 0x7f || c == '\\');
    assertThat(text.chars().filter(c -> c == '/').count())
        .as(path)
        .isEqualTo(canonical.chars().filter(c -> c == '/').count());
    String[] segments = text.split("/", -1);
    for (int i = 1; i < segments.length; i++) {
      assertThat(segments[i]).as(path).isNotIn(".", "..");
      assertThat(segments[i].isEmpty() && i < segments.length - 1).as(path).isFalse();
    }
    assertThat(text).as(path).doesNotContainPattern("%[0-9A-Fa-f]{2}");
  }

  private static byte[] decoded(String path) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) == '%') {
        bytes.write(Integer.parseInt(path.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(path.charAt(i));
      }
    }
    return bytes.toByteArray();
  }

  private static String utf8(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new AssertionError("not UTF-8", e);
    }
  }

  @Test
  void queryIsVisibleAsciiWithoutFragment() {
    assertThat(isQuery("")).isTrue();
    assertThat(isQuery("a=b&c=%2F;/?\"<>[]|^`{}\\")).isTrue();
    for (String bad : new String[] {" ", "a b", "#", "a\t", "\u0000", "\u007f", "\u00e9"}) {
      assertThat(isQuery(bad)).as(bad).isFalse();
    }
  }

  private static boolean isQuery(String query) {
    byte[] bytes = ("?" + query + " ").getBytes(ISO_8859_1);
    return CanonicalPath.isQuery(bytes, 1, bytes.length - 2);
  }
}
