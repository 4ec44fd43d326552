package tollgate.core.handler;

import java.util.concurrent.CompletionStage;

/** What a handler decides. */
public sealed interface Verdict {
  /** A verdict that can be acted upon at once. */
  sealed interface Decided extends Verdict {}

  /** Next handler. */
  enum Proceed implements Decided {
    PROCEED
  }

  /** Stop; answer from here. On the response side the answer takes the response's place. */
  record Reply(LocalReply reply) implements Decided {}

  /**
   * Decide when {@code decision} completes, on any thread; the chain goes on on the exchange's
   * loop. Bounded in time; dropped if the exchange has ended. A stage that failed for want of a
   * permit is 503; any other failure is a bug of the handler's: 500.
   */
  record Later(CompletionStage<? extends Decided> decision) implements Verdict {}
}
