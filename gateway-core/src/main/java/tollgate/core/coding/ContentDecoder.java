package tollgate.core.coding;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A body that is being decoded, whatever its codings, within limits: pieces of at most 16 KiB go to
 * a receiver as soon as they are there, and nothing else is kept. Holds native memory until {@link
 * #close}. One thread at a time.
 *
 * <p>The limits hold between two codings as they hold behind the last, so that a body cannot grow
 * within and shrink again.
 */
public final class ContentDecoder implements AutoCloseable {
  /** Takes decoded bytes. */
  public interface Receiver {
    /**
     * @param piece borrowed for the call
     * @return whether more is wanted
     */
    boolean take(ByteBuf piece);
  }

  /** Why decoding has ended. */
  public enum Failure {
    /** Not of the coding, cut off, or going on behind its end. */
    MALFORMED,
    TOO_LARGE,
    /** More bytes for one than the ratio allows. */
    BOMB,
    /** The receiver wanted no more. */
    UNWANTED
  }

  private final List<DecoderStage> stages;
  private final List<DecoderStage.Next> nexts = new ArrayList<>(Decoding.MAX_CODINGS);
  private final long[] decoded;
  private final DecodeLimits limits;
  private final Receiver receiver;
  private long received;
  private @Nullable Failure failure;
  private String reason = "";

  private ContentDecoder(List<DecoderStage> stages, DecodeLimits limits, Receiver receiver) {
    this.stages = stages;
    this.limits = limits;
    this.receiver = receiver;
    this.decoded = new long[stages.size()];
    for (int i = 0; i < stages.size(); i++) {
      int stage = i;
      nexts.add(piece -> passOn(stage, piece));
    }
  }

  /**
   * A new stream; to be closed whatever becomes of it.
   *
   * @param codings at least one, in the order they were applied, as {@link Decoding#parse} gives
   *     them
   */
  public static ContentDecoder create(
      List<Decoding> codings, DecodeLimits limits, Receiver receiver, ByteBufAllocator allocator) {
    if (codings.isEmpty() || codings.size() > Decoding.MAX_CODINGS) {
      throw new IllegalArgumentException("codings: " + codings + " (expected: one or two)");
    }
    List<DecoderStage> stages = new ArrayList<>(codings.size());
    boolean isWhole = false;
    try {
      for (Decoding coding : codings.reversed()) {
        stages.add(coding.stage(allocator));
      }
      isWhole = true;
    } finally {
      if (!isWhole) {
        stages.forEach(DecoderStage::close);
      }
    }
    return new ContentDecoder(stages, limits, receiver);
  }

  /**
   * Takes all of {@code in}, borrowed, whose indices stay as they are.
   *
   * @return whether all is well so far; once it is not it stays so
   */
  public boolean decode(ByteBuf in) {
    received += in.readableBytes();
    return failure == null && (!in.isReadable() || decode(0, in));
  }

  /** The body is complete. One that had no bytes at all is, too. */
  public boolean end() {
    if (failure == null && received > 0) {
      for (DecoderStage stage : stages) {
        if (!stage.isFinished()) {
          fail(Failure.MALFORMED, "ends too soon");
          break;
        }
      }
    }
    return failure == null;
  }

  /** Null as long as all is well. */
  public @Nullable Failure failure() {
    return failure;
  }

  /** Short, of the failure; holds nothing of the body. */
  public String reason() {
    return reason;
  }

  /** Frees the native memory; twice does no harm. */
  @Override
  public void close() {
    stages.forEach(DecoderStage::close);
  }

  private boolean decode(int stage, ByteBuf in) {
    try {
      if (!stages.get(stage).decode(in, nexts.get(stage))) {
        fail(Failure.UNWANTED, "no more is wanted");
      }
    } catch (MalformedCodingException e) {
      fail(Failure.MALFORMED, String.valueOf(e.getMessage()));
    }
    return failure == null;
  }

  private boolean passOn(int stage, ByteBuf piece) {
    long all = decoded[stage] + piece.readableBytes();
    decoded[stage] = all;
    if (all > limits.maxBytes()) {
      fail(Failure.TOO_LARGE, "more than " + limits.maxBytes() + " bytes when decoded");
    } else if (all > limits.freeBytes() && all / limits.maxRatio() > received) {
      fail(Failure.BOMB, "more than " + limits.maxRatio() + " times its bytes when decoded");
    } else if (stage + 1 < stages.size()) {
      return decode(stage + 1, piece);
    } else if (!receiver.take(piece)) {
      fail(Failure.UNWANTED, "no more is wanted");
    }
    return failure == null;
  }

  private void fail(Failure why, String text) {
    if (failure == null) {
      failure = why;
      reason = text;
    }
  }
}
