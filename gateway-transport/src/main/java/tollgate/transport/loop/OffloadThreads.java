package tollgate.transport.loop;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import tollgate.core.port.NoPermitException;
import tollgate.core.port.Offload;

/**
 * Virtual threads behind permits per dependency, and a small pool of platform threads with a
 * bounded queue. Any thread.
 */
public final class OffloadThreads implements Offload, AutoCloseable {
  private static final int COMPUTE_QUEUE_PER_THREAD = 64;

  private final int permitsPerDependency;
  private final ConcurrentMap<String, Semaphore> permits = new ConcurrentHashMap<>();
  private final ExecutorService virtual =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual().name("tollgate-blocking-", 0).factory());
  private final ThreadPoolExecutor compute;

  /**
   * @param permitsPerDependency how many blocking tasks of one dependency may run at once
   * @param computeThreads 1 or more
   */
  public OffloadThreads(int permitsPerDependency, int computeThreads) {
    if (permitsPerDependency < 1) {
      throw new IllegalArgumentException(
          "permitsPerDependency: " + permitsPerDependency + " (expected: >= 1)");
    }
    this.permitsPerDependency = permitsPerDependency;
    this.compute =
        new ThreadPoolExecutor(
            computeThreads,
            computeThreads,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(computeThreads * COMPUTE_QUEUE_PER_THREAD),
            Thread.ofPlatform().name("tollgate-compute-", 0).daemon().factory());
    compute.allowCoreThreadTimeOut(true);
  }

  @Override
  public <T> CompletionStage<T> blocking(String dependency, Callable<T> task) {
    requireNonNull(task, "task");
    Semaphore own = permits.computeIfAbsent(dependency, _ -> new Semaphore(permitsPerDependency));
    if (!own.tryAcquire()) {
      return CompletableFuture.failedFuture(new NoPermitException(dependency));
    }
    var result = new CompletableFuture<T>();
    try {
      virtual.execute(() -> {
        T value;
        try {
          value = task.call();
        } catch (Throwable e) { // whatever it is, it belongs to the one who waits
          own.release();
          result.completeExceptionally(e);
          return;
        }
        own.release();
        result.complete(value);
      });
    } catch (RejectedExecutionException _) {
      own.release();
      result.completeExceptionally(new NoPermitException(dependency));
    }
    return result;
  }

  @Override
  public <T> CompletionStage<T> compute(Callable<T> task) {
    requireNonNull(task, "task");
    var result = new CompletableFuture<T>();
    try {
      compute.execute(() -> {
        try {
          result.complete(task.call());
        } catch (Throwable e) { // whatever it is, it belongs to the one who waits
          result.completeExceptionally(e);
        }
      });
    } catch (RejectedExecutionException _) {
      result.completeExceptionally(new NoPermitException("compute"));
    }
    return result;
  }

  /** Takes no more work and interrupts what runs. */
  @Override
  public void close() {
    virtual.shutdownNow();
    compute.shutdownNow();
  }
}
