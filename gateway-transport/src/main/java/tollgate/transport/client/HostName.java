package tollgate.transport.client;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One target's host and the addresses it stands for. {@link #current} and {@link #refreshIfOld}
 * from any thread, cheaply; waiting goes through the resolver's own loop.
 *
 * <p>Nothing is asked before somebody wants to connect. Good addresses stay in use while asking
 * again fails.
 */
final class HostName {
  private final String name;
  private final boolean isLiteral;
  private final NameResolver resolver;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile @Nullable Addresses current;

  // Resolver's loop only.
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

  private record Waiting(Executor loop, Runnable then) {}

  HostName(String name, NameResolver resolver) {
    this.name = name;
    this.resolver = resolver;
    InetAddress literal = literal(name);
    this.isLiteral = literal != null;
    this.current = literal == null ? null : new Addresses(List.of(literal), 0);
  }

  String name() {
    return name;
  }

  /** Null until a first answer has come. */
  @Nullable Addresses current() {
    return current;
  }

  /** Asks again in the background if the answer's time is over. */
  void refreshIfOld() {
    if (isLiteral) {
      return;
    }
    Addresses known = current;
    if (known != null
        && System.nanoTime() - known.validUntilNanos() > 0
        && asking.compareAndSet(false, true)) {
      resolver.ask(this);
    }
  }

  /** Asks, if nobody does already, and runs {@code then} on {@code loop} when that is over. */
  void whenAsked(Executor loop, Runnable then) {
    resolver.execute(() -> {
      waiting.add(new Waiting(loop, then));
      if (asking.compareAndSet(false, true)) {
        resolver.ask(this);
      }
    });
  }

  /**
   * The answer is there. Resolver's loop only.
   *
   * @param answer null if there was none: what is known stays
   */
  void asked(@Nullable Addresses answer) {
    if (answer != null) {
      current = answer;
    }
    asking.set(false);
    for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
      next.loop().execute(next.then());
    }
  }

  private static @Nullable InetAddress literal(String name) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(name);
    if (bytes == null) {
      return null;
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are an address", e);
    }
  }
}
