package tollgate.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.transport.http2.Blocks.bytes;
import static tollgate.transport.http2.Blocks.hex;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.http.FieldName;

class HpackEncoderTest {
  private final HpackEncoder encoder = new HpackEncoder();
  private final ByteBuf out = Unpooled.buffer();

  // ---- pseudo-fields

  @Test
  void writesARequestsPseudoFields() {
    encoder.begin(out);
    encoder.method(out, "GET");
    encoder.scheme(out, false);
    encoder.path(out, "/", null);
    encoder.authority(out, "a.b");
    assertThat(written()).isEqualTo(hex("8286 84" + "01 03612e62"));
    encoder.method(out, "POST");
    encoder.scheme(out, true);
    encoder.path(out, "/a", "b=c");
    assertThat(written()).isEqualTo(hex("8387" + "04 062f 613f 623d 63"));
    encoder.method(out, "DELETE");
    encoder.path(out, "*", null);
    assertThat(written()).isEqualTo(hex("02 0644 454c 4554 45" + "04 012a"));
  }

  /** RFC 7541 C.2.2, a literal without indexing. */
  @Test
  void writesAPathAsTheRfcShows() {
    encoder.path(out, "/sample/path", null);
    assertThat(written()).isEqualTo(hex("040c 2f73 616d 706c 652f 7061 7468"));
  }

  @ParameterizedTest
  @CsvSource({
    "200, 88",
    "204, 89",
    "206, 8a",
    "304, 8b",
    "400, 8c",
    "404, 8d",
    "500, 8e",
    "302, 0803333032",
    "103, 0803313033",
    "999, 0803393939",
  })
  void writesStatus(int status, String block) {
    encoder.status(out, status);
    assertThat(written()).isEqualTo(hex(block));
  }

  // ---- literals and the table

  /** RFC 7541 C.2.1 is what the second time looks like. */
  @Test
  void indexesWhatComesBack() {
    field("custom-key", "custom-header");
    assertThat(written())
        .isEqualTo(hex("000a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572"));
    field("custom-key", "custom-header");
    assertThat(written())
        .isEqualTo(hex("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572"));
    field("custom-key", "custom-header");
    assertThat(written()).isEqualTo(hex("be"));
    field("cache-control", "no-cache");
    field("cache-control", "no-cache");
    assertThat(written())
        .isEqualTo(hex("0f09 086e 6f2d 6361 6368 65" + "58 086e 6f2d 6361 6368 65"));
    field("custom-key", "custom-header");
    field("cache-control", "no-cache");
    assertThat(written()).isEqualTo(hex("bfbe"));
  }

  @Test
  void writesNamesInLowerCase() {
    for (int i = 0; i < 3; i++) {
      field("X-Thing", "A");
      field("Content-Type", "B");
    }
    assertThat(written())
        .isEqualTo(
            hex(
                "0007 782d 7468 696e 6701 41"
                    + "0f10 0142"
                    + "4007 782d 7468 696e 6701 41"
                    + "5f 0142"
                    + "bfbe"));
    field("x-thing", "A");
    assertThat(written()).isEqualTo(hex("bf"));
  }

