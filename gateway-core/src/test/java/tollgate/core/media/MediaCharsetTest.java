package tollgate.core.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaCharsetTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "utf-7",
        "UTF-7",
        "cp037",
        "ibm037",
        "IBM1047",
        "ebcdic-cp-us",
        "iso-2022-jp",
        "hz-gb-2312",
        "x-mac-roman",
        "cp1047",
        "unicode-1-1-utf-7",
        "iso-2022-kr",
        "x-utf-16le-bom",
        "",
        "utf8;",
        "ibm-850",
        "cesu-8",
        "jis_x0201",
      })
  void charsetsInWhichMarkupHidesAreNotRead(String label) {
    assertThat(MediaCharset.named(label)).isNull();
    if (!label.isEmpty() && !label.contains(";")) {
      MediaType type = MediaType.of("a/b;charset=" + label);
      UndecodableException e =
          catchThrowableOfType(
              UndecodableException.class,
              () -> MediaCharset.of(new byte[0], type, StandardCharsets.UTF_8));
      assertThat(e.isUnsupported()).isTrue();
    }
  }

  @Test
  void eachCharsetReadsAsciiAsAscii() throws UndecodableException {
    String ascii = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCXYZ[]^_`abcxyz{|}\t\r\n";
    for (String label :
        new String[] {
          "UTF-8",
          "utf8",
          "us-ascii",
          "ISO-8859-1",
          "latin1",
          "iso-8859-15",
          "windows-1252",
          "koi8-r"
        }) {
      Charset charset = MediaCharset.named(label);
      assertThat(charset).as(label).isNotNull();
      byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
      assertThat(new String(MediaCharset.utf8(bytes, 0, charset), StandardCharsets.UTF_8))
          .isEqualTo(ascii);
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "efbbbf41, UTF-8, 3",
        "feff0041, UTF-16BE, 2",
        "fffe4100, UTF-16LE, 2",
        "0000feff00000041, UTF-32BE, 4",
        "fffe000041000000, UTF-32LE, 4",
        "41, -, 0",
        "'', -, 0",
        "ff, -, 0",
        "efbb, -, 0",
        "0000fe, -, 0",
        "fffe, UTF-16LE, 2",
      })
  void marksComeBeforeAll(String hex, @Nullable String name, int length) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    Charset marked = MediaCharset.marked(bytes);
    assertThat(marked == null ? null : marked.name()).isEqualTo(name);
    assertThat(MediaCharset.markLength(bytes)).isEqualTo(length);
  }

  @Test
  void aMarkWinsOverTheParameterAndThatOverTheDefault() throws UndecodableException {
    MediaType latin = MediaType.of("text/plain; charset=ISO-8859-1");
    byte[] marked = HexFormat.of().parseHex("feff0041");
    assertThat(MediaCharset.of(marked, latin, StandardCharsets.UTF_8))
        .isEqualTo(StandardCharsets.UTF_16BE);
    assertThat(MediaCharset.of(new byte[] {65}, latin, StandardCharsets.UTF_8))
        .isEqualTo(StandardCharsets.ISO_8859_1);
    assertThat(MediaCharset.of(new byte[] {65}, MediaType.TEXT, StandardCharsets.UTF_16LE))
        .isEqualTo(StandardCharsets.UTF_16LE);
  }

  @ParameterizedTest
  @CsvSource({
    "5b5d, UTF-8",
    "31, UTF-8",
    "5b005d00, UTF-16LE",
    "005b005d, UTF-16BE",
    "3100, UTF-16LE",
    "5b0000005d000000, UTF-32LE",
    "0000005b0000005d, UTF-32BE",
    "5b005d, UTF-8",
    "31323300, UTF-8",
    "'', UTF-8",
    "00, UTF-8",
    "0000, UTF-8",
    "00000000, UTF-8",
  })
  void jsonTellsItsCharsetByItsZeros(String hex, String name) {
    assertThat(MediaCharset.ofJson(HexFormat.of().parseHex(hex)).name()).isEqualTo(name);
  }

  @Test
  void decodesStrictly() {
    assertThatThrownBy(() -> decode("d83d0041", StandardCharsets.UTF_16BE))
        .isInstanceOf(UndecodableException.class);
    assertThatThrownBy(() -> decode("004100", StandardCharsets.UTF_16BE))
        .isInstanceOf(UndecodableException.class);
    assertThatThrownBy(() -> decode("0000d800", Charset.forName("UTF-32BE")))
        .isInstanceOf(UndecodableException.class);
    assertThatThrownBy(() -> decode("00110000", Charset.forName("UTF-32BE")))
        .isInstanceOf(UndecodableException.class);
    for (String pair : new String[] {"0000de00", "0000d83d00000041"}) {
      assertThatThrownBy(() -> decode(pair, Charset.forName("UTF-32BE")))
          .isInstanceOf(UndecodableException.class);
    }
    UndecodableException e =
        catchThrowableOfType(
            UndecodableException.class, () -> decode("414280", StandardCharsets.US_ASCII));
    assertThat(e.offset()).isEqualTo(2);
    assertThat(e.isUnsupported()).isFalse();
  }

  @Test
  void allOfUnicodeComesThroughInPiecesOfAnySize() throws UndecodableException {
    StringBuilder text = new StringBuilder("a");
    for (int point = 0; point <= 0x10ffff; point += point < 0x800 ? 1 : 97) {
      if (point < 0xd800 || point > 0xdfff) {
        text.appendCodePoint(point);
      }
    }
    for (String name : new String[] {"UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"}) {
      byte[] bytes = text.toString().getBytes(Charset.forName(name));
      assertThat(MediaCharset.utf8(bytes, 0, Charset.forName(name)))
          .isEqualTo(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static byte[] decode(String hex, Charset charset) throws UndecodableException {
    return MediaCharset.utf8(HexFormat.of().parseHex(hex), 0, charset);
  }
}
