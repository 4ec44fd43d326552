package tollgate.core.chain;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tollgate.core.fault.Fault;
import tollgate.core.handler.Body;
import tollgate.core.handler.ChunkFilter;
import tollgate.core.handler.Side;
import tollgate.core.http.BodyLength;
import tollgate.core.http.Owned;
import tollgate.core.http.Trailers;

/**
 * One direction's body between its source and its sink, with the chain's filters in it. Event loop
 * only.
 *
 * <pre>
 *   WAITING --collect--> COLLECTING --end--> WAITING (handler sees it whole; more filters may follow)
 *   WAITING --hold-----> HOLDING --enough or end--> WAITING
 *   WAITING --flow-----> FLOWING --end--> DONE          any --close--> CLOSED
 * </pre>
 *
 * <p>Invariants: {@code held} has passed the first {@code heldThrough} filters and no other. In
 * WAITING nothing is read; what arrives all the same (the rest of a read burst) goes to {@code
 * held}. In FLOWING with no filter a chunk goes straight to the sink. The source is read only while
 * the sink is writable.
 *
 * <p>More than 400 lines in one class: filters, holding and back-pressure share one state.
 */
abstract class BodyFlow {
  private enum State {
    WAITING,
    COLLECTING,
    HOLDING,
    FLOWING,
    DONE,
    CLOSED
  }

  private static final int[] NO_OWNERS = {};

  private final ByteBufAllocator allocator;
  private State state = State.WAITING;
  private @Nullable List<ChunkFilter> filters;
  private int[] owners = NO_OWNERS;
  private @Nullable ByteBuf held;
  private int heldThrough;
  private boolean ended;
  private boolean heldIsOurs;
  private Trailers trailers = Trailers.NONE;
  private boolean paused;
  private boolean isReplaced;
  private long declared = BodyLength.ABSENT;
  private long limit = Long.MAX_VALUE;
  private int wanted;
  private long received;
  private long sent;

  /**
   * @param paused whether the source waits to be asked
   */
  BodyFlow(ByteBufAllocator allocator, boolean paused) {
    this.allocator = allocator;
    this.paused = paused;
  }

  /** Asks the source for more, or pauses it. */
  abstract void read(boolean wanted);

  abstract void send(@Owned ByteBuf chunk);

  abstract void sendEnd(Trailers trailers);

  abstract boolean isSinkWritable();

  /** COLLECTING is over. The flow takes the bytes back by {@link #putBack}. */
  abstract void onCollected(Body body);

  /** HOLDING is over. */
  abstract void onHeld();

  /** More came than {@code limit} or {@code collect} allow. */
  abstract void onTooLarge();

  /**
   * @param owner position of the handler whose filter refused; behind the last for one of ours
   */
  abstract void onRefused(Fault fault, int owner);

  abstract void onFilterFailed(Throwable failure, int owner);

  /**
   * @param declared see {@link BodyLength}
   * @param limit of bytes that may come
   */
  final void expect(long declared, long limit) {
    this.declared = declared;
    this.limit = limit;
  }

  /** The source is a buffer that is there already. */
  final void expectLocal(@Owned ByteBuf body) {
    declared = body.readableBytes();
    held = body;
    ended = true;
  }

  /** The source has nothing: no read will be asked for. */
  final void expectNothing(long declared) {
    this.declared = declared;
    ended = true;
  }

  /** Whether the head says that there is content. */
  final boolean isAnnounced() {
    return declared > 0;
  }

  final boolean isEnded() {
    return ended;
  }

  /** Whether the sink has been given all of it. */
  final boolean isDone() {
    return state == State.DONE;
  }

  /** Bytes that came from the source. */
  final long received() {
    return received;
  }

  /** Bytes that went to the sink. */
  final long sent() {
    return sent;
  }

  /** As much as its filters want to see before the sink hears of it; the most that one wants. */
  final int heldBackBytes(Side side) {
    int most = 0;
    List<ChunkFilter> list = filters;
    for (int i = 0; list != null && i < list.size(); i++) {
      most = Math.max(most, list.get(i).heldBackBytes(side));
    }
    return most;
  }

  /** Position of the first handler whose filter wants to see some of it; -1 if none does. */
  final int holder(Side side) {
    List<ChunkFilter> list = filters;
    for (int i = 0; list != null && i < list.size(); i++) {
      if (list.get(i).heldBackBytes(side) > 0) {
        return owners[i];
      }
    }
    return -1;
  }

  private boolean isTransparent() {
    List<ChunkFilter> list = filters;
    for (int i = 0; list != null && i < list.size(); i++) {
      if (!list.get(i).isTransparent()) {
        return false;
      }
    }
    return true;
  }

