package tollgate.core.handler;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.Exchange;
import tollgate.core.port.Offload;

/**
 * Work on messages that may hold an event loop for too long: that on short ones is done at once,
 * that on others elsewhere. Heads and messages belong to the loop, so what is made of the result is
 * made there in either case. Immutable; event loop only.
 */
public final class LongWork {
  private final Offload offload;
  private final int shortBytes;

  /**
   * @param shortBytes of a body, up to which the loop does the work itself
   */
  public LongWork(Offload offload, int shortBytes) {
    this.offload = requireNonNull(offload, "offload");
    this.shortBytes = shortBytes;
  }

  /**
   * Does it. What either part throws is thrown, or fails the decision.
   *
   * @param bytes of the body that it is done on
   * @param work any thread; must not touch the exchange
   * @param then on the loop
   */
  public <R> Verdict run(
      Exchange exchange, int bytes, Supplier<R> work, Function<R, Verdict.Decided> then) {
    if (bytes <= shortBytes) {
      return then.apply(work.get());
    }
    CompletableFuture<Verdict.Decided> decision = new CompletableFuture<>();
    var _ =
        offload
            .compute(work::get)
            .whenComplete((result, failure) ->
                exchange.loop().execute(() -> complete(decision, result, failure, then)));
    return new Verdict.Later(decision);
  }

  private static <R> void complete(
      CompletableFuture<Verdict.Decided> decision,
      R result,
      @Nullable Throwable failure,
      Function<R, Verdict.Decided> then) {
    if (failure != null) {
      decision.completeExceptionally(failure);
      return;
    }
    try {
      decision.complete(then.apply(result));
    } catch (RuntimeException | LinkageError e) {
      decision.completeExceptionally(e);
    }
  }
}
