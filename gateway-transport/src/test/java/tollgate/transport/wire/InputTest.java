package tollgate.transport.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

/** Bytes that wait to be decoded. */
final class InputTest {
  @Test
  void littleThatHasToWaitHoldsNoLargeBuffer() {
    ByteBuf read = Unpooled.directBuffer(64 * 1024).writeBytes("xxGET /".getBytes(US_ASCII));
    try (Input input = new Input(UnpooledByteBufAllocator.DEFAULT)) {
      input.append(read);
      input.bytes().skipBytes(2);
      input.keep();
      assertThat(read.refCnt()).isZero();
      assertThat(input.bytes().toString(US_ASCII)).isEqualTo("GET /");
      assertThat(input.bytes().capacity()).isLessThan(1024);
    }
  }

  @Test
  void muchThatHasToWaitIsNotCopied() {
    ByteBuf read = Unpooled.directBuffer(1024).writeZero(1000);
    try (Input input = new Input(UnpooledByteBufAllocator.DEFAULT)) {
      input.append(read);
      input.keep();
      assertThat(input.bytes()).isSameAs(read);
    }
  }
}
