package tollgate.core.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static tollgate.core.websocket.Wire.BINARY;
import static tollgate.core.websocket.Wire.CLOSE;
import static tollgate.core.websocket.Wire.FIN;
import static tollgate.core.websocket.Wire.PING;
import static tollgate.core.websocket.Wire.RSV1;
import static tollgate.core.websocket.Wire.TEXT;
import static tollgate.core.websocket.Wire.closing;
import static tollgate.core.websocket.Wire.deflated;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameCheckTest {
  private static final WebSocketRules RULES =
      new WebSocketRules(null, 100_000, 150_000, 1, 0, 0, true);
  private static final byte[] NOTHING = {};
  private static final byte[] HALF_A_CHARACTER = {'a', (byte) 0xe2, (byte) 0x82};

  static Stream<Arguments> violations() {
    byte[] text = "hello".getBytes(UTF_8);
    return Stream.of(
        arguments("unmasked from a client", Wire.fromClient().raw((byte) 0x81, (byte) 1), 1002),
        arguments("RSV1", Wire.fromClient().frame(FIN | RSV1 | 9, text), 1002),
        arguments(
            "RSV1 on a continuation",
            Wire.fromClient().frame(TEXT, text).frame(FIN | RSV1, text),
            1002),
        arguments("RSV2", Wire.fromClient().frame(FIN | 0x20 | TEXT, text), 1002),
        arguments("RSV3", Wire.fromClient().frame(FIN | 0x10 | TEXT, text), 1002),
        arguments("opcode 3", Wire.fromClient().frame(FIN | 3, text), 1002),
        arguments("opcode 11", Wire.fromClient().frame(FIN | 11, text), 1002),
        arguments("fragmented ping", Wire.fromClient().frame(PING, text), 1002),
        arguments("ping of 126 bytes", Wire.fromClient().frame(FIN | PING, new byte[126]), 1002),
        arguments("nothing to continue", Wire.fromClient().frame(FIN, text), 1002),
        arguments(
            "message in a message",
            Wire.fromClient().frame(TEXT, text).frame(FIN | TEXT, text),
            1002),
        arguments(
            "2^63 bytes",
            Wire.fromClient().frame(FIN | BINARY, 127, Long.MIN_VALUE, NOTHING),
            1002),
        arguments(
            "length in two bytes needlessly",
            Wire.fromClient().frame(FIN | BINARY, 126, 5, text),
            1002),
        arguments(
            "length in eight bytes needlessly",
            Wire.fromClient().frame(FIN | BINARY, 127, 300, new byte[300]),
            1002),
        arguments(
            "frame too large", Wire.fromClient().frame(FIN | BINARY, 127, 100_001, NOTHING), 1009),
        arguments(
            "message too large",
            Wire.fromClient().frame(BINARY, new byte[90_000]).frame(FIN, 126, 60_001, NOTHING),
            1009),
        arguments(
            "bad UTF-8", Wire.fromClient().frame(FIN | TEXT, new byte[] {'a', (byte) 0xff}), 1007),
        arguments(
            "overlong UTF-8",
            Wire.fromClient().frame(FIN | TEXT, new byte[] {(byte) 0xc0, (byte) 0xaf}),
            1007),
        arguments(
            "surrogate",
            Wire.fromClient().frame(FIN | TEXT, new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}),
            1007),
        arguments("half a character", Wire.fromClient().frame(FIN | TEXT, HALF_A_CHARACTER), 1007),
        arguments(
            "half a character over two frames",
            Wire.fromClient().frame(TEXT, HALF_A_CHARACTER).frame(FIN, NOTHING),
            1007),
        arguments("Close of one byte", Wire.fromClient().frame(FIN | CLOSE, new byte[1]), 1002),
        arguments("Close 1005", Wire.fromClient().frame(FIN | CLOSE, closing(1005)), 1002),
        arguments("Close 1006", Wire.fromClient().frame(FIN | CLOSE, closing(1006)), 1002),
        arguments("Close 1015", Wire.fromClient().frame(FIN | CLOSE, closing(1015)), 1002),
        arguments("Close 999", Wire.fromClient().frame(FIN | CLOSE, closing(999)), 1002),
        arguments("Close 5000", Wire.fromClient().frame(FIN | CLOSE, closing(5000)), 1002),
        arguments(
            "Close with a bad reason",
            Wire.fromClient().frame(FIN | CLOSE, closing(1000, (byte) 0xff)),
            1007),
        arguments(
            "bomb",
            Wire.fromClient().frame(FIN | RSV1 | BINARY, deflated(new byte[140_000])),
            1009),
        arguments(
            "compressed past the limit",
            Wire.fromClient().frame(FIN | RSV1 | BINARY, deflated(noise(40_000, 4))),
            1009),
        arguments(
            "compressed bad UTF-8",
            Wire.fromClient().frame(FIN | RSV1 | TEXT, deflated(new byte[] {'a', (byte) 0xff})),
            1007),
        arguments(
            "compressed half a character",
            Wire.fromClient().frame(FIN | RSV1 | TEXT, deflated(HALF_A_CHARACTER)),
            1007),
        arguments(
            "no deflate data",
            Wire.fromClient().frame(FIN | RSV1 | BINARY, new byte[] {(byte) 0xff, 1, 2}),
            1007));
  }

  /** Compresses little, but to less than it is. */
  private static byte[] noise(int length, int times) {
    byte[] noise = new byte[length];
    Random random = new Random(1);
    for (int i = 0; i < length; i++) {
      noise[i] = (byte) random.nextInt(16);
    }
    byte[] all = new byte[length * times];
    for (int i = 0; i < times; i++) {
      System.arraycopy(noise, 0, all, i * length, length);
    }
    return all;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("violations")
  void tellsWhatIsWrongHoweverItIsChopped(String what, Wire wrong, int code) {
    byte[] before = Wire.fromClient().frame(FIN | TEXT, "good".getBytes(UTF_8)).bytes();
    byte[] all = join(before, wrong.bytes());
    for (int piece : pieces(all.length)) {
      Passing passing = new Passing(true, RULES, true);
      passing.chopped(all, piece);
      assertThat(passing.check.violation()).as("%s in pieces of %d", what, piece).isEqualTo(code);
      assertThat(passing.check.problem()).isNotEmpty();
      assertThat(passing.passed.size())
          .as("the good frame passes: pieces of %d", piece)
          .isGreaterThanOrEqualTo(before.length);
      assertThat(all).startsWith(passing.passed.toByteArray());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("violations")
  void letsNothingOfWhatIsWrongPassIfItComesInOnePiece(String what, Wire wrong, int code) {
    byte[] before = Wire.fromClient().frame(FIN | TEXT, "good".getBytes(UTF_8)).bytes();
    Passing passing = new Passing(true, RULES, true);
    passing.whole(join(before, wrong.bytes()));
    assertThat(passing.check.violation()).isEqualTo(code);
    assertThat(passing.check.isBetweenFrames()).isTrue();
    byte[] passed = passing.passed.toByteArray();
    Reader reader = new Reader(true, RULES, true).read(join(before, wrong.bytes()));
    assertThat(passed).as(what).hasSize(reader.right);
  }

  @Test
  void refusesMaskedFramesOfAServerAndCompressedOnesThatWereNotAgreedOn() {
    Passing masked = new Passing(false, RULES, true);
    masked.whole(Wire.fromClient().frame(FIN | TEXT, NOTHING).bytes());
    assertThat(masked.check.violation()).isEqualTo(1002);

    Passing compressed = new Passing(true, RULES, false);
    compressed.whole(Wire.fromClient().frame(FIN | RSV1 | TEXT, deflated(NOTHING)).bytes());
    assertThat(compressed.check.violation()).isEqualTo(1002);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void passesWhatIsRightUnchangedHoweverItIsChopped(boolean isFromClient) {
    Wire wire = isFromClient ? Wire.fromClient() : Wire.fromServer();
    byte[] text = "Grüße, 世界, 🌍, and some more of plain ASCII text".getBytes(UTF_8);
    byte[] all =
        wire.frame(FIN | TEXT, text)
            .frame(FIN | PING, NOTHING)
            .frame(TEXT, Arrays.copyOf(text, 4))
            .frame(FIN | PING, new byte[125])
            .frame(0, Arrays.copyOfRange(text, 4, 15))
            .frame(FIN, Arrays.copyOfRange(text, 15, text.length))
            .frame(FIN | BINARY, new byte[70_000])
            .frame(FIN | BINARY, new byte[300])
            .frame(BINARY, NOTHING)
            .frame(FIN, NOTHING)
            .frame(RSV1 | TEXT, Arrays.copyOf(deflated(text), 10))
            .frame(FIN | PING, NOTHING)
            .frame(FIN, Arrays.copyOfRange(deflated(text), 10, deflated(text).length))
            .frame(FIN | CLOSE, closing(1000, (byte) 'b', (byte) 'y', (byte) 'e'))
            .bytes();
    for (int piece : pieces(all.length)) {
      Passing passing = new Passing(isFromClient, RULES, true);
      passing.chopped(all, piece);
      assertThat(passing.check.problem()).as("pieces of %d", piece).isEmpty();
      assertThat(passing.check.closeCode()).isEqualTo(1000);
      assertThat(Arrays.equals(passing.passed.toByteArray(), all)).isTrue();
    }
  }

  @Test
  void dropsWhatComesAfterAClose() {
    byte[] close = Wire.fromServer().frame(FIN | CLOSE, NOTHING).bytes();
    Passing passing = new Passing(false, RULES, false);
    passing.whole(join(close, Wire.fromServer().frame(FIN | TEXT, NOTHING).bytes()));
    passing.whole(new byte[] {1, 2, 3});
    assertThat(passing.check.closeCode()).isEqualTo(1005);
    assertThat(passing.check.violation()).isZero();
    assertThat(passing.passed.toByteArray()).isEqualTo(close);
  }

  @Test
  void stopsAtTheEndOfTheFrameThatPasses() {
    byte[] first = Wire.fromServer().frame(FIN | BINARY, new byte[50]).bytes();
    byte[] second = Wire.fromServer().frame(FIN | BINARY, new byte[60]).bytes();
    Passing passing = new Passing(false, RULES, false);
    passing.whole(Arrays.copyOf(first, 20));
    assertThat(passing.check.isBetweenFrames()).isFalse();
    passing.check.stopBetweenFrames();
    passing.whole(join(Arrays.copyOfRange(first, 20, first.length), second));
    assertThat(passing.check.isBetweenFrames()).isTrue();
    assertThat(passing.passed.toByteArray()).isEqualTo(first);
  }

  @Test
  void tellsThatHalfAFrameHasPassedOfOneThatIsWrong() {
    byte[] bad = Wire.fromClient().frame(FIN | TEXT, new byte[] {'a', 'b', 'c', -1}).bytes();
    Passing passing = new Passing(true, RULES, false);
    passing.whole(Arrays.copyOf(bad, bad.length - 1));
    passing.whole(Arrays.copyOfRange(bad, bad.length - 1, bad.length));
    assertThat(passing.check.violation()).isEqualTo(1007);
    assertThat(passing.check.isBetweenFrames()).isFalse();
  }

  @Test
  void readsRandomFramesAsAPlainReaderDoes() {
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      boolean isFromClient = random.nextBoolean();
      boolean isDeflate = random.nextBoolean();
      WebSocketRules rules = new WebSocketRules(null, 400, 600, 1, 0, 0, true);
      byte[] all = randomFrames(random, isFromClient, isDeflate);
      Reader reader = new Reader(isFromClient, rules, isDeflate).read(all);
      Passing passing = new Passing(isFromClient, rules, isDeflate);
      for (int at = 0; at < all.length; ) {
        int piece = Math.min(all.length - at, 1 + random.nextInt(random.nextBoolean() ? 3 : 200));
        passing.whole(Arrays.copyOfRange(all, at, at + piece));
        at += piece;
      }
      byte[] passed = passing.passed.toByteArray();
      if (reader.isTooBigInflated) {
        // Where its text is wrong as well, what shows first depends on how it is chopped.
        assertThat(passing.check.violation()).as("seed %d", seed).isIn(1007, 1009);
      } else {
        assertThat(passing.check.violation()).as("seed %d", seed).isEqualTo(reader.violation);
      }
      assertThat(passing.check.closeCode()).as("seed %d", seed).isEqualTo(reader.closeCode);
      assertThat(passed.length).as("seed %d", seed).isGreaterThanOrEqualTo(reader.right);
      assertThat(Arrays.equals(passed, Arrays.copyOf(all, passed.length))).isTrue();
      passing.check.close();
    }
  }

  private static byte[] randomFrames(Random random, boolean isFromClient, boolean isDeflate) {
    Wire wire = isFromClient ? Wire.fromClient() : Wire.fromServer();
    boolean isInMessage = false;
    for (int i = random.nextInt(8); i >= 0; i--) {
      boolean isWrong = random.nextInt(12) == 0;
      boolean isControl = random.nextInt(4) == 0;
      int opcode = isControl ? 9 : isInMessage ? 0 : 1 + random.nextInt(2);
      boolean isFin = isControl || random.nextInt(3) > 0;
      boolean isCompressed = isDeflate && !isControl && !isInMessage && random.nextInt(3) == 0;
      byte[] payload = payload(random, isControl ? 125 : isWrong ? 700 : 150, isWrong);
      int first = opcode | (isFin ? FIN : 0) | (isCompressed ? RSV1 : 0);
      if (isWrong && random.nextBoolean()) {
        first ^= 1 << random.nextInt(8);
      }
      if (isCompressed && isFin) {
        payload = deflated(payload);
      }
      if (random.nextInt(40) == 0) {
        wire.frame(FIN | CLOSE, closing(random.nextInt(6000), payload(random, 20, isWrong)));
      }
      wire.frame(first, payload);
      isInMessage = isControl ? isInMessage : !isFin;
    }
    byte[] all = wire.bytes();
    return random.nextInt(4) == 0 ? Arrays.copyOf(all, random.nextInt(all.length + 1)) : all;
  }

  private static byte[] payload(Random random, int most, boolean isWrong) {
    StringBuilder text = new StringBuilder();
    String[] some = {"a", "plain text of more than eight bytes", "é", "世", "🌍"};
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(some[random.nextInt(some.length)]);
    }
    byte[] bytes = text.toString().getBytes(UTF_8);
    if (isWrong && bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    int length = isWrong ? random.nextInt(most) : Math.min(most, bytes.length);
    return Arrays.copyOf(
        bytes, bytes.length > most ? 0 : Math.max(length, isWrong ? 0 : bytes.length));
  }

  private static List<Integer> pieces(int length) {
    return length < 2000
        ? List.of(1, 2, 3, 5, 7, 13, 64, length)
        : List.of(1, 7, 1000, 4096, length - 1, length);
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  /** A direction, and what has passed. */
  private static final class Passing {
    final FrameCheck check;
    final ByteArrayOutputStream passed = new ByteArrayOutputStream();

    Passing(boolean isFromClient, WebSocketRules rules, boolean isDeflate) {
      check = new FrameCheck(isFromClient, rules, isDeflate ? new Inflaters() : null);
    }

    void chopped(byte[] all, int piece) {
      for (int at = 0; at < all.length; at += piece) {
        whole(Arrays.copyOfRange(all, at, Math.min(all.length, at + piece)));
      }
    }

    void whole(byte[] chunk) {
      ByteBuf owner = chunk.length % 2 == 0 ? Unpooled.buffer() : Unpooled.directBuffer();
      ByteBuf bytes = owner.writeZero(3).writeBytes(chunk).skipBytes(3);
      int count = check.check(bytes);
      ByteBuf earlier = check.takeReleased();
      if (earlier != null) {
        while (earlier.isReadable()) {
          passed.write(earlier.readByte());
        }
      }
      for (int i = 0; i < count; i++) {
        passed.write(bytes.readByte());
      }
      bytes.release();
    }
  }
}
