package tollgate.transport.wire;

import org.jspecify.annotations.Nullable;
import tollgate.core.telemetry.CloseReason;

/** A client connection that has got as far as HTTP, of whatever version. Event loop only. */
public interface ServedConnection {
  /** Takes no further request, and closes when those under way are answered. */
  void drain();

  /** Closes if no request is under way and none has begun to come. */
  void closeIfIdle(CloseReason why);

  /** Why this connection ends or has ended; null if nothing has pointed to its end yet. */
  @Nullable CloseReason reason();
}
