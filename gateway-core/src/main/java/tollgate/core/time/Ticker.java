package tollgate.core.time;

/**
 * A monotonic clock. Instants are nanoseconds from an arbitrary origin and are compared by
 * subtraction only. Any thread.
 */
@FunctionalInterface
public interface Ticker {
  Ticker SYSTEM = System::nanoTime;

  long nanos();
}
