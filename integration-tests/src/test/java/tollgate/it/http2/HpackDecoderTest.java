package tollgate.it.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import tollgate.it.harness.Headers;

/** The tests' own reader of blocks, by the examples of RFC 7541. */
final class HpackDecoderTest {
  private static final String COOKIE = "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";

  /** Appendix C.6: coded by Huffman, with a table that has room for four entries. */
  @Test
  void readsAnswersOneAfterTheOther() throws IOException {
    HpackDecoder decoder = new HpackDecoder();
    assertThat(decoder.decode(hex("3fe101")).lines()).isEmpty(); // 256 octets
    assertThat(
            decoder.decode(
                hex(
                    "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff"
                        + "6e919d29ad171863c78f0b97c8e9ae82ae43d3")))
        .isEqualTo(answer("302", "Mon, 21 Oct 2013 20:13:21 GMT"));
    assertThat(decoder.usedBytes()).isEqualTo(222);
    assertThat(decoder.decode(hex("4883640effc1c0bf")))
        .isEqualTo(answer("307", "Mon, 21 Oct 2013 20:13:21 GMT"));
    assertThat(decoder.usedBytes()).isEqualTo(222);
    List<Headers.Line> third =
        decoder
            .decode(
                hex(
                    "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7"
                        + "f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d"
                        + "5007"))
            .lines();
    assertThat(third).hasSize(6);
    assertThat(third.get(2)).isEqualTo(new Headers.Line("date", "Mon, 21 Oct 2013 20:13:22 GMT"));
    assertThat(third.get(5)).isEqualTo(new Headers.Line("set-cookie", COOKIE));
    assertThat(decoder.usedBytes()).isEqualTo(215);
  }

  @Test
  void codesWhatItReads() throws IOException {
    StringBuilder all = new StringBuilder();
    for (char c = 0; c < 0x100; c++) {
      all.append(c);
    }
    assertThat(HuffmanCode.decode(HuffmanCode.encode(all.toString()))).isEqualTo(all.toString());
    assertThat(HuffmanCode.encode("www.example.com")).isEqualTo(hex("f1e3c2e5f23a6ba0ab90f4ff"));
  }

  @Test
  void refusesWhatIsWrong() {
    HpackDecoder decoder = new HpackDecoder();
    for (String wrong : List.of("80", "be", "3fe21f", "8220", "000161820fff")) {
      assertThatThrownBy(() -> decoder.decode(hex(wrong)))
          .as(wrong)
          .isInstanceOf(IOException.class);
    }
  }

  private static Headers answer(String status, String date) {
    return new Headers(
        List.of(
            new Headers.Line(":status", status),
            new Headers.Line("cache-control", "private"),
            new Headers.Line("date", date),
            new Headers.Line("location", "https://www.example.com")));
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
