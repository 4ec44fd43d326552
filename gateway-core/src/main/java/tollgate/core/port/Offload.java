package tollgate.core.port;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Where work goes that must not run on an event loop. Any thread. Nothing queues without bound:
 * with no permit left the stage that is returned has already failed with {@link NoPermitException}.
 * A stage completes on the thread that did the work.
 */
public interface Offload {
  /** Runs everything at once on the thread that asks: for tools that answer nobody else. */
  static Offload here() {
    return new Offload() {
      @Override
      public <T> CompletionStage<T> blocking(String dependency, Callable<T> task) {
        return compute(task);
      }

      @Override
      public <T> CompletionStage<T> compute(Callable<T> task) {
        var result = new CompletableFuture<T>();
        try {
          result.complete(task.call());
        } catch (Exception | LinkageError e) { // whatever it is, it belongs to the one who waits
          result.completeExceptionally(e);
        }
        return result;
      }
    };
  }

  /**
   * Runs work that may block (JDBC, files, LDAP) on a virtual thread.
   *
   * @param dependency what is waited for, e.g. {@code ldap}: each has its own permits, so that one
   *     that hangs starves no other
   */
  <T> CompletionStage<T> blocking(String dependency, Callable<T> task);

  /** Runs work that takes more than about a millisecond of CPU on a small platform pool. */
  <T> CompletionStage<T> compute(Callable<T> task);
}
