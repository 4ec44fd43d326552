package tollgate.core.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds for any text that a client may send where a path, a host or a list of hops stands. */
class MutatedTextTest {
  private static final long SEED = Long.getLong("seed", 20261125);
  private static final int RUNS = Integer.getInteger("cases", 20_000);
  private static final List<String> PARTS =
      List.of(
          "/",
          "/",
          "a",
          "b.c",
          ".",
          "..",
          "%",
          "%2",
          "%2e",
          "%2F",
          "%5C",
          "%25",
          "%41",
          "%c3%a9",
          "%00",
          ";",
          "\\",
          "?",
          "#",
          "x.example",
          "X",
          "[::1]",
          "[",
          "]",
          ":80",
          ":0",
          ":99999",
          "@",
          "-",
          "_",
          "~",
          " ",
          "\t",
          "\u0000",
          "\u00e9",
          "\u00a0",
          "for=",
          "by=",
          "host=",
          "proto=",
          "http",
          "https",
          "\"",
          "\\\"",
          ",",
          ", ",
          "=",
          "10.0.0.1",
          "::ffff:10.0.0.1",
          "unknown",
          "1.2.3",
          "256.1.1.1",
          "fe80::1%eth0",
          "*");

  @Test
  void anyTextIsReadOrRefused() {
    for (long seed = SEED; seed < SEED + RUNS; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "/" : "");
      for (int parts = random.nextInt(10); parts > 0; parts--) {
        text.append(PARTS.get(random.nextInt(PARTS.size())));
      }
      if (random.nextInt(4) == 0) {
        text.insert(random.nextInt(text.length() + 1), (char) random.nextInt(256));
      }
      check(text.toString().getBytes(ISO_8859_1));
    }
  }

  /** One byte per character. */
  static void check(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    checkPath(bytes, text);
    checkAuthority(bytes, text);
    List<ForwardedField.Element> elements = ForwardedField.parse(text);
    if (elements != null) {
      assertThat(elements).as(text).hasSizeLessThanOrEqualTo(text.length());
    }
  }

  private static void checkPath(byte[] bytes, String text) {
    String path = CanonicalPath.of(bytes, 0, bytes.length);
    if (path == null) {
      return;
    }
    assertThat(CanonicalPath.of(path)).as(text).isEqualTo(path);
    assertThat(path)
        .as(text)
        .startsWith("/")
        .matches("[!-~]+")
        .doesNotContain("//", "\\", ";", "?", "#", "%2F", "%2f", "%5C", "%00")
        .doesNotMatch(".*/\\.{1,2}(/.*)?");
  }

  private static void checkAuthority(byte[] bytes, String text) {
    String authority = Authority.canonical(bytes, 0, bytes.length);
    if (authority == null) {
      return;
    }
    assertThat(Authority.canonical(authority)).as(text).isEqualTo(authority);
    assertThat(Authority.isSame(authority, authority, 80)).as(text).isTrue();
    assertThat(Authority.host(authority)).as(text).isNotEmpty().doesNotContain("/", "@", ",", " ");
    assertThat(Authority.port(authority, 80)).as(text).isBetween(1, 65535);
  }
}
