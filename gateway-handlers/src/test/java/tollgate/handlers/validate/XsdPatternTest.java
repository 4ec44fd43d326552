package tollgate.handlers.validate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XsdPatternTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}",
        "\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?Z?)?",
        "[a-z]*[a-z]",
        "[a-z]+(-[a-z]+)*",
        "\\i\\c*",
        "[\\i-[:]][\\c-[:]]*",
        "[^@]+@[^.]+\\..+",
        "[A-Z]?[A-Z]?\\d",
        "\\+?[0-9\\-\\(\\) ]{1,25}",
        "(true|false|[01])",
        "\\{?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\}?",
        ".{0,255}",
        "[\\p{L}\\p{N} ]*",
        "^$",
        "(a|b)*c",
        "0|[1-9][0-9]*"
      })
  void takesWhatIsMatchedInOneWay(String source) {
    assertThat(XsdPattern.problem(source)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a+)+b",
        "(a*)*b",
        "(a|a)*b",
        "(a|aa)+b",
        "(a*b*)*c",
        "(.*)*x",
        "([a-z]+)*1",
        "(\\d+|\\w+)*x",
        "(a?b?)*c",
        "a*a*b",
        ".*.*=.*",
        "(x+x+)+y",
        "([^a]|b)*c",
        "[0-9]+[.]?[0-9]*",
        "(\\p{IsGreek}|\\p{IsCyrillic})*x",
        "([\\i]|[\\c])*x",
        "(a?){30}a{30}",
        "(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)",
        "((a?)?)?((a?)?)?((a?)?)?((a?)?)?((a?)?)?((a?)?)?((a?)?)?",
        "((a{99}){99}){99}",
        "((){2000}){2000}",
        "a{9999999}",
        "(a",
        "a)",
        "[a",
        "a{x}"
      })
  void refusesWhatMayBeTriedInManyWays(String source) {
    assertThat(XsdPattern.problem(source)).isNotNull();
  }

  @Test
  void saysWhy() {
    assertThat(XsdPattern.problem("(a+)+")).startsWith("repeats what can be matched");
    assertThat(XsdPattern.problem("a{2001}")).startsWith("is larger than 2000 characters");
    assertThat(XsdPattern.problem("(".repeat(10_000))).startsWith("has more than 100 groups");
  }
}
