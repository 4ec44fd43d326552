package tollgate.config.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContentHashTest {
  @Test
  void isBlindToPlacesCommentsAndQuoting() {
    assertThat(of("a: 1\nb: [x, 'y']\n")).isEqualTo(of("# note\na: '1'\nb:\n  - x\n  - y\n"));
  }

  /** Another process, and the next release, must find nothing changed that has not. */
  @Test
  void isTheSameInEveryProcess() {
    assertThat(of("a: 1\nb: [x, y]\n")).isEqualTo("8a6261f909e9271aa51a5c850734bfef");
    assertThat(ContentHash.of("0123456789".getBytes(UTF_8)))
        .isEqualTo("9b1339aec1165edf4b150fcad3c53616");
  }

  @Test
  void tellsWhatIsNotTheSame() {
    Set<String> hashes = new HashSet<>();
    String[] texts = {
      "a: b",
      "a: [b]",
      "a: {b: ''}",
      "b: a",
      "a: bc",
      "ab: c",
      "a: b\nc: ''",
      "a: ''\nb: ''",
      "[a, b]",
      "[ab]",
      "[a, [b]]",
      "[[a, b]]",
      "[[a], b]",
      "[a, b, '']",
      "a: 'b\\0'",
      "a: abcd",
      "a: abcdabcd",
      "a: 'abcd '"
    };
    for (String text : texts) {
      assertThat(hashes.add(of(text))).as(text).isTrue();
    }
  }

  @Test
  void tellsBytesApart() {
    Set<String> hashes = new HashSet<>();
    for (int length = 0; length < 64; length++) {
      byte[] bytes = new byte[length];
      assertThat(hashes.add(ContentHash.of(bytes))).as("%s zeros", length).isTrue();
      for (int at = 0; at < length; at++) {
        bytes[at] = 1;
        assertThat(hashes.add(ContentHash.of(bytes))).as("%s, 1 at %s", length, at).isTrue();
        bytes[at] = 0;
      }
    }
  }

  @Test
  void givesMillionNamesMillionHashes() {
    Set<String> hashes = new HashSet<>();
    for (int i = 0; i < 1_000_000; i++) {
      hashes.add(ContentHash.of(("api" + i).getBytes(UTF_8)).substring(0, 16));
    }
    assertThat(hashes).hasSize(1_000_000);
  }

  private static String of(String yaml) {
    return ContentHash.of(YamlText.parse("t.yaml", yaml.getBytes(UTF_8)).documents().getFirst());
  }
}
