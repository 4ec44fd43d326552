package tollgate.transport.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers of both versions, good ones and others, also cut at every byte. */
final class ProxyHeaderTest {
  @Test
  void readsVersion1() {
    assertSource(text("PROXY TCP4 192.0.2.1 198.51.100.1 51234 443\r\n"), "192.0.2.1", 51234);
    assertSource(text("PROXY TCP6 2001:db8::1 2001:db8::2 0 65535\r\n"), "2001:db8::1", 0);
    assertSource(text("PROXY UNKNOWN\r\n"), null, 0);
    assertSource(text("PROXY UNKNOWN ffff::1 whatever it is\r\n"), null, 0);
    assertSource(text("PROXY UNKNOWN " + "f".repeat(91) + "\r\n"), null, 0);
  }

  @Test
  void readsVersion2() {
    assertSource(ProxyHeaders.ipv4("192.0.2.1", 51234), "192.0.2.1", 51234);
    assertSource(ProxyHeaders.ipv6("2001:db8::1", 51234), "2001:db8::1", 51234);
    assertSource(ProxyHeaders.version2(0x21, 0x12, "c0000201c6336401c82201bb"), "192.0.2.1", 51234);
    assertSource(ProxyHeaders.version2(0x21, 0x31, "00".repeat(216)), null, 0);
    assertSource(ProxyHeaders.version2(0x21, 0x32, "00".repeat(216)), null, 0);
    assertSource(ProxyHeaders.version2(0x21, 0x00, ""), null, 0);
    assertSource(ProxyHeaders.version2(0x21, 0x00, "01020304"), null, 0);
    assertSource(ProxyHeaders.version2(0x20, 0x00, ""), null, 0);
    assertSource(ProxyHeaders.version2(0x20, 0x11, "c0000201c6336401c82201bb"), null, 0);
  }

  @Test
  void passesOverAdditions() {
    String addresses = "c0000201c6336401c82201bb";
    String authority = "02" + "0005" + "612e636f6d";
    String ssl = "20" + "000f" + "01" + "00000000" + "21" + "0007" + "544c5376312e33";
    for (String additions : new String[] {authority, ssl, authority + ssl, "ee0000"}) {
      assertSource(ProxyHeaders.version2(0x21, 0x11, addresses + additions), "192.0.2.1", 51234);
    }
    String padding = "04" + "%04x".formatted(4096 - 16 - 12 - 3) + "00".repeat(4096 - 16 - 12 - 3);
    assertSource(ProxyHeaders.version2(0x21, 0x11, addresses + padding), "192.0.2.1", 51234);
  }

