package tollgate.core.message.scan;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Hands payloads to scanners in pieces. */
final class Cut {
  static final byte[] WINDOW = new byte[64];

  private Cut() {}

  /** In one piece, in an array. */
  static @Nullable Finding whole(PayloadScanner scanner, byte[] payload) {
    scanner.scan(Unpooled.wrappedBuffer(payload));
    scanner.end();
    return scanner.finding();
  }

  /** In pieces of one size. */
  static @Nullable Finding every(int size, PayloadScanner scanner, byte[] payload) {
    for (int at = 0; at < payload.length; at += size) {
      scanner.scan(Unpooled.wrappedBuffer(payload, at, Math.min(size, payload.length - at)));
    }
    scanner.end();
    return scanner.finding();
  }

  /** In pieces of any size, in memory outside the heap, through a window of 64 bytes. */
  static @Nullable Finding random(Random random, PayloadScanner scanner, byte[] payload) {
    int at = 0;
    while (at < payload.length) {
      int length = Math.min(payload.length - at, 1 + random.nextInt(100));
      ByteBuf piece = Unpooled.directBuffer(length).writeBytes(payload, at, length);
      scanner.scan(piece);
      piece.release();
      at += length;
    }
    scanner.end();
    return scanner.finding();
  }

  /** The finding, which is the same for every cut. */
  static @Nullable Finding all(Supplier<PayloadScanner> scanners, byte[] payload, Random random) {
    Finding whole = whole(scanners.get(), payload);
    for (int size : new int[] {1, 2, 3, 7, 8, 9, 17}) {
      same(whole, every(size, scanners.get(), payload), payload);
    }
    same(whole, random(random, scanners.get(), payload), payload);
    same(whole, random(random, scanners.get(), payload), payload);
    return whole;
  }

  private static void same(@Nullable Finding one, @Nullable Finding other, byte[] payload) {
    if (one == null ? other != null : !one.equals(other)) {
      throw new AssertionError(
          one
              + " in one piece, "
              + other
              + " in several: "
              + new String(payload, java.nio.charset.StandardCharsets.ISO_8859_1));
    }
  }
}
