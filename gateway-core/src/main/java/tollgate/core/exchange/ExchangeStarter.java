package tollgate.core.exchange;

import org.jspecify.annotations.Nullable;
import tollgate.core.fault.Fault;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.port.ClientStream;
import tollgate.core.port.Loop;
import tollgate.core.port.RequestEvents;

/**
 * Where a protocol hands over a request it has decoded. On the event loop that owns the connection.
 */
@FunctionalInterface
public interface ExchangeStarter {
  /**
   * Begins an exchange; it may be answered through {@code stream} before this returns.
   *
   * <p>A request whose {@code bodyLength} is 0 or {@link tollgate.core.http.BodyLength#ABSENT} has
   * no body: neither {@code onBody} nor {@code onBodyEnd} follows. For any other, the chain calls
   * {@link ClientStream#readBody} when somebody wants it.
   *
   * @param malformed why the head must be refused, or null; the rest of the connection cannot be
   *     read then
   * @return takes the events that follow
   */
  RequestEvents begin(
      ReceivedRequest request,
      @Nullable Fault malformed,
      ClientConnection connection,
      ClientStream stream,
      Loop loop);

  /**
   * Records a request that its client took back before anybody had looked at it: nothing is asked
   * of the chain or of a backend.
   *
   * @param stream is over
   */
  default void takenBack(
      ReceivedRequest request, ClientConnection connection, ClientStream stream, Loop loop) {}
}
