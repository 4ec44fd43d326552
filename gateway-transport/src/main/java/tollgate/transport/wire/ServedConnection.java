package tollgate.transport.wire;

import org.jspecify.annotations.Nullable;
import tollgate.core.telemetry.CloseReason;

/** A client connection that has got as far as HTTP, of whatever version. Event loop only. */
public interface ServedConnection {
  /**
   * Takes no further request, and closes when those under way are answered; what could go on for
   * ever is told to end.
   */
  void drain();

  /** As {@link #drain}, but what goes on may do so. */
  void retire();

  /** Closes if no request is under way and none has begun to come. */
  void closeIfIdle(CloseReason why);

  /** Why this connection ends or has ended; null if nothing has pointed to its end yet. */
  @Nullable CloseReason reason();
}