  /** Lets any number of bytes come, where something else bounds what is kept of them. */
  final void lift() {
    limit = Long.MAX_VALUE;
  }

  final void addFilter(ChunkFilter filter, int owner) {
    List<ChunkFilter> list = filters;
    if (list == null) {
      list = new ArrayList<>(2);
      filters = list;
      owners = new int[Chain.MAX_HANDLERS + 1];
    }
    owners[list.size()] = owner;
    list.add(filter);
  }

  /** The length to declare to the sink; call {@link #settle} first. */
  final long outgoingLength() {
    if (declared == BodyLength.ABSENT && heldBytes() == 0 && (ended || filters == null)) {
      return BodyLength.ABSENT; // else a filter may yet put something at its end
    }
    if (ended && (filters != null || isReplaced || held != null)) {
      return heldBytes();
    }
    return isTransparent() ? declared : BodyLength.UNKNOWN;
  }

  /**
   * Takes a complete body through the filters it has not passed yet, so that its length is known
   * before its head is sent.
   */
  final boolean settle() {
    return !ended || passHeld();
  }

  final void collect(int maxBytes) {
    wanted = maxBytes;
    state = State.COLLECTING;
    if ((filters == null && declared > maxBytes) || heldBytes() > maxBytes) {
      onTooLarge();
      return;
    }
    if (!passHeld() || state != State.COLLECTING) {
      return;
    }
    if (ended) {
      collected();
    } else {
      resume();
    }
  }

  /** Waits for the first {@code minBytes} to pass the filters, or for the end. */
  final void hold(int minBytes) {
    wanted = minBytes;
    state = State.HOLDING;
    if (passHeld() && state == State.HOLDING && !heldEnough()) {
      resume();
    }
  }

  /** Sends what is held and lets the rest flow. */
  final void flow() {
    state = State.FLOWING;
    if (!passHeld() || state != State.FLOWING) {
      return;
    }
    if (ended) {
      finish();
      return;
    }
    sendHeld();
    if (state == State.FLOWING) {
      if (isSinkWritable()) {
        resume();
      } else {
        pause();
      }
    }
  }

  /** Back to the beginning, to be sent to another sink; only if nothing of the body was sent. */
  final void rewind() {
    if (state == State.FLOWING || state == State.DONE) {
      state = State.WAITING;
      pause();
    }
  }

  /** After {@link #onCollected}: the bytes as the handler left them. */
  final void putBack(Body body) {
    if (state == State.CLOSED) {
      body.close();
      return;
    }
    isReplaced |= body.isChanged();
    held = body.bytes();
    heldIsOurs = false;
  }

  /** In the place of the bytes that were put back. */
  final void replace(@Owned ByteBuf written) {
    ByteBuf bytes = held;
    if (bytes != null) {
      bytes.release();
    }
    held = written;
    heldIsOurs = false;
    isReplaced = true;
  }

  /** There is none any more, and none is declared. */
  final void gone() {
    declared = BodyLength.ABSENT;
  }

  final void onSinkWritable() {
    if (state == State.FLOWING && paused && isSinkWritable()) {
      resume();
    }
  }

  final void onChunk(@Owned ByteBuf chunk) {
    received += chunk.readableBytes();
    if (state == State.CLOSED || state == State.DONE) {
      chunk.release();
      return;
    }
    if (received > limit) {
      chunk.release();
      onTooLarge();
      return;
    }
    ByteBuf passed = heldThrough == 0 ? chunk : filter(chunk, 0, heldThrough);
    if (passed == null) {
      return;
    }
    if (state == State.FLOWING) {
      forward(passed);
      return;
    }
    holdBack(passed);
    if (state == State.COLLECTING && heldBytes() > wanted) {
      onTooLarge();
    } else if (state == State.HOLDING) {
      heldEnough();
    }
  }

  final void onEnd(Trailers trailers) {
    if (ended) {
      return;
    }
    ended = true;
    this.trailers = trailers;
    if (!passEnd(0, heldThrough)) {
      return;
    }
    switch (state) {
      case WAITING, DONE, CLOSED -> {}
      case COLLECTING -> collected();
      case HOLDING -> heldEnough();
      case FLOWING -> finish();
    }
  }

  /**
   * Gives the body up: releases what is held, drops what still comes. Once is enough, twice does no
   * harm.
   */
  final void close() {
    if (state != State.CLOSED) {
      state = State.CLOSED;
      ByteBuf bytes = held;
      held = null;
      if (bytes != null) {
        bytes.release();
      }
      List<ChunkFilter> list = filters;
      if (list != null) {
        for (ChunkFilter filter : list) {
          filter.close();
        }
      }
    }
  }

