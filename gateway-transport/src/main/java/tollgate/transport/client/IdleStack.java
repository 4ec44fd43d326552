package tollgate.transport.client;

import org.jspecify.annotations.Nullable;

/**
 * Unused connections of one loop to one target, the last one used on top: those below are the ones
 * to run out of time. Event loop only.
 */
final class IdleStack {
  private @Nullable PooledConnection top;
  private @Nullable PooledConnection bottom;

  @Nullable PooledConnection top() {
    return top;
  }

  @Nullable PooledConnection bottom() {
    return bottom;
  }

  void push(PooledConnection connection) {
    PooledConnection under = top;
    connection.below = under;
    if (under == null) {
      bottom = connection;
    } else {
      under.above = connection;
    }
    top = connection;
  }

  void remove(PooledConnection connection) {
    PooledConnection over = connection.above;
    PooledConnection under = connection.below;
    if (over == null) {
      top = under;
    } else {
      over.below = under;
    }
    if (under == null) {
      bottom = over;
    } else {
      under.above = over;
    }
    connection.above = null;
    connection.below = null;
  }
}
