package tollgate.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tollgate.transport.http2.Blocks.bytes;
import static tollgate.transport.http2.Blocks.decode;
import static tollgate.transport.http2.Blocks.hex;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.core.http.FieldName;

class HpackDecoderTest {
  private final HpackDecoder decoder = new HpackDecoder(4096);

  // ---- RFC 7541 appendix C

  @Test
  void decodesSingleFields() throws HpackException {
    assertThat(decode(decoder, "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572"))
        .containsExactly("custom-key: custom-header");
    assertThat(decoder.tableSize()).isEqualTo(55);
    assertThat(decode(decoder, "040c 2f73 616d 706c 652f 7061 7468"))
        .containsExactly(":path: /sample/path");
    assertThat(decode(decoder, "1008 7061 7373 776f 7264 0673 6563 7265 74"))
        .containsExactly("password: secret");
    assertThat(decode(decoder, "82")).containsExactly(":method: GET");
    assertThat(decoder.tableSize()).isEqualTo(55);
  }

  @ParameterizedTest
  @CsvSource({
    "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d,"
        + "8286 84be 5808 6e6f 2d63 6163 6865,"
        + "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
    "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff,"
        + "8286 84be 5886 a8eb 1064 9cbf,"
        + "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
  })
  void decodesRequests(String first, String second, String third) throws HpackException {
    assertThat(decode(decoder, first))
        .containsExactly(
            ":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com");
    assertThat(decoder.tableSize()).isEqualTo(57);
    assertThat(decode(decoder, second))
        .containsExactly(
            ":method: GET",
            ":scheme: http",
            ":path: /",
            ":authority: www.example.com",
            "cache-control: no-cache");
    assertThat(decoder.tableSize()).isEqualTo(110);
    assertThat(decode(decoder, third))
        .containsExactly(
            ":method: GET",
            ":scheme: https",
            ":path: /index.html",
            ":authority: www.example.com",
            "custom-key: custom-value");
    assertThat(decoder.tableSize()).isEqualTo(164);
  }

  @ParameterizedTest
  @CsvSource({
    "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133"
        + " 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d,"
        + "4803 3330 37c1 c0bf,"
        + "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04"
        + " 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49"
        + " 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31",
    "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d"
        + " 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3,"
        + "4883 640e ffc1 c0bf,"
        + "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7"
        + " 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed"
        + " 4ee5 b106 3d50 07",
  })
  void decodesResponsesThatEvictEachOther(String first, String second, String third)
      throws HpackException {
    HpackDecoder small = new HpackDecoder(256);
    assertThat(decode(small, first))
        .containsExactly(
            ":status: 302",
            "cache-control: private",
            "date: Mon, 21 Oct 2013 20:13:21 GMT",
            "location: https://www.example.com");
    assertThat(small.tableSize()).isEqualTo(222);
    assertThat(decode(small, second))
        .containsExactly(
            ":status: 307",
            "cache-control: private",
            "date: Mon, 21 Oct 2013 20:13:21 GMT",
            "location: https://www.example.com");
    assertThat(small.tableSize()).isEqualTo(222);
    assertThat(decode(small, third))
        .containsExactly(
            ":status: 200",
            "cache-control: private",
            "date: Mon, 21 Oct 2013 20:13:22 GMT",
            "location: https://www.example.com",
            "content-encoding: gzip",
            "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1");
    assertThat(small.tableSize()).isEqualTo(215);
  }

  // ---- the tables

  @Test
  void knowsTheStaticTable() throws HpackException {
    assertThat(decode(decoder, "81")).containsExactly(":authority: ");
    assertThat(decode(decoder, "90")).containsExactly("accept-encoding: gzip, deflate");
    assertThat(decode(decoder, "bd")).containsExactly("www-authenticate: ");
  }

  @Test
  void givesTheHashOfNamesHoweverTheyCame() throws HpackException {
    HeaderList list = new HeaderList(1000);
    byte[] block =
        hex("0f0d 0130" + "0004 6461 7465 0161" + "4088 25a8 49e9 5ba9 7d7f 0162" + "be");
    decoder.decode(block, 0, block.length, list);
    assertThat(list.hash(0)).isEqualTo(FieldName.CONTENT_LENGTH.hash());
    assertThat(list.hash(1)).isEqualTo(FieldName.DATE.hash());
    assertThat(list.hash(2)).isEqualTo(FieldName.of("custom-key").hash());
    assertThat(list.hash(3)).isEqualTo(FieldName.of("custom-key").hash());
  }

  @Test
  void takesTheNameOfAnEntryThatItEvicts() throws HpackException {
    HpackDecoder small = new HpackDecoder(64);
    assertThat(decode(small, "4004 6e61 6d65 0474 6578 74")).containsExactly("name: text");
    assertThat(decode(small, "7e05 6f74 6865 72")).containsExactly("name: other");
    assertThat(decode(small, "be")).containsExactly("name: other");
    assertThat(small.tableSize()).isEqualTo(41);
  }

  @Test
  void isEmptiedByAFieldThatIsLargerThanTheTable() throws HpackException {
    HpackDecoder small = new HpackDecoder(40);
    decode(small, "4001 6101 62");
    assertThat(small.tableSize()).isEqualTo(34);
    assertThat(decode(small, "4004 6e61 6d65 0574 6578 7478")).containsExactly("name: textx");
    assertThat(small.tableSize()).isZero();
    refused(small, "be", "index 62 beyond the tables");
  }