  private void sendHeld() {
    ByteBuf bytes = held;
    held = null;
    if (bytes != null) {
      forward(bytes);
    }
  }

  private void finish() {
    sendHeld();
    if (state == State.FLOWING) {
      state = State.DONE;
      sendEnd(trailers);
    }
  }

  private int heldBytes() {
    ByteBuf bytes = held;
    return bytes == null ? 0 : bytes.readableBytes();
  }

  private void collected() {
    if (heldBytes() > wanted) {
      onTooLarge();
      return;
    }
    state = State.WAITING;
    ByteBuf bytes = held;
    held = null;
    onCollected(new Body(bytes == null ? Unpooled.EMPTY_BUFFER : bytes, trailers));
  }

  private boolean heldEnough() {
    boolean enough = ended || heldBytes() >= wanted;
    if (enough) {
      state = State.WAITING;
      if (!ended) {
        pause();
      }
      onHeld();
    }
    return enough;
  }

  private void forward(@Owned ByteBuf chunk) {
    if (!chunk.isReadable()) {
      chunk.release();
      return;
    }
    sent += chunk.readableBytes();
    send(chunk);
    if (state == State.FLOWING && !ended && !isSinkWritable()) {
      pause();
    }
  }

  /** Called while nobody can take more: a handler decides, or the sink is full. */
  final void pause() {
    if (!paused) {
      paused = true;
      read(false);
    }
  }

  private void resume() {
    if (paused) {
      paused = false;
      read(true);
    }
  }

  /** Appends by copying, so that a body of one-byte chunks holds no more memory than its bytes. */
  private void holdBack(@Owned ByteBuf chunk) {
    ByteBuf bytes = held;
    if (bytes == null) {
      held = chunk;
      heldIsOurs = false;
      return;
    }
    try {
      if (!heldIsOurs) {
        ByteBuf ours =
            allocator.buffer(Math.max(256, 2 * (bytes.readableBytes() + chunk.readableBytes())));
        ours.writeBytes(bytes);
        bytes.release();
        bytes = ours;
        held = ours;
        heldIsOurs = true;
      }
      bytes.writeBytes(chunk);
    } finally {
      chunk.release();
    }
  }

  final int filterCount() {
    List<ChunkFilter> list = filters;
    return list == null ? 0 : list.size();
  }

  /** Takes what is held, and the end if it has come, through the filters that were added since. */
  private boolean passHeld() {
    int count = filterCount();
    int from = heldThrough;
    if (from == count) {
      return true;
    }
    heldThrough = count;
    ByteBuf bytes = held;
    if (bytes != null) {
      held = null;
      ByteBuf passed = filter(bytes, from, count);
      if (passed == null) {
        return false;
      }
      held = passed;
      heldIsOurs = false;
    }
    return !ended || passEnd(from, count);
  }

  /**
   * Ends filters {@code from} to {@code to} in order; what each gives at its end passes those
   * behind it.
   */
  private boolean passEnd(int from, int to) {
    List<ChunkFilter> list = filters;
    for (int i = from; list != null && i < to; i++) {
      ChunkFilter.Passed passed;
      try {
        passed = list.get(i).end(trailers);
      } catch (RuntimeException | LinkageError e) {
        onFilterFailed(e, owners[i]);
        return false;
      }
      ByteBuf rest = take(passed, i);
      if (rest != null) {
        rest = filter(rest, i + 1, to);
      }
      if (rest == null) {
        return false;
      }
      if (rest.isReadable()) {
        holdBack(rest);
      } else {
        rest.release();
      }
      trailers = list.get(i).trailers(trailers);
    }
    return true;
  }

  /**
   * The chunk as filters {@code from} to {@code to} give it on; null if one refused it, and the
   * exchange has been told.
   */
  private @Nullable ByteBuf filter(@Owned ByteBuf chunk, int from, int to) {
    ByteBuf passing = chunk;
    List<ChunkFilter> list = filters;
    for (int i = from; list != null && i < to && passing.isReadable(); i++) {
      ChunkFilter.Passed passed;
      try {
        passed = list.get(i).chunk(passing);
      } catch (RuntimeException | LinkageError e) {
        onFilterFailed(e, owners[i]);
        return null;
      }
      ByteBuf taken = take(passed, i);
      if (taken == null) {
        return null;
      }
      passing = taken;
    }
    return passing;
  }

  private @Nullable ByteBuf take(ChunkFilter.Passed passed, int filter) {
    return switch (passed) {
      case ChunkFilter.Passed.Pass pass -> pass.buffer();
      case ChunkFilter.Passed.Refuse refuse -> {
        onRefused(refuse.fault(), owners[filter]);
        yield null;
      }
    };
  }
}
