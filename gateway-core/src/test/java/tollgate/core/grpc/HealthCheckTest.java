package tollgate.core.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthCheckTest {
  @Test
  void asksForAServiceOrTheWholeServer() {
    assertThat(ByteBufUtil.hexDump(HealthCheck.question(""))).isEqualTo("0000000000");
    assertThat(ByteBufUtil.hexDump(HealthCheck.question("a.B"))).isEqualTo("00000000050a03612e42");
    assertThat(ByteBufUtil.hexDump(HealthCheck.question("x".repeat(300))))
        .startsWith("000000012f0aac0278")
        .hasSize(2 * (5 + 303));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000000020801",
        "000000000408020801", // the last one counts
        "00000000050a01780801", // fields of other kinds are passed over
        "000000000b1100000000000000000801",
        "000000000715000000000801",
        "000000000418050801",
      })
  void takesServing(String answer) {
    assertThat(isServing(answer)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00000000",
        "0000000000", // UNKNOWN
        "00000000020800",
        "00000000020802", // NOT_SERVING
        "00000000020803",
        "01000000020801", // compressed
        "00000000030801", // cut
        "0000000002080100", // and more
        "000000000108",
        "000000000208ff",
        "000000000c08ffffffffffffffffffff01",
        "00000000030aff01",
        "000000000406010801",
        "00000000040b000801", // groups are none
        "00000000020001",
        "00ffffffff0801",
      })
  void takesNothingElse(String answer) {
    assertThat(isServing(answer)).isFalse();
  }

  private static boolean isServing(String hex) {
    return HealthCheck.isServing(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
  }
}
