package tollgate.core.port;

/**
 * A backend inside this process, streamed like any other: status, admin, embedded Key Manager,
 * console, mocks. Any number of exchanges at once, each on its own event loop.
 */
@FunctionalInterface
public interface LocalService {
  /**
   * Opens one request. The caller then sends head, body and end to what is returned; the service
   * answers through {@code events} on the same loop, never before {@link UpstreamStream#sendHead}
   * was called. Never blocks.
   */
  UpstreamStream open(Loop loop, UpstreamEvents events);
}
