package tollgate.it.http2;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Frames without end on one connection, and what the server says to it. One thread writes, and one
 * reads meanwhile, or when all is written.
 *
 * @param first what is sent once
 * @param count how often {@code piece} is sent, unless the server ends it before
 * @param isRead whether the client reads while it writes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Flood(
    String name,
    int[] settings,
    Frame[] first,
    int count,
    Piece piece,
    boolean isRead,
    ErrorCode... codes) {
  private static final int PIECES_AT_ONCE = 50;
  private static final long LONGEST_MILLIS = 20_000;

  /** What is sent again and again. */
  @FunctionalInterface
  interface Piece {
    /**
     * @param index counted from 0
     */
    byte[] bytes(int index);
  }

  /**
   * How it ended.
   *
   * @param code null without GOAWAY
   * @param isReset whether it ended by RST, which may have cost the GOAWAY
   * @param sent how many pieces were written
   */
  record End(@Nullable ErrorCode code, boolean isClosed, boolean isReset, int sent, String last) {}

  End run(Endpoint endpoint) throws IOException {
    try (Http2Client client = Http2Client.open(endpoint, settings)) {
      // What neither reads nor ends would hold the writer for ever.
      CompletableFuture<Void> tooLong =
          CompletableFuture.runAsync(
              () -> close(client),
              CompletableFuture.delayedExecutor(LONGEST_MILLIS, TimeUnit.MILLISECONDS));
      CompletableFuture<Void> reading = isRead ? reading(client) : new CompletableFuture<>();
      client.write(Frame.bytes(first));
      int sent = 0;
      while (sent < count && !client.isCut() && !reading.isDone()) {
        byte[][] pieces = new byte[Math.min(PIECES_AT_ONCE, count - sent)][];
        for (int i = 0; i < pieces.length; i++) {
          pieces[i] = piece.bytes(sent + i);
        }
        client.write(Frame.joined(pieces));
        sent += pieces.length;
      }
      CompletableFuture<Void> end = isRead ? reading : reading(client);
      boolean isClosed = end.handle((_, failure) -> failure == null).join() && !tooLong.isDone();
      tooLong.cancel(false);
      Frame goAway = client.goAway();
      return new End(
          goAway == null ? null : goAway.code(),
          isClosed,
          client.isReset(),
          sent,
          client.toString());
    }
  }

  private static CompletableFuture<Void> reading(Http2Client client) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            client.drain();
            end.complete(null);
          } catch (IOException | AssertionError e) {
            end.completeExceptionally(e);
          }
        });
    return end;
  }

  private static void close(Http2Client client) {
    try {
      client.close();
    } catch (IOException _) {
      // it is over
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
