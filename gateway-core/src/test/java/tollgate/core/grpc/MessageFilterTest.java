package tollgate.core.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.core.fault.FaultCode;
import tollgate.core.handler.ChunkFilter.Passed;
import tollgate.core.http.Trailers;

class MessageFilterTest {
  @Test
  void givesBackTheVeryChunksItGot() {
    MessageFilter filter = MessageFilter.ofRequest(3);
    ByteBuf chunk = hex("0000000003414243");
    Passed passed = filter.chunk(chunk);
    assertThat(((Passed.Pass) passed).buffer()).isSameAs(chunk);
    assertThat(chunk.refCnt()).isEqualTo(1);
    assertThat(chunk.readableBytes()).isEqualTo(8);
    chunk.release();
    assertThat(filter.isBetweenMessages()).isTrue();
    assertThat(filter.end(Trailers.NONE)).isInstanceOf(Passed.Pass.class);
  }

  @ParameterizedTest
  @CsvSource({
    "00ffffffff, 413100", // 4 GiB
    "000000000b, 413100",
    "010000000b, 413100",
    "0000000001410000000000000000000b, 413100",
    "0200000000, 400103",
    "8000000000, 400103",
    "474554202f, 400103", // somebody's HTTP/1
    "000000000141ff, 400103",
  })
  void refusesWhatIsTooLongOrNoMessage(String bytes, String code) {
    for (int pieces = 1; pieces <= bytes.length() / 2; pieces++) {
      MessageFilter filter = MessageFilter.ofRequest(10);
      assertThat(refusal(filter, cut(hex(bytes), pieces))).isEqualTo(code);
    }
  }

  @ParameterizedTest
  @CsvSource({"00", "00000000", "0000000002", "000000000241", "00000000014100"})
  void refusesAnEndInTheMiddle(String bytes) {
    MessageFilter filter = MessageFilter.ofResponse(10);
    assertThat(refusal(filter, List.of(hex(bytes)))).isNull();
    assertThat(filter.isBetweenMessages()).isFalse();
    Passed.Refuse refused = (Passed.Refuse) filter.end(Trailers.NONE);
    assertThat(refused.fault().code()).isEqualTo(FaultCode.UPSTREAM_PROTOCOL);
  }

  @Test
  void aRefusedChunkDoesNotChangeWhatHasPassed() {
    MessageFilter filter = MessageFilter.ofResponse(10);
    assertThat(refusal(filter, List.of(hex("000000000141"), hex("0000000001ff0000")))).isNull();
    assertThat(filter.isBetweenMessages()).isFalse();

    filter = MessageFilter.ofResponse(10);
    assertThat(refusal(filter, List.of(hex("000000000141"), hex("00ffffffff"))))
        .isEqualTo("101510");
    assertThat(filter.isBetweenMessages()).isTrue();
  }

  @Test
  void anyCutOfGoodMessagesPasses() {
    Random random = new Random(20261130);
    for (int round = 0; round < 500; round++) {
      ByteBuf all = Unpooled.buffer();
      for (int messages = random.nextInt(6); messages > 0; messages--) {
        byte[] message = new byte[random.nextInt(300)];
        all.writeByte(random.nextInt(2)).writeInt(message.length).writeBytes(message);
      }
      MessageFilter filter = MessageFilter.ofRequest(300);
      assertThat(refusal(filter, cut(all, 1 + random.nextInt(50)))).isNull();
      assertThat(filter.isBetweenMessages()).isTrue();
    }
  }

  @Test
  void nothingIsGoodToo() {
    MessageFilter filter = MessageFilter.ofRequest(0);
    assertThat(filter.end(Trailers.NONE)).isInstanceOf(Passed.Pass.class);
    assertThat(refusal(filter, List.of(hex("0000000000")))).isNull();
    assertThat(refusal(filter, List.of(hex("0000000001")))).isEqualTo("413100");
  }

  private static ByteBuf hex(String text) {
    return Unpooled.wrappedBuffer(HexFormat.of().parseHex(text));
  }

  private static List<ByteBuf> cut(ByteBuf whole, int pieces) {
    List<ByteBuf> parts = new ArrayList<>();
    int size = Math.max(1, (whole.readableBytes() + pieces - 1) / pieces);
    while (whole.isReadable()) {
      parts.add(whole.readRetainedSlice(Math.min(size, whole.readableBytes())));
    }
    whole.release();
    return parts;
  }

  /** The code of the refusal, null if all passed; releases everything. */
  private static @Nullable String refusal(MessageFilter filter, List<ByteBuf> chunks) {
    String code = null;
    for (ByteBuf chunk : chunks) {
      if (code != null) {
        chunk.release();
        continue;
      }
      switch (filter.chunk(chunk)) {
        case Passed.Pass pass -> pass.buffer().release();
        case Passed.Refuse refuse -> code = refuse.fault().code().code();
      }
    }
    return code;
  }
}
