package tollgate.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tollgate.transport.http2.Blocks.bytes;
import static tollgate.transport.http2.Blocks.hex;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HuffmanTest {
  private static final int ROUNDS = 2000;

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      value = {
        "www.example.com | f1e3c2e5f23a6ba0ab90f4ff",
        "no-cache | a8eb10649cbf",
        "custom-key | 25a849e95ba97d7f",
        "custom-value | 25a849e95bb8e8b4bf",
        "302 | 6402",
        "private | aec3771a4b",
        "Mon, 21 Oct 2013 20:13:21 GMT | d07abe941054d444a8200595040b8166e082a62d1bff",
        "https://www.example.com | 9d29ad171863c78f0b97c8e9ae82ae43d3",
        "307 | 640eff",
        "gzip | 9bd9ab",
        "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"
            + " | 94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed"
            + "4ee5b1063d5007",
      })
  void encodesAndDecodesWhatTheRfcShows(String text, String code) throws HpackException {
    assertThat(HuffmanEncoder.encode(bytes(text))).isEqualTo(hex(code));
    assertThat(decode(hex(code))).isEqualTo(bytes(text));
  }

  /** From RFC 7541 appendix B, at the edges of code lengths; padded with ones. */
  @ParameterizedTest
  @CsvSource({
    "48, 07", // '0': 00000
    "122, f7", // 'z': 1111011
    "88, fc", // 'X': 11111100
    "33, fe3f", // '!': 1111111000
    "63, ff3f", // '?': 1111111100
    "39, ff5f", // ''': 11111111010
    "0, ffc7", // 1111111111000
    "92, fffe1f", // '\': 1111111111111110000, 19 bits
    "195, fffe3f", // 1111111111111110001, 19 bits
    "208, fffe5f", // 1111111111111110010, 19 bits
    "128, fffe6f", // 20 bits
    "1, ffffb1", // 23 bits
    "9, ffffea", // 24 bits
    "199, fffff67f", // 25 bits: 1ffffec
    "255, fffffbbf", // 26 bits: 3ffffee
    "203, fffffbdf", // 27 bits: 7ffffde
    "2, fffffe2f", // 28 bits
    "249, ffffffef", // 28 bits: ffffffe
    "10, fffffff3", // 30 bits: 3ffffffc
    "22, fffffffb", // 30 bits: 3ffffffe
  })
  void hasTheCodesOfTheRfc(int symbol, String code) throws HpackException {
    byte[] text = {(byte) symbol};
    assertThat(HuffmanEncoder.encode(text)).isEqualTo(hex(code));
    assertThat(decode(hex(code))).isEqualTo(text);
  }

  @Test
  void readsWhatItWrites() throws HpackException {
    Random random = new Random(7541);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] text = new byte[random.nextInt(40)];
      random.nextBytes(text);
      if (round % 2 == 0) {
        for (int i = 0; i < text.length; i++) {
          text[i] = (byte) (' ' + (text[i] & 0x3f));
        }
      }
      assertThat(decode(HuffmanEncoder.encode(text))).as("round %d", round).isEqualTo(text);
    }
  }

  @Test
  void allowsUpToSevenBitsOfPadding() throws HpackException {
    assertThat(decode(hex("f9"))).isEqualTo(bytes("*")); // 11111001, none
    assertThat(decode(hex("ff3f"))).isEqualTo(bytes("?")); // 10 and 6
    assertThat(decode(hex(""))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "ff, a byte of padding", //
    "07ff, a byte of padding behind a symbol and three bits",
    "f9ff, a byte of padding behind a byte",
    "ffff, two bytes of padding",
  })
  void allowsNoMorePadding(String code, String what) {
    assertThatThrownBy(() -> decode(hex(code))).as(what).isInstanceOf(HpackException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "06, 110 behind a symbol", //
    "03, 011 behind a symbol",
    "f8fe, seven ones and a zero behind a symbol",
    "ffc6, 110 behind one of 13 bits",
  })
  void refusesPaddingThatIsNotAllOnes(String code, String what) {
    assertThatThrownBy(() -> decode(hex(code))).as(what).isInstanceOf(HpackException.class);
  }

  @ParameterizedTest
  @CsvSource({"ffffffff", "ffffffffff", "07ffffffff", "fffffffffffffffffffff0", "f8ffffffff0707"})
  void refusesEndOfString(String code) {
    assertThatThrownBy(() -> decode(hex(code)))
        .isInstanceOf(HpackException.class)
        .hasMessageContaining("end of string");
  }

  private static byte[] decode(byte[] code) throws HpackException {
    byte[] text = new byte[Huffman.maxDecoded(code.length)];
    int length = Huffman.decode(code, 0, code.length, text, 0);
    return Arrays.copyOf(text, length);
  }
}
