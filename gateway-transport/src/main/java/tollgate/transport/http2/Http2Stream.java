package tollgate.transport.http2;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import tollgate.core.http.Owned;
import tollgate.core.http.Trailers;

/**
 * One stream, either side of it: its windows, what waits in it in both directions, and which of the
 * directions has ended (RFC 9113 section 5.1). Event loop only.
 *
 * <p>Input: {@code held} is what came and nobody wanted yet. Output: {@code queue} is what may not
 * be sent yet; the end waits behind it.
 */
abstract class Http2Stream {
  private static final int FEW = 4;

  private final Http2Connection connection;
  private int id;

  // What the connection keeps about it.
  int sendWindow;
  int receiveWindow = Frame.DEFAULT_WINDOW;
  int window = Frame.DEFAULT_WINDOW;
  int taken;
  long sentBytes;
  boolean isInputEnded;
  boolean isForgotten;
  boolean isWaiting;
  boolean isReady;
  boolean isInvited;
  boolean isTouched;
  @Nullable Http2Stream nextReady;
  @Nullable Http2Stream nextWaiting;
  @Nullable Http2Stream nextTouched;

  private @Nullable ByteBuf held;
  private @Nullable Trailers heldEnd;
  private long declaredLeft = -1;
  private boolean isReadWanted;
  private boolean isDelivering;
  private @Nullable ArrayDeque<ByteBuf> queue;
  private boolean isEndQueued;
  private Trailers endTrailers = Trailers.NONE;
  private boolean isOutputEnded;

  /**
   * @param id 0 for one that has none yet
   */
  Http2Stream(Http2Connection connection, int id) {
    this.connection = connection;
    this.id = id;
  }

  final int id() {
    return id;
  }

  final void id(int given) {
    id = given;
  }

  // ---- what the two sides do differently

  /** A DATA frame begins; it is within the windows, and the input has not ended. */
  void onDataFrame() throws Http2Error {}

  /** Whether the peer's reset takes back nothing of what it has sent. */
  boolean isWholeDespite(long code) {
    return false;
  }

  abstract void onBody(@Owned ByteBuf piece);

  abstract void onBodyEnd(Trailers trailers);

  /** Our direction has ended; the stream may still have input to come. */
  abstract void onOutputEnded();

  /** Both directions have ended. */
  abstract void onClosed();

  /** The peer has reset it; it is forgotten already. */
  abstract void onPeerReset(long code);

  /** What the peer sent on it is broken; it was reset and is forgotten already. */
  abstract void onBroken(String cause);

  /** The connection is over; it is forgotten already. */
  abstract void onConnectionOver(String cause);

  abstract void onWritable();

  /** A burst of reads that concerned it has ended. */
  abstract void onReadComplete();

  // ---- input

  /**
   * @param bytes what the head says of the body's length; negative for nothing
   */
  final void declare(long bytes) {
    declaredLeft = bytes;
  }

  final boolean isReadWanted() {
    return isReadWanted;
  }

  /** Whether somebody waits for bytes that have not come. */
  final boolean lacksInput() {
    return isReadWanted && held == null && !isInputEnded;
  }

  /** Bytes of the body, not empty. */
  final void received(@Owned ByteBuf piece) throws Http2Error {
    int length = piece.readableBytes();
    if (declaredLeft >= 0) {
      declaredLeft -= length;
      if (declaredLeft < 0) {
        connection.take(length);
        piece.release();
        throw wrongLength();
      }
    }
    connection.touch(this);
    if (isReadWanted && held == null && !isDelivering) {
      taken(length);
      isDelivering = true;
      try {
        onBody(piece);
      } finally {
        isDelivering = false;
      }
      deliver();
    } else {
      hold(piece);
    }
  }

  /** The input has ended. */
  final void receivedAll(Trailers trailers) throws Http2Error {
    if (declaredLeft > 0) {
      throw wrongLength();
    }
    isInputEnded = true;
    heldEnd = trailers;
    connection.touch(this);
    deliver();
    closeIfEnded();
  }

  /** The input ended with its head: nobody is told of a body. */
  final void receivedNone() throws Http2Error {
    if (declaredLeft > 0) {
      throw wrongLength();
    }
    isInputEnded = true;
  }

  /** RFC 9113 8.1.1: DATA must add up to Content-Length. */
  private Http2Error wrongLength() {
    return Http2Error.ofStream(
        id, ErrorCode.PROTOCOL_ERROR, "DATA does not add up to Content-Length");
  }

  final void read(boolean wanted) {
    isReadWanted = wanted;
    if (wanted && (held != null || heldEnd != null) && !isDelivering) {
      deliver();
      if (!connection.isInBurst()) {
        onReadComplete();
      }
    }
  }

