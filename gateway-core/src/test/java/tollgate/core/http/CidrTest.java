package tollgate.core.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.1.2.3/8, 10.9.9.9, true",
    "192.0.2.1, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.2, false",
    "0.0.0.0/0, 255.1.2.3, true",
    "0.0.0.0/0, ::1, false",
    "::/0, ::1, true",
    "::/0, 10.0.0.1, false",
    "::ffff:10.0.0.0/104, 10.1.2.3, true",
    "::ffff:0:0/96, 10.1.2.3, true",
    "10.0.0.0/8, ::ffff:10.1.2.3, true",
    "2001:db8::/32, 2001:db8:ffff::, true",
    "2001:db8::/33, 2001:db8:8000::, false",
    "fe80::/10, febf::1, true",
    "fe80::/10, fec0::1, false",
    "::1/128, ::1, true",
  })
  void containsExactlyItsPrefix(String cidr, String address, boolean expected) {
    assertThat(cidr(cidr).contains(address(address))).isEqualTo(expected);
    assertThat(CidrSet.of(List.of(cidr(cidr))).contains(address(address))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/08",
        "10.0.0.0/8/8",
        "10.0.0/8",
        "10.0.0.256",
        "010.0.0.1",
        "0x0a.0.0.1",
        "167772161",
        "::/129",
        "::/1000",
        "localhost",
        "example.com",
        "fe80::1%eth0",
        "[::1]",
        " 10.0.0.1",
        "\uff11.2.3.4",
        "::\uff11",
      })
  void refusesWhatIsNoPrefix(String text) {
    assertThat(Cidr.parse(text)).isNull();
  }

  @Test
  void agreesWithArithmeticOnRandomPrefixes() {
    Random random = new Random(7);
    for (int round = 0; round < 50_000; round++) {
      byte[] network = bytes(random);
      int bits = random.nextInt(network.length * 8 + 1);
      byte[] address = random.nextInt(4) == 0 ? bytes(random) : near(network, random);
      String text = AddressLiteral.address(network).getHostAddress() + "/" + bits;
      Cidr cidr = cidr(text);
      boolean expected = hasPrefix(network, address, bits);
      assertThat(cidr.contains(AddressLiteral.address(address)))
          .as("%s contains %s", text, AddressLiteral.address(address))
          .isEqualTo(expected);
    }
  }

  @Test
  void setIsTheUnionOfItsRanges() {
    Random random = new Random(8);
    for (int round = 0; round < 2_000; round++) {
      List<Cidr> ranges = new ArrayList<>();
      byte[] seed = bytes(random);
      for (int i = random.nextInt(12); i > 0; i--) {
        byte[] network = random.nextBoolean() ? near(seed, random) : bytes(random);
        int bits = random.nextInt(network.length * 8 + 1);
        ranges.add(cidr(AddressLiteral.address(network).getHostAddress() + "/" + bits));
      }
      CidrSet set = CidrSet.of(ranges);
      for (int i = 0; i < 20; i++) {
        InetAddress address =
            AddressLiteral.address(random.nextBoolean() ? near(seed, random) : bytes(random));
        assertThat(set.contains(address))
            .as("%s contains %s", ranges, address)
            .isEqualTo(ranges.stream().anyMatch(range -> range.contains(address)));
      }
    }
  }

  @Test
  void literalsAgreeWithTheJdkOnRandomAddresses() throws Exception {
    Random random = new Random(9);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = bytes(random);
      for (int i = random.nextInt(bytes.length); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] = 0;
      }
      InetAddress address = InetAddress.getByAddress(bytes);
      assertThat(AddressLiteral.parse(address.getHostAddress())).isEqualTo(address);
      String shortened = shortened(address.getHostAddress());
      assertThat(AddressLiteral.parse(shortened))
          .as(shortened)
          .isEqualTo(InetAddress.ofLiteral(shortened));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.3.4, 1.2.3.4",
    "1.2.3.4:5678, 1.2.3.4",
    "[::1]:80, ::1",
    "[::1], ::1",
    "::1, ::1",
    "2001:db8::1, 2001:db8::1",
  })
  void readsAddressesWithPorts(String text, String address) {
    assertThat(AddressLiteral.parseWithPort(text)).isEqualTo(address(address));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "unknown", "_hidden", "1.2.3.4:", "1.2.3.4:0", "1.2.3.4:x", "[1.2.3.4]", "[::1",
        "[::1]80", "[::1]:", "::1]", "example.com", "example.com:80", "1.2.3", "[]", "\"1.2.3.4\""
      })
  void refusesWhatIsNoAddressWithPort(String text) {
    assertThat(AddressLiteral.parseWithPort(text)).isNull();
  }

  private static String shortened(String text) {
    return text.contains(":") ? text.replaceFirst("(^|:)0(:0)+(:|$)", "::") : text;
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
    random.nextBytes(bytes);
    return bytes;
  }

  /** The same but for some bits from a random place on. */
  private static byte[] near(byte[] address, Random random) {
    byte[] near = address.clone();
    int bit = random.nextInt(address.length * 8);
    near[bit / 8] ^= (byte) (0x80 >> (bit % 8));
    for (int i = bit / 8 + 1; i < near.length; i++) {
      near[i] = (byte) random.nextInt();
    }
    return near;
  }

  private static boolean hasPrefix(byte[] network, byte[] address, int bits) {
    if (network.length != address.length) {
      return false;
    }
    int rest = network.length * 8 - bits;
    return new BigInteger(1, network)
        .shiftRight(rest)
        .equals(new BigInteger(1, Arrays.copyOf(address, address.length)).shiftRight(rest));
  }

  private static Cidr cidr(String text) {
    return requireNonNull(Cidr.parse(text), text);
  }

  private static InetAddress address(String text) {
    return requireNonNull(AddressLiteral.parse(text), text);
  }
}
