package tollgate.core.message.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.message.PayloadLimits;

/** What a document holds, in bytes of heap, is at most 1 KiB and eight times its body. */
class XmlMemoryTest {
  private static final int REPEATED = 20_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<b/>",
        "<b/>x",
        "<b></b>",
        "<b a=''/>",
        "<b a='' c='' d=''/>",
        "<?a?>",
        "<!---->",
        "<![CDATA[]]>",
        "<![CDATA[]]>x",
        "x<!---->",
        "<b xmlns='u'/>",
        "<p:b/>",
        "<b>text</b>",
        "<b>&lt;</b>",
        "<item id=\"1\"><name>Tea</name><price>2.50</price></item>"
      })
  void staysWithinEightTimesTheBody(String content) {
    for (int times : new int[] {1, 10, REPEATED}) {
      byte[] bytes = ("<a xmlns:p='u'>" + content.repeat(times) + "</a>").getBytes(UTF_8);
      assertThat(held(bytes)).as("%d times", times).isLessThan(1024 + 8L * bytes.length);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 4000})
  void staysWithinItForManyNamespaces(int count) {
    StringBuilder text = new StringBuilder("<a>");
    for (int i = 0; i < count; i++) {
      text.append("<b xmlns='").append(Integer.toString(i, 36)).append("'/>");
    }
    byte[] bytes = text.append("</a>").toString().getBytes(UTF_8);
    assertThat(held(bytes)).isLessThan(1024 + 8L * bytes.length);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1000, 50_000})
  void staysWithinItForManyAttributes(int count) {
    StringBuilder text = new StringBuilder("<a");
    for (int i = 0; i < count; i++) {
      text.append(" b").append(Integer.toString(i, 36)).append("=''");
    }
    byte[] bytes = text.append("/>").toString().getBytes(UTF_8);
    assertThat(held(bytes)).isLessThan(1024 + 8L * bytes.length);
  }

  /** The object and all that it refers to, in the layout of the widest headers. */
  private static long held(byte[] bytes) {
    XmlDocument document = XmlParser.parse(bytes, null, PayloadLimits.NONE);
    long held = 64;
    try {
      for (Field field : XmlDocument.class.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          held += held(field.get(document));
        }
      }
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
    return held;
  }

  private static long held(Object part) {
    return switch (part) {
      case null -> 0;
      case byte[] array -> 16 + array.length + 7;
      case int[] array -> 16 + 4L * array.length + 7;
      case String[] array -> {
        long all = 16 + 4L * array.length + 7;
        for (String string : array) {
          all += 24 + 16 + string.length() + 7;
        }
        yield all;
      }
      case Integer _ -> 0;
      default -> throw new AssertionError("a part that is not counted: " + part.getClass());
    };
  }
}
