package tollgate.core.coding;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.luben.zstd.Zstd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.core.coding.ContentDecoder.Failure;

class ContentDecoderTest {
  private static final UnpooledByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(false);
  private static final DecodeLimits LIMITS = DecodeLimits.of(64 << 20);

  private static final byte[] TEXT = text(100_000);

  @BeforeAll
  static void hasItsLibraries() {
    for (Decoding coding : Decoding.values()) {
      assertThat(coding.isAvailable()).as(coding.token()).isTrue();
    }
  }

  private static byte[] text(int length) {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append("{\"id\":").append(random.nextInt(1000)).append("},");
    }
    return text.toString().getBytes(US_ASCII);
  }

  private static byte[] encoded(Decoding coding, byte[] plain) {
    return switch (coding) {
      case GZIP -> written(ContentCoding.GZIP, plain);
      case BR -> written(ContentCoding.BR, plain);
      case ZSTD -> written(ContentCoding.ZSTD, plain);
      case DEFLATE -> deflated(plain, false);
    };
  }

  private static byte[] written(ContentCoding coding, byte[] plain) {
    ByteBuf out = ALLOCATOR.directBuffer();
    try (Encoder encoder = coding.encoder(coding.defaultLevel())) {
      encoder.encode(Unpooled.wrappedBuffer(plain), out);
      encoder.finish(out);
      return bytes(out);
    } finally {
      out.release();
    }
  }

  private static byte[] deflated(byte[] plain, boolean isBare) {
    Deflater deflater = new Deflater(6, isBare);
    deflater.setInput(plain);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] piece = new byte[4096];
    while (!deflater.finished()) {
      out.write(piece, 0, deflater.deflate(piece));
    }
    deflater.end();
    return out.toByteArray();
  }

  private static byte[] bytes(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.getBytes(buffer.readerIndex(), bytes);
    return bytes;
  }

  /** What came of it: the plain bytes, or the failure and its reason. */
  private static Object decoded(
      List<Decoding> codings, byte[] body, DecodeLimits limits, int size, boolean isDirect) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    try (ContentDecoder decoder =
        ContentDecoder.create(
            codings,
            limits,
            piece -> {
              plain.writeBytes(bytes(piece));
              return true;
            },
            ALLOCATOR)) {
      for (int at = 0; at < body.length; at += size) {
        int length = Math.min(size, body.length - at);
        ByteBuf piece = isDirect ? ALLOCATOR.directBuffer(length) : ALLOCATOR.heapBuffer(length);
        piece.writeBytes(body, at, length);
        decoder.decode(piece);
        assertThat(piece.readableBytes()).isEqualTo(length);
        piece.release();
      }
      decoder.end();
      Failure failure = decoder.failure();
      return failure == null ? plain.toByteArray() : failure + ": " + decoder.reason();
    }
  }

  private static Object decoded(Decoding coding, byte[] body) {
    return decoded(List.of(coding), body, LIMITS, Integer.MAX_VALUE >> 1, true);
  }

  @ParameterizedTest
  @EnumSource
  void decodesHoweverTheBodyIsCut(Decoding coding) {
    for (byte[] plain : new byte[][] {TEXT, {}, {'x'}, Arrays.copyOf(TEXT, 40_000)}) {
      byte[] body = encoded(coding, plain);
      for (int size : new int[] {1, 2, 3, 17, 1000, 100_000}) {
        if (size < 17 && plain.length > 50_000) {
          continue; // a hundred thousand buffers show nothing that forty thousand do not
        }
        assertThat(decoded(List.of(coding), body, LIMITS, size, size != 2)).isEqualTo(plain);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyCutOffBodyIsOneThatEndsTooSoon(Decoding coding) {
    byte[] body = encoded(coding, Arrays.copyOf(TEXT, 300));
    for (int length = 1; length < body.length; length++) {
      assertThat(decoded(coding, Arrays.copyOf(body, length)))
          .isEqualTo("MALFORMED: ends too soon");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatFollowsTheEndIsRefused(Decoding coding) {
    byte[] body = encoded(coding, Arrays.copyOf(TEXT, 300));
    for (byte more : new byte[] {0, 'x', body[0]}) {
      byte[] longer = Arrays.copyOf(body, body.length + 1);
      longer[body.length] = more;
      for (int size : new int[] {1, 7, longer.length}) {
        assertThat(decoded(List.of(coding), longer, LIMITS, size, true))
            .asString()
            .startsWith("MALFORMED: "); // brotli's library says no more than that
      }
    }
    byte[] twice = Arrays.copyOf(body, 2 * body.length);
    System.arraycopy(body, 0, twice, body.length, body.length);
    assertThat(decoded(coding, twice)).asString().startsWith("MALFORMED: ");
  }

  @ParameterizedTest
  @EnumSource
  void damageIsSeenOrDoesNoHarm(Decoding coding) {
    Random random = new Random(20261205);
    byte[] plain = Arrays.copyOf(TEXT, 2_000);
    byte[] body = encoded(coding, plain);
    int seen = 0;
    for (int round = 0; round < 500; round++) {
      byte[] damaged = body.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      Object result = decoded(List.of(coding), damaged, LIMITS, 1 + random.nextInt(500), true);
      seen += result instanceof String ? 1 : 0;
      if (coding == Decoding.GZIP && result instanceof byte[]) {
        assertThat(result).isEqualTo(plain); // it has a checksum
      }
    }
    assertThat(seen).isPositive();
  }

  @Test
  void deflateMayBeBare() {
    for (int size : new int[] {1, 2, 3, 100_000}) {
      assertThat(decoded(List.of(Decoding.DEFLATE), deflated(TEXT, true), LIMITS, size, true))
          .isEqualTo(TEXT);
    }
  }

  @Test
  void readsTheOptionalPartsOfGzip() {
    byte[] body = encoded(Decoding.GZIP, TEXT);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(body, 0, 3);
    all.write(2 | 4 | 8 | 16);
    all.write(body, 4, 6);
    all.writeBytes(new byte[] {3, 0, 1, 2, 3, 'n', 0, 'c', 'c', 0, 9, 9});
    all.write(body, 10, body.length - 10);
    for (int size : new int[] {1, 100_000}) {
      assertThat(decoded(List.of(Decoding.GZIP), all.toByteArray(), LIMITS, size, true))
          .isEqualTo(TEXT);
    }
    body[3] = (byte) 0x80;
    assertThat(decoded(Decoding.GZIP, body)).isEqualTo("MALFORMED: not gzip");
  }

  @Test
  void decodesTwoOverEachOther() {
    for (Decoding inner : Decoding.values()) {
      for (Decoding outer : Decoding.values()) {
        byte[] body = encoded(outer, encoded(inner, TEXT));
        assertThat(decoded(List.of(inner, outer), body, LIMITS, 777, true)).isEqualTo(TEXT);
      }
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            ContentDecoder.create(
                List.of(Decoding.GZIP, Decoding.GZIP, Decoding.GZIP),
                LIMITS,
                _ -> true,
                ALLOCATOR));
  }

  @ParameterizedTest
  @EnumSource
  void endsAtTheLimitOfBytes(Decoding coding) {
    byte[] body = encoded(coding, TEXT);
    DecodeLimits exact = DecodeLimits.of(TEXT.length);
    assertThat(decoded(List.of(coding), body, exact, 1000, true)).isEqualTo(TEXT);
    DecodeLimits less = DecodeLimits.of(TEXT.length - 1);
    assertThat(decoded(List.of(coding), body, less, 1000, true))
        .isEqualTo("TOO_LARGE: more than " + (TEXT.length - 1) + " bytes when decoded");
  }

  @ParameterizedTest
  @EnumSource
  void endsAtTheRatio(Decoding coding) {
    byte[] body = encoded(coding, new byte[8 << 20]);
    String bomb = "BOMB: more than 100 times its bytes when decoded";
    assertThat(decoded(List.of(coding), body, LIMITS, 1 << 20, true)).isEqualTo(bomb);
    byte[] small = encoded(coding, new byte[1 << 20]);
    assertThat(decoded(List.of(coding), small, LIMITS, 1 << 20, true)).isInstanceOf(byte[].class);
  }

  /** Ten gibibytes of zeros, coded as they are sent; the memory is that of the stages. */
  @Test
  void tenGibibytesOfZerosCostNothing() {
    Deflater deflater = new Deflater(9, true);
    byte[] zeros = new byte[1 << 20];
    byte[] piece = new byte[64 * 1024];
    long before = ALLOCATOR.metric().usedDirectMemory() + ALLOCATOR.metric().usedHeapMemory();
    long[] most = {0};
    long[] taken = {0};
    try (ContentDecoder decoder =
        ContentDecoder.create(
            List.of(Decoding.GZIP),
            new DecodeLimits(Long.MAX_VALUE, 2_000, 0),
            scanned -> {
              taken[0] += scanned.readableBytes();
              long now =
                  ALLOCATOR.metric().usedDirectMemory() + ALLOCATOR.metric().usedHeapMemory();
              most[0] = Math.max(most[0], now - before);
              return taken[0] < 256L << 20; // by then nothing grows any more
            },
            ALLOCATOR)) {
      decoder.decode(Unpooled.wrappedBuffer(new byte[] {31, -117, 8, 0, 0, 0, 0, 0, 0, 0}));
      for (long sent = 0; sent < 10L << 30 && decoder.failure() == null; sent += zeros.length) {
        deflater.setInput(zeros);
        int length = deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
        decoder.decode(Unpooled.wrappedBuffer(piece, 0, length));
      }
      assertThat(decoder.failure()).isEqualTo(Failure.UNWANTED);
    }
    deflater.end();
    assertThat(most[0]).isLessThan(128 * 1024);
    assertThat(ALLOCATOR.metric().usedDirectMemory() + ALLOCATOR.metric().usedHeapMemory())
        .isEqualTo(before);
  }

  /** Two codings over each other grow together: the outermost bytes are what counts. */
  @Test
  void aBombInABombIsSeenByTheBytesThatCame() {
    byte[] body = encoded(Decoding.GZIP, encoded(Decoding.BR, new byte[64 << 20]));
    assertThat(body.length).isLessThan(1_000);
    assertThat(decoded(List.of(Decoding.BR, Decoding.GZIP), body, LIMITS, 1_000, true))
        .isEqualTo("BOMB: more than 100 times its bytes when decoded");
  }

  @Test
  void zstdWithAGiantWindowIsRefusedBeforeTheLibrarySeesIt() {
    byte[] window = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) (17 << 3), 0, 0};
    String refused = "MALFORMED: a window of more than 8 MiB";
    assertThat(decoded(Decoding.ZSTD, window)).isEqualTo(refused);
    window[5] = (byte) 0xFF;
    assertThat(decoded(Decoding.ZSTD, window)).isEqualTo(refused);
    window[5] = (byte) (13 << 3); // 8 MiB
    assertThat(decoded(Decoding.ZSTD, window)).isEqualTo("MALFORMED: ends too soon");
    byte[] single = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, (byte) 0xE0, 0, 0, 0, 0, 1, 0, 0, 0};
    assertThat(decoded(Decoding.ZSTD, single)).isEqualTo(refused);
    single[12] = (byte) 0x80; // a size above any long
    assertThat(decoded(Decoding.ZSTD, single)).isEqualTo(refused);
    byte[] dictionary = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 1, 0, 7, 0};
    assertThat(decoded(Decoding.ZSTD, dictionary)).asString().startsWith("MALFORMED: needs");
    byte[] skippable = {0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0};
    assertThat(decoded(Decoding.ZSTD, skippable)).isEqualTo("MALFORMED: not zstd");
  }

  @Test
  void zstdOfOneSegmentIsRead() {
    for (int length : new int[] {0, 1, 200, 300, 70_000, 1 << 20}) {
      byte[] plain = text(Math.max(1, length));
      assertThat(decoded(List.of(Decoding.ZSTD), Zstd.compress(plain), LIMITS, 5, false))
          .isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @EnumSource
  void stopsWhenNoMoreIsWanted(Decoding coding) {
    List<Integer> taken = new ArrayList<>();
    try (ContentDecoder decoder =
        ContentDecoder.create(
            List.of(coding),
            LIMITS,
            piece -> {
              taken.add(piece.readableBytes());
              return false;
            },
            ALLOCATOR)) {
      assertThat(decoder.decode(Unpooled.wrappedBuffer(encoded(coding, TEXT)))).isFalse();
      assertThat(decoder.decode(Unpooled.wrappedBuffer(new byte[1]))).isFalse();
      assertThat(decoder.end()).isFalse();
      assertThat(decoder.failure()).isEqualTo(Failure.UNWANTED);
      assertThat(taken).hasSize(1);
    }
  }

  @Test
  void nothingAtAllIsNothing() {
    assertThat(decoded(Decoding.GZIP, new byte[0])).isEqualTo(new byte[0]);
  }

  @Test
  void readsWhatContentEncodingSays() {
    assertThat(Decoding.parse(List.of())).isEmpty();
    assertThat(Decoding.parse(List.of("identity"))).isEmpty();
    assertThat(Decoding.parse(List.of("GZip"))).containsExactly(Decoding.GZIP);
    assertThat(Decoding.parse(List.of(" x-gzip , ,br")))
        .containsExactly(Decoding.GZIP, Decoding.BR);
    assertThat(Decoding.parse(List.of("deflate", "identity, zstd")))
        .containsExactly(Decoding.DEFLATE, Decoding.ZSTD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chunked",
        "compress",
        "gzip, gzip, gzip",
        "snappy",
        "",
        "gzip;q=1",
        "gzip br",
        "*",
        "aws-chunked"
      })
  void refusesCodingsThatItDoesNotRead(String line) {
    assertThat(Decoding.parse(List.of(line))).isNull();
  }
}
