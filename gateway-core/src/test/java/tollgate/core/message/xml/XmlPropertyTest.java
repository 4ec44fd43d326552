package tollgate.core.message.xml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tollgate.core.message.MalformedPayloadException;

/** Over documents from seeds; a failure names its seed. */
class XmlPropertyTest {
  private static final int DOCUMENTS = 1_000;
  private static final Pattern ODD_COLON = Pattern.compile("[</\\s]:|<\\?[^\\s?]*:");

  @Test
  void whatIsParsedIsWrittenByteForByte() {
    for (int seed = 0; seed < DOCUMENTS; seed++) {
      byte[] bytes = new RandomXml(seed).bytes();
      assertThat(XmlParser.parse(bytes.clone()).toBytes()).as("seed %d", seed).isEqualTo(bytes);
    }
  }

  @Test
  void whatIsBuiltAgainIsEqualUnderExclusiveCanonicalization() {
    for (int seed = 0; seed < DOCUMENTS; seed++) {
      byte[] bytes = new RandomXml(seed).bytes();
      XmlDocument rebuilt = Copies.rebuilt(XmlParser.parse(bytes.clone()));
      assertThat(JdkXml.canonical(rebuilt.toBytes()))
          .as("seed %d", seed)
          .isEqualTo(JdkXml.canonical(bytes));
    }
  }

  @Test
  void builtAndParsedTapesAreAlike() {
    for (int seed = 0; seed < DOCUMENTS; seed++) {
      XmlDocument built = Copies.rebuilt(XmlParser.parse(new RandomXml(seed).bytes()));
      XmlDocument parsed = XmlParser.parse(built.toBytes());
      assertThat(TapeText.of(built)).as("seed %d", seed).isEqualTo(TapeText.of(parsed));
    }
  }

  @Test
  void emitsWhatTheJdkReads() {
    for (int seed = 0; seed < DOCUMENTS; seed++) {
      byte[] bytes = new RandomXml(seed).bytes();
      assertThat(DomText.of(JdkXml.emitted(XmlParser.parse(bytes.clone()))))
          .as("seed %d", seed)
          .isEqualTo(DomText.of(JdkXml.dom(bytes)));
    }
  }

  /**
   * Names are left out of what is broken: the JDK knows those of XML's second edition, we those of
   * the fifth.
   */
  @Test
  void refusesWhatTheJdkRefusesAndNothingElse() {
    Random random = new Random(7);
    String[] pieces = {
      "<",
      ">",
      "/",
      "&",
      ";",
      "\"",
      "'",
      "=",
      " ",
      "!",
      "?",
      "-",
      "]",
      "[",
      ":",
      "x",
      "#",
      "xmlns",
      "--",
      "]]>",
      "<!--",
      "-->",
      "<![CDATA[",
      "<?",
      "?>",
      "&#0;",
      "&#x1;",
      "&lt",
      "\u0001",
      "\ufffe",
      "xml",
      "<a>",
      "</a>",
      "xmlns:p='u'",
      "p:",
      "a='1'",
      "\r",
      "&x;",
      "<!DOCTYPE a>"
    };
    int refused = 0;
    for (int round = 0; round < 5_000; round++) {
      StringBuilder text = new StringBuilder(new RandomXml(random.nextInt(500)).document());
      for (int i = 1 + random.nextInt(2); i > 0; i--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.insert(at, pieces[random.nextInt(pieces.length)]);
          case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(3)));
          default -> text.replace(at, at + 1, pieces[random.nextInt(pieces.length)]);
        }
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      if (ODD_COLON.matcher(text).find()) {
        continue; // the JDK takes such names and targets, which Namespaces in XML does not
      }
      boolean accepted = accepts(bytes);
      refused += accepted ? 0 : 1;
      assertThat(accepted).as("round %d: %s", round, text).isEqualTo(JdkXml.accepts(bytes));
    }
    assertThat(refused).isBetween(1_000, 4_900);
  }

  @Test
  void refusesEveryDocumentCutShort() {
    for (int seed = 0; seed < 200; seed++) {
      byte[] bytes = new RandomXml(seed).document().strip().getBytes(StandardCharsets.UTF_8);
      int rootEnd = XmlParser.parse(bytes).end(XmlParser.parse(bytes).root());
      for (int length = 0; length < rootEnd; length++) {
        assertThat(accepts(java.util.Arrays.copyOf(bytes, length)))
            .as("seed %d cut at %d", seed, length)
            .isFalse();
      }
    }
  }

  private static boolean accepts(byte[] bytes) {
    try {
      XmlParser.parse(bytes);
      return true;
    } catch (MalformedPayloadException e) {
      assertThat(e.line() > 0 || e.reason().contains("encoding")).as(e.getMessage()).isTrue();
      assertThat(e.offset()).isBetween(0, bytes.length);
      return false;
    }
  }
}