  @Test
  void remembersThroughManyEvictions() throws HpackException {
    HpackDecoder small = new HpackDecoder(200);
    for (int i = 0; i < 3000; i++) {
      String value = "v".repeat(i % 90) + i;
      decode(small, literal(0x40, "n" + i, value));
      assertThat(decode(small, "be")).containsExactly("n" + i + ": " + value);
      assertThat(small.tableSize()).isLessThanOrEqualTo(200);
    }
  }

  @Test
  void evictsWhenTheTableShrinks() throws HpackException {
    decode(decoder, "4001 6101 62" + "4001 6301 64"); // two entries of 34
    assertThat(decode(decoder, "3f09" + "be")).containsExactly("c: d"); // 40
    assertThat(decoder.tableSize()).isEqualTo(34);
    refused(decoder, "bf", "index 63 beyond the tables");
  }

  @Test
  void allowsTwoUpdates() throws HpackException {
    decode(decoder, "4001 6101 62");
    assertThat(decode(decoder, "20" + "3fe1 1f" + "82")).containsExactly(":method: GET");
    assertThat(decoder.tableSize()).isZero();
    decode(decoder, "4001 6101 62");
    assertThat(decoder.tableSize()).isEqualTo(34);
  }

  @Test
  void wantsToBeToldOfASmallerTable() throws HpackException {
    decoder.maxTableSize(1024);
    refused(decoder, "82", "no table size update");
    assertThat(decode(decoder, "3fe1 07" + "82")).hasSize(1);
    assertThat(decode(decoder, "82")).hasSize(1);
  }

  @Test
  void needNotBeToldOfALargerTable() throws HpackException {
    decoder.maxTableSize(8192);
    assertThat(decode(decoder, "82")).hasSize(1);
    assertThat(decode(decoder, "3fe1 3f" + "82")).hasSize(1);
  }

  // ---- what is an error

  @ParameterizedTest
  @CsvSource({
    "80, index 0",
    "be, index 62 beyond the tables",
    "ff00, index 127 beyond the tables",
    "7f00, index 63 beyond the tables",
    "0f80 80, ends within a number",
    "ff, ends within a number",
    "7f, ends within a number",
    "ffff ffff ff, more than 28 bits",
    "ff80 8080 8000, more than 28 bits",
    "ffff ffff ff7f, more than 28 bits",
    "40, ends before a string",
    "4001, string longer than the block",
    "4001 61, ends before a string",
    "4001 6102 62, string longer than the block",
    "41, ends before a string",
    "0f0d, ends before a string",
    "4001 617f ffff ff7f, string longer than the block",
    "4001 617f ffff ffff, more than 28 bits",
    "4001 6181 ff, Huffman",
    "4001 6184 ffff ffff, end of string",
    "4081 0601 61, Huffman",
    "3fe2 1f, table size 4097",
    "8220, update behind a field",
    "2020 20, more than two",
  })
  void refuses(String block, String message) {
    refused(decoder, block, message);
  }

  private static void refused(HpackDecoder decoder, String block, String message) {
    assertThatThrownBy(() -> decode(decoder, block))
        .isInstanceOf(HpackException.class)
        .hasMessageContaining(message)
        .satisfies(failure -> assertThat(failure.getStackTrace()).isEmpty());
  }

  @Test
  void readsOnlyWithinItsRange() throws HpackException {
    HeaderList list = new HeaderList(1000);
    decoder.decode(hex("8084 4003 61"), 1, 2, list);
    assertThat(Blocks.text(list)).containsExactly(":path: /");
    assertThatThrownBy(() -> decoder.decode(hex("4001 6101 62"), 0, 4, list))
        .isInstanceOf(HpackException.class);
  }

  // ---- limits

  @Test
  void keepsTheTableRightBeyondTheListsLimit() throws HpackException {
    HeaderList list = new HeaderList(50);
    byte[] block = hex("4001 6101 62" + "4001 6301 64" + "4001 6501 66");
    decoder.decode(block, 0, block.length, list);
    assertThat(list.isTooLarge()).isTrue();
    assertThat(Blocks.text(list)).containsExactly("a: b");
    assertThat(decode(decoder, "be bf c0")).containsExactly("e: f", "c: d", "a: b");
  }

  @Test
  void stopsAtAReferenceBomb() throws HpackException {
    decode(decoder, literal(0x40, "bomb", "x".repeat(4000)));
    byte[] bomb = new byte[16_000];
    Arrays.fill(bomb, (byte) 0xbe);
    HeaderList list = new HeaderList(1 << 16);
    assertThatThrownBy(() -> decoder.decode(bomb, 0, bomb.length, list))
        .isInstanceOf(HpackException.class)
        .hasMessageContaining("far too large");
    assertThat(list.bytes()).hasSizeLessThan(1 << 18);
    assertThat(list.size()).isLessThan((1 << 20) + 5000);
  }

  private static byte[] literal(int kind, String name, String value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(kind);
    string(out, name);
    string(out, value);
    return out.toByteArray();
  }

  private static void string(ByteArrayOutputStream out, String text) {
    int length = text.length();
    if (length < 127) {
      out.write(length);
    } else {
      out.write(127);
      int rest = length - 127;
      for (; rest >= 128; rest >>= 7) {
        out.write((rest & 127) | 128);
      }
      out.write(rest);
    }
    out.writeBytes(bytes(text));
  }
}
