package tollgate.core.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "api.example.com",
        "API.Example.com.",
        "my_service:8080",
        "127.0.0.1:1",
        "a:65535",
        "[::1]",
        "[::1]:8280",
        "[2001:db8:0:0:1:0:0:1]:443",
        "[::ffff:192.0.2.1]",
        "xn--bcher-kva.example",
      })
  void acceptsHostAndOptionalPort(String text) {
    assertThat(Authority.isValid(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        ".a",
        "a..b",
        "a..",
        ":80",
        "a:",
        "a:0",
        "a:080",
        "a:65536",
        "a:123456",
        "a:8x",
        "a:+8",
        "a:80:80",
        "a/b",
        "a/",
        "user@a",
        "user:pw@a",
        "a,b",
        "a, b",
        " a",
        "a ",
        "a\t",
        "a\u0000",
        "a%41",
        "a\\b",
        "a?x",
        "a#x",
        "a;b",
        "*",
        "\u00e9",
        "\u20ac",
        "[]",
        "[::1",
        "::1",
        "[::1]x",
        "[::1]:",
        "[::1]:0",
        "[1.2.3.4]",
        "[v1.x]",
        "[fe80::1%25eth0]",
        "[::g]",
        "[1:2:3]",
        "[:::]",
        "[1::2::3]",
        "[1:2:3:4:5:6:7:8:9]",
        "[1:2:3:4:5:6:7:8::]",
        "[1:2:3:4:5:6:7:]",
        "[:1:2:3:4:5:6:7]",
        "[::1.2.3]",
        "[::01.2.3.4]",
        "[12345::]",
      })
  void refusesWhatIsNoHostWithOptionalPort(String text) {
    assertThat(Authority.isValid(text)).isFalse();
    assertThat(Authority.canonical(text)).isNull();
  }

  @Test
  void refusesHostsLongerThanAnyName() {
    assertThat(Authority.isValid("a".repeat(255))).isTrue();
    assertThat(Authority.isValid("a".repeat(256))).isFalse();
  }

  @Test
  void readsOnlyItsRange() {
    byte[] source = "Host: Example.COM:80\r\n".getBytes(ISO_8859_1);
    assertThat(Authority.canonical(source, 6, 14)).isEqualTo("example.com:80");
    assertThat(Authority.canonical(source, 6, 15)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "example.com, example.com, 99",
    "example.com:80, example.com, 80",
    "example.com., example.com, 99",
    "example.com.:80, example.com, 80",
    "[::1], [::1], 99",
    "[::1]:80, [::1], 80",
    "'', '', 99",
  })
  void splitsHostAndPort(String authority, String host, int port) {
    assertThat(Authority.host(authority)).isEqualTo(host);
    assertThat(Authority.port(authority, 99)).isEqualTo(port);
  }

  @Test
  void trailingDotAndDefaultPortMakeNoOtherHost() {
    assertThat(Authority.isSame("a.b", "a.b:80", 80)).isTrue();
    assertThat(Authority.isSame("a.b.", "a.b:80", 80)).isTrue();
    assertThat(Authority.isSame("a.b", "a.b:80", 443)).isFalse();
    assertThat(Authority.isSame("a.b", "a.c", 80)).isFalse();
  }
}
