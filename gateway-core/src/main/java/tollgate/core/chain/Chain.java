package tollgate.core.chain;

import java.util.List;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Side;
import tollgate.core.handler.Stage;

/**
 * The handlers of one route in request order; responses run in exact reverse. Immutable.
 *
 * <p>Every chain of a listener's routes begins with the same LISTENER handlers: they have run when
 * the route is found, and the exchange goes on behind them. The UPSTREAM handlers stand at the end
 * and run once per attempt.
 */
public final class Chain {
  /** As many as an exchange has bits for. */
  public static final int MAX_HANDLERS = 64;

  public static final Chain EMPTY = of(List.of());

  final Handler[] handlers;
  final Side[] sides;
  final int listenerEnd;
  final int upstreamStart;
  private final List<Entry> entries;

  /** One handler where it stands. */
  public record Entry(Handler handler, Stage stage, Side side) {}

  private Chain(List<Entry> entries) {
    this.entries = List.copyOf(entries);
    this.handlers = entries.stream().map(Entry::handler).toArray(Handler[]::new);
    this.sides = entries.stream().map(Entry::side).toArray(Side[]::new);
    this.listenerEnd =
        (int) entries.stream().filter(entry -> entry.stage() == Stage.LISTENER).count();
    this.upstreamStart =
        (int) entries.stream().filter(entry -> entry.stage() != Stage.UPSTREAM).count();
  }

  /**
   * @throws IllegalArgumentException if the stages go backwards or there are more than {@link
   *     #MAX_HANDLERS}
   */
  public static Chain of(List<Entry> entries) {
    if (entries.size() > MAX_HANDLERS) {
      throw new IllegalArgumentException(
          "handlers: " + entries.size() + " (expected: <= " + MAX_HANDLERS + ")");
    }
    for (int i = 1; i < entries.size(); i++) {
      if (entries.get(i).stage().compareTo(entries.get(i - 1).stage()) < 0) {
        throw new IllegalArgumentException(
            entries.get(i).handler().name()
                + ": stage "
                + entries.get(i).stage()
                + " after "
                + entries.get(i - 1).stage());
      }
    }
    return new Chain(entries);
  }

  /** In request order. */
  public List<Entry> entries() {
    return entries;
  }
}