  @Test
  void verifiesTheChecksum() {
    byte[] header = ProxyHeaders.withChecksum("192.0.2.1", 51234);
    assertSource(header, "192.0.2.1", 51234);
    header[17] = (byte) (header[17] ^ 1);
    assertBroken(header);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n",
        "proxy TCP4 192.0.2.1 198.51.100.1 1 2\r\n",
        "PROXY  TCP4 192.0.2.1 198.51.100.1 1 2\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 1 2 \r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 1\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 1 2 3\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 01 2\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 +1 2\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 1 65536\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 1 -2\r\n",
        "PROXY TCP4 192.0.2.01 198.51.100.1 1 2\r\n",
        "PROXY TCP4 192.0.2.256 198.51.100.1 1 2\r\n",
        "PROXY TCP4 192.0.2.1/24 198.51.100.1 1 2\r\n",
        "PROXY TCP4 localhost 198.51.100.1 1 2\r\n",
        "PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n",
        "PROXY TCP6 192.0.2.1 198.51.100.1 1 2\r\n",
        "PROXY TCP6 2001:db8::1%eth0 2001:db8::2 1 2\r\n",
        "PROXY TCP5 192.0.2.1 198.51.100.1 1 2\r\n",
        "PROXY UDP4 192.0.2.1 198.51.100.1 1 2\r\n",
        "PROXY UNKNOWNS\r\n",
        "PROXY \r\n",
        "PROXY\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 1 2\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 1 2\r\r\n",
        "PROXY TCP4\t192.0.2.1 198.51.100.1 1 2\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 1 2\u0000\r\n",
        "PROXY UNKNOWN a\nb\r\n",
        "PROXY UNKNOWN \u00e9\r\n",
        "\r\n\r\nGET / HTTP/1.1\r\n",
        "\r\n\r\n\u0000\r\nQUIX\n",
        "\u0016\u0003\u0001\u0002\u0000",
        " PROXY UNKNOWN\r\n",
      })
  void refusesOtherText(String header) {
    assertBroken(text(header));
  }

  @Test
  void refusesALineOfMoreThan107Bytes() {
    assertBroken(text("PROXY UNKNOWN " + "f".repeat(92) + "\r\n"));
    assertBroken(text("PROXY UNKNOWN " + "f".repeat(5000)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // version, command, family, then addresses and additions
        "11 11 c0000201c6336401c82201bb",
        "31 11 c0000201c6336401c82201bb",
        "22 11 c0000201c6336401c82201bb",
        "21 10 c0000201c6336401c82201bb",
        "21 13 c0000201c6336401c82201bb",
        "21 41 c0000201c6336401c82201bb",
        "21 01 c0000201c6336401c82201bb",
        "21 11 c0000201c6336401c82201",
        "21 11 ",
        "21 21 c0000201c6336401c82201bb",
        "21 31 0000",
        "21 11 c0000201c6336401c82201bb01",
        "21 11 c0000201c6336401c82201bb0100",
        "21 11 c0000201c6336401c82201bb010001",
        "21 11 c0000201c6336401c82201bb01ffff00",
        "21 11 c0000201c6336401c82201bb20000401000000",
        "21 11 c0000201c6336401c82201bb2000080100000000210001",
        "21 11 c0000201c6336401c82201bb030003000000",
        "21 11 c0000201c6336401c82201bb03000400000000",
      })
  void refusesOtherBytes(String header) {
    String[] parts = header.split(" ", -1);
    assertBroken(
        ProxyHeaders.version2(
            Integer.parseInt(parts[0], 16), Integer.parseInt(parts[1], 16), parts[2]));
  }

  /** B16, CVE-2022-41881 */
  @Test
  void refusesAdditionsNestedInNestedOnes() {
    String nested = "20" + "0005" + "0100000000";
    for (int depth = 1; depth < 400; depth++) {
      String value = "0100000000" + nested;
      nested = "20" + "%04x".formatted(value.length() / 2) + value;
      assertBroken(ProxyHeaders.version2(0x21, 0x11, "c0000201c6336401c82201bb" + nested));
    }
  }

  @Test
  void refusesAHeaderOfMoreThan4096BytesBeforeItHasCome() {
    byte[] header = ProxyHeaders.version2(0x20, 0x00, "00".repeat(4096 - 16 + 1));
    assertBroken(java.util.Arrays.copyOf(header, 16));
    assertSource(ProxyHeaders.version2(0x20, 0x00, "00".repeat(4096 - 16)), null, 0);
  }

  @Test
  void isBoundedWhateverComes() {
    Random random = new Random(20261125);
    byte[][] seeds = {
      ProxyHeaders.ipv4("192.0.2.1", 1),
      ProxyHeaders.withChecksum("192.0.2.1", 1),
      text("PROXY TCP6 2001:db8::1 2001:db8::2 1 2\r\n")
    };
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = java.util.Arrays.copyOf(seeds[i % seeds.length], 4096 + 16);
      for (int edits = random.nextInt(4); edits >= 0; edits--) {
        bytes[random.nextInt(60)] = (byte) random.nextInt(256);
      }
      // The first 4 KiB decide.
      assertThat(read(bytes)).isNotInstanceOf(ProxyHeader.Unfinished.class);
    }
  }

  private static void assertSource(byte[] header, @Nullable String address, int port) {
    for (int cut = 0; cut < header.length; cut++) {
      assertThat(read(java.util.Arrays.copyOf(header, cut)))
          .as("the first %s bytes", cut)
          .isEqualTo(ProxyHeader.Unfinished.UNFINISHED);
    }
    InetSocketAddress source =
        address == null ? null : new InetSocketAddress(InetAddress.ofLiteral(address), port);
    var whole = new ProxyHeader.Whole(source, header.length);
    assertThat(read(header)).isEqualTo(whole);
    assertThat(read((new String(header, ISO_8859_1) + "GET /").getBytes(ISO_8859_1)))
        .isEqualTo(whole);
  }

  /** Whichever part of it came first, it never becomes a good one. */
  private static void assertBroken(byte[] header) {
    assertThat(read(header)).isInstanceOf(ProxyHeader.Broken.class);
    for (int cut = 0; cut < header.length; cut++) {
      assertThat(read(java.util.Arrays.copyOf(header, cut)))
          .as("the first %s bytes", cut)
          .isNotInstanceOf(ProxyHeader.Whole.class);
    }
  }

  private static byte[] text(String header) {
    return header.getBytes(ISO_8859_1);
  }

  private static ProxyHeader read(byte[] bytes) {
    // Not at the start of its buffer, as after other reads.
    ByteBuf in = Unpooled.buffer().writeZero(3).writeBytes(bytes).skipBytes(3);
    ProxyHeader header = ProxyHeader.read(in);
    assertThat(in.readableBytes()).isEqualTo(bytes.length);
    in.release();
    return header;
  }
}
