package tollgate.core.websocket;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The decompressors of one loop: each is somebody's for as long as a compressed message of his
 * passes, and a few wait for the next, so that a WebSocket nobody speaks on has none. Event loop
 * only.
 */
public final class Inflaters {
  private static final int MAX_IDLE = 4;

  private final Deque<MessageInflater> idle = new ArrayDeque<>(MAX_IDLE);

  /** None yet. */
  public Inflaters() {}

  MessageInflater take() {
    MessageInflater waiting = idle.poll();
    return waiting == null ? new MessageInflater() : waiting;
  }

  void giveBack(MessageInflater used) {
    if (idle.size() < MAX_IDLE) {
      idle.push(used);
    } else {
      used.close();
    }
  }
}
