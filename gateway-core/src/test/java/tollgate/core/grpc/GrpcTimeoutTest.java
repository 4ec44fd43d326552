package tollgate.core.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcTimeoutTest {
  @ParameterizedTest
  @CsvSource({
    "1n, 1",
    "0S, 0",
    "00000001u, 1000",
    "250m, 250000000",
    "2S, 2000000000",
    "3M, 180000000000",
    "1H, 3600000000000",
    "99999999M, 5999999940000000000",
    "99999999H, 9223372036854775807",
  })
  void readsDigitsAndAUnit(String text, long nanos) {
    assertThat(GrpcTimeout.parse(text)).isEqualTo(nanos);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "S",
        "1",
        "123456789S",
        "999999999999999999999S",
        "-1S",
        "+1S",
        " 1S",
        "1 S",
        "1s",
        "1h",
        "1.5S",
        "1SS",
        "0x1S",
        "1S ",
        "\u06611S",
        "1e3S"
      })
  void refusesAnythingElse(String text) {
    assertThat(GrpcTimeout.parse(text)).isEqualTo(GrpcTimeout.INVALID);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1n",
    "-5, 1n",
    "99999999, 99999999n",
    "100000000, 100000u",
    "1999999999, 1999999u",
    "9223372036854775807, 2562047H",
  })
  void printsTheFinestUnitThatHasRoom(long nanos, String text) {
    assertThat(GrpcTimeout.print(nanos)).isEqualTo(text);
  }

  @Test
  void neverPrintsMoreThanIsLeft() {
    Random random = new Random(20261130);
    for (int i = 0; i < 100_000; i++) {
      long nanos = (random.nextLong() >>> (1 + random.nextInt(62))) + 1;
      long read = GrpcTimeout.parse(GrpcTimeout.print(nanos));
      assertThat(read).isBetween(nanos - nanos / 1_000, nanos);
    }
  }
}