  /** As {@link #read}, but nothing is handed over before that is called. */
  final void readLater(boolean wanted) {
    isReadWanted = wanted;
  }

  /** Hands over what waits, as long as it is wanted. */
  private void deliver() {
    if (isDelivering) {
      return;
    }
    isDelivering = true;
    try {
      while (isReadWanted) {
        ByteBuf piece = held;
        if (piece != null) {
          held = null;
          taken(piece.readableBytes());
          onBody(piece);
          continue;
        }
        Trailers end = heldEnd;
        if (end != null) {
          heldEnd = null;
          onBodyEnd(end);
        }
        return;
      }
    } finally {
      isDelivering = false;
    }
  }

  /** Drops what has come and what will: nobody wants it. */
  final void dropInput() {
    isReadWanted = false;
    ByteBuf piece = held;
    held = null;
    heldEnd = null;
    if (piece != null) {
      connection.take(piece.readableBytes());
      piece.release();
    }
  }

  private void taken(int bytes) {
    connection.take(bytes);
    connection.open(this, bytes);
  }

  /** Bytes that count for the window and that no piece brings. */
  final void opens(int bytes) {
    if (bytes > 0) {
      connection.open(this, bytes);
    }
  }

  /** Copied together, so that no buffer of the loop is kept and no crumb costs a buffer. */
  private void hold(@Owned ByteBuf piece) {
    int length = piece.readableBytes();
    ByteBuf have = held;
    if (have == null) {
      have = connection.channel().alloc().directBuffer(length);
      held = have;
    }
    have.writeBytes(piece);
    piece.release();
  }

  // ---- output

  final boolean hasQueued() {
    ArrayDeque<ByteBuf> have = queue;
    return (have != null && !have.isEmpty()) || isEndQueued;
  }

  final boolean isOutputEnded() {
    return isOutputEnded;
  }

  /** Whether more may be sent without piling up; if not, {@link #onWritable} follows. */
  final boolean mayWrite() {
    if (!hasQueued() && (isInvited || connection.maySend(this))) {
      return true;
    }
    connection.waits(this);
    return false;
  }

  final void send(@Owned ByteBuf piece) {
    if (isOutputEnded || isEndQueued || isForgotten || !piece.isReadable()) {
      piece.release();
      return;
    }
    isInvited = false;
    ByteBuf rest = piece;
    if (!hasQueued() && connection.maySend(this)) {
      rest = connection.write(this, piece, false);
    }
    if (rest != null) {
      enqueue(rest);
      connection.makeReady(this);
    }
  }

  final void endOutput(Trailers trailers) {
    if (isOutputEnded || isEndQueued || isForgotten) {
      return;
    }
    if (hasQueued()) {
      isEndQueued = true;
      endTrailers = trailers;
    } else {
      writeEnd(trailers);
    }
  }

  /** The head that was written said that nothing follows. */
  final void endedWithHead() {
    isOutputEnded = true;
  }

  /** One frame of what waits; the connection lets it. */
  final void sendQueuedFrame() {
    ArrayDeque<ByteBuf> have = queue;
    ByteBuf piece = have == null ? null : have.pollFirst();
    if (have != null && piece != null) {
      ByteBuf rest = connection.write(this, piece, true);
      if (rest != null) {
        have.addFirst(rest);
        return;
      }
      if (!have.isEmpty()) {
        return;
      }
    }
    if (isEndQueued) {
      isEndQueued = false;
      writeEnd(endTrailers);
    }
  }

  private void writeEnd(Trailers trailers) {
    isOutputEnded = true;
    if (trailers.isEmpty()) {
      connection.out().endStream(id);
    } else {
      HeadWriter.trailers(connection.out(), connection.encoder(), id, trailers);
    }
    connection.requestFlush();
    onOutputEnded();
    closeIfEnded();
  }

  final void closeIfEnded() {
    if (isInputEnded && isOutputEnded && !isForgotten) {
      connection.closed(this);
      onClosed();
    }
  }

  private void enqueue(@Owned ByteBuf piece) {
    ArrayDeque<ByteBuf> have = queue;
    if (have == null) {
      have = new ArrayDeque<>(FEW);
      queue = have;
    }
    have.addLast(piece);
  }

  /** It was cut short. */
  final void releaseAll() {
    dropInput();
    releaseQueue();
  }

  /** Drops what was not sent. */
  final void releaseQueue() {
    ArrayDeque<ByteBuf> have = queue;
    queue = null;
    isEndQueued = false;
    if (have != null) {
      for (ByteBuf piece : have) {
        piece.release();
      }
    }
  }
}
