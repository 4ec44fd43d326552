package tollgate.core.exchange;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A typed place for a value on an exchange, compared by object: {@code static final Key<Identity>
 * IDENTITY = Key.of("identity")}. Declare as constants only; each takes a slot for the life of the
 * process. Immutable.
 */
@SuppressWarnings("UnusedTypeParameter") // it types get and set of Exchange
public final class Key<T> {
  private static final AtomicInteger NEXT = new AtomicInteger();

  private final String name;
  private final int slot = NEXT.getAndIncrement();

  private Key(String name) {
    this.name = name;
  }

  public static <T> Key<T> of(String name) {
    return new Key<>(name);
  }

  /** 0 and up, without holes: the index into an exchange's values. */
  public int slot() {
    return slot;
  }

  @Override
  public String toString() {
    return name;
  }
}