  @Test
  void writesFieldNamesAndTheirValues() {
    for (int i = 0; i < 3; i++) {
      encoder.field(out, FieldName.VIA, "1.1 gate\u00e9");
    }
    assertThat(written())
        .isEqualTo(hex("0f2d 0931 2e31 2067 6174 65e9" + "7c 0931 2e31 2067 6174 65e9" + "be"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization",
        "Cookie",
        "Set-Cookie",
        "Proxy-Authorization",
        "ApiKey",
        "x-api-key",
      })
  void neverIndexesSecrets(String name) {
    ReferenceDecoder peer = new ReferenceDecoder();
    for (int i = 0; i < 4; i++) {
      encoder.begin(out);
      field(name, "secret");
    }
    assertThat(peer.decode(written()))
        .hasSize(4)
        .allMatch(field -> field.isNeverIndexed())
        .allMatch(field -> field.name().equals(name.toLowerCase(Locale.ROOT)));
    assertThat(peer.tableSize()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length", "ETag", "Location", "Last-Modified"})
  void doesNotIndexWhatChanges(String name) {
    ReferenceDecoder peer = new ReferenceDecoder();
    for (int i = 0; i < 4; i++) {
      field(name, "17");
    }
    assertThat(peer.decode(written())).hasSize(4).noneMatch(field -> field.isNeverIndexed());
    assertThat(peer.tableSize()).isZero();
  }

  @Test
  void doesNotIndexWhatWouldFillTheTable() {
    ReferenceDecoder peer = new ReferenceDecoder();
    for (int i = 0; i < 4; i++) {
      field("Link", "x".repeat(3000));
    }
    assertThat(peer.decode(written())).hasSize(4);
    assertThat(peer.tableSize()).isZero();
  }

  // ---- the size of the table

  @Test
  void tellsTheSizesItIsGiven() {
    encoder.begin(out);
    assertThat(written()).isEmpty();
    encoder.tableSize(1337);
    encoder.begin(out);
    assertThat(written()).isEqualTo(hex("3f9a 0a")); // RFC 7541 C.1.2
    encoder.begin(out);
    assertThat(written()).isEmpty();
    encoder.tableSize(10);
    encoder.begin(out);
    assertThat(written()).isEqualTo(hex("2a")); // C.1.1
    encoder.tableSize(0);
    encoder.begin(out);
    assertThat(written()).isEqualTo(hex("20"));
  }

  @Test
  void tellsTheLowestAndTheLastOfSeveral() {
    encoder.tableSize(100);
    encoder.tableSize(10);
    encoder.tableSize(1337);
    encoder.begin(out);
    assertThat(written()).isEqualTo(hex("2a" + "3f9a 0a"));
    encoder.tableSize(0);
    encoder.tableSize(1337);
    encoder.begin(out);
    assertThat(written()).isEqualTo(hex("20" + "3f9a 0a"));
    encoder.tableSize(2000);
    encoder.tableSize(1337);
    encoder.begin(out);
    assertThat(written()).isEmpty();
    encoder.tableSize(2000);
    encoder.tableSize(3000);
    encoder.begin(out);
    assertThat(written()).isEqualTo(hex("3f99 17"));
  }

  @Test
  void usesNoMoreThanItMeansTo() {
    encoder.tableSize(65536);
    encoder.begin(out);
    encoder.tableSize(-1); // 2^32 - 1
    encoder.begin(out);
    assertThat(written()).isEmpty();
  }

  @Test
  void indexesNothingWithoutATable() {
    encoder.tableSize(0);
    encoder.begin(out);
    for (int i = 0; i < 3; i++) {
      field("a", "b");
    }
    assertThat(written()).isEqualTo(hex("20" + "0001 6101 62".repeat(3)));
  }

  @Test
  void forgetsWhatAnUpdateEvicts() {
    for (int i = 0; i < 3; i++) {
      field("a", "b");
      field("c", "d");
    }
    var _ = written();
    encoder.tableSize(40);
    encoder.begin(out);
    field("c", "d");
    assertThat(written()).isEqualTo(hex("3f09" + "be"));
    encoder.tableSize(4096);
    encoder.begin(out);
    field("a", "b");
    assertThat(written()).isEqualTo(hex("3fe1 1f" + "4001 6101 62"));
  }

  // ---- both decoders understand it, whatever it is

  @Test
  void isUnderstood() throws HpackException {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      HpackEncoder encoder = new HpackEncoder();
      HpackDecoder decoder = new HpackDecoder(4096);
      ReferenceDecoder reference = new ReferenceDecoder();
      for (int block = 0; block < 60; block++) {
        for (int i = random.nextInt(20); i > 17; i--) {
          encoder.tableSize(random.nextInt(random.nextBoolean() ? 300 : 5000));
        }
        List<String> sent = new ArrayList<>();
        encoder.begin(out);
        for (int i = random.nextInt(12); i > 0; i--) {
          String name = name(random);
          String value = value(random);
          if (random.nextBoolean()) {
            encoder.field(out, FieldName.of(name), value);
          } else {
            byte[] both = bytes(name + value);
            int split = name.length();
            encoder.field(out, both, 0, split, both, split, both.length - split);
          }
          sent.add(name.toLowerCase(Locale.ROOT) + ": " + value);
        }
        byte[] bytes = written();
        assertThat(Blocks.decode(decoder, bytes)).as("seed %d", seed).isEqualTo(sent);
        assertThat(reference.decode(bytes).stream().map(f -> f.name() + ": " + f.value()))
            .as("seed %d", seed)
            .isEqualTo(sent);
        assertThat(decoder.tableSize()).as("seed %d", seed).isEqualTo(reference.tableSize());
      }
    }
  }

  private static String name(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> "Content-Type";
      case 1 -> "Cache-Control";
      case 2 -> "x".repeat(1 + random.nextInt(3));
      default -> "X-" + random.nextInt(30);
    };
  }

  private static String value(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> "";
      case 1 -> "v".repeat(random.nextInt(random.nextInt(20) == 0 ? 3000 : 150));
      case 2 -> "\u00ff " + random.nextInt(6);
      default -> "application/json; charset=utf-8; q=" + random.nextInt(6);
    };
  }

  private void field(String name, String value) {
    byte[] n = bytes(name);
    byte[] v = bytes(value);
    encoder.field(out, n, 0, n.length, v, 0, v.length);
  }

  private byte[] written() {
    return Blocks.take(out);
  }
}
