package tollgate.handlers.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EcmaPatternTest {
  @ParameterizedTest
  @CsvSource({
    "^a+$, aaa, true",
    "^a+$, 'aa\n', false",
    "a.c, 'a\nc', false",
    "'^\\d{2,3}$', 12, true",
    "'^\\d{2,3}$', ১২, false",
    "^\\w+$, é, false",
    "\\s, \u00a0, true",
    "^[^\\S\\n]+$, '\u2003', true",
    "^\\p{Letter}+$, école, true",
    "^\\p{Lu}, Été, true",
    "^\\p{Script=Greek}+$, αβγ, true",
    "^\\P{L}+$, 123, true",
    "^\\cJ$, '\n', true",
    "^\\u{1F600}$, 😀, true",
    "^\\uD83D\\uDE00$, 😀, true",
    "^.$, 😀, true",
    "^[&&b]$, &, true",
    "^[[a]$, '[', true",
    "^[a\\-z]+$, a-z, true",
    "^[]a]$, a, false",
    "^[^]$, x, true",
    "^(?:ab|cd){2}$, abcd, true",
    "x{, x{, true",
    "^(?<year>\\d{4})$, 2026, true",
    "a{0}b, b, true",
    "^\\/a\\/b$, /a/b, true"
  })
  void matchesAsEcmaScriptDoes(String pattern, String text, boolean isFound) {
    EcmaPattern compiled = EcmaPattern.compile(pattern);
    assertThat(compiled.matches(text)).isEqualTo(isFound);
    assertThat(compiled.isLinear()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "'^(?=.*[A-Z])(?=.*[0-9]).{8,}$', Passw0rdX, true",
    "^(?!admin).*$, admin1, false",
    "(?<=\\$)\\d+, $42, true",
    "(?<!x)y, xy, false",
    "^(a|b)\\1$, aa, true",
    "^(a|b)\\1$, ab, false",
    "^(?<q>['\"]).*\\k<q>$, 'a', false",
    "^\\p{Alphabetic}+$, añb, true"
  })
  void triesWhatNeedsTrying(String pattern, String text, boolean isFound) {
    EcmaPattern compiled = EcmaPattern.compile(pattern);
    assertThat(compiled.matches(text)).isEqualTo(isFound);
    assertThat(compiled.isLinear()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        ")",
        "a)",
        "[a",
        "*a",
        "a**",
        "{2}",
        "[z-a]",
        "\\",
        "a{3,2}",
        "(?<n",
        "(?x)a",
        "\\a",
        "\\Z",
        "\\p{Nothing}",
        "\\u{110000}",
        "\\k<none>",
        "(a)\\2",
        "a{1,2}{3"
      })
  void refusesWhatIsNone(String pattern) {
    if (pattern.equals("a{1,2}{3")) {
      assertThat(EcmaPattern.compile(pattern).matches("aa{3")).isTrue(); // not counted: a brace
      return;
    }
    assertThatIllegalArgumentException().isThrownBy(() -> EcmaPattern.compile(pattern));
  }

  @ParameterizedTest
  @ValueSource(strings = {"(a{100}){100}", "((a{30}){30}){30}", "(?:(?:x{1000}){1000})"})
  void refusesWhatGrowsWhenItsRepetitionsAreWrittenOut(String pattern) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EcmaPattern.compile(pattern))
        .withMessageContaining("larger than 10000 steps");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "^(a+)+$",
        "^(a|a)*$",
        "^(a|aa)+$",
        "^(.*)*x$",
        "(x+x+)+y",
        "^(([a-z])+.)+[A-Z]([a-z])+$"
      })
  void takesLinearTimeForCatastrophicPatterns(String pattern) {
    EcmaPattern compiled = EcmaPattern.compile(pattern);
    assertThat(compiled.isLinear()).isTrue();
    assertThat(compiled.matches("a".repeat(20_000) + "!")).isFalse();
  }

  @Test
  void givesUpWhenTryingTakesTooManySteps() {
    EcmaPattern compiled = EcmaPattern.compile("^(?:(a+)a+)+\\1b$");
    assertThat(compiled.isLinear()).isFalse();
    assertThat(compiled.matches("aaab")).isTrue();
    assertThatThrownBy(() -> compiled.matches("a".repeat(60) + "!"))
        .isInstanceOf(UndecidedError.class);
  }

  @Test
  void givesUpWhenATextIsTooLongForItsPattern() {
    EcmaPattern compiled = EcmaPattern.compile("^(?:[a-c]{0,100}x){0,20}$");
    assertThatThrownBy(() -> compiled.matches("a".repeat(100_000)))
        .isInstanceOf(UndecidedError.class);
  }
}
