package tollgate.core.handler;

import java.util.function.Supplier;
import tollgate.core.port.Offload;
import tollgate.core.time.Ticker;

/** What a handler is made with. Used while a snapshot is built; any thread. */
public interface HandlerContext {
  Ticker ticker();

  /** How many event loops there are: the size of what is striped per loop. */
  int loopCount();

  /** Where work goes that would hold an event loop for more than about a millisecond. */
  Offload offload();

  /**
   * A piece that handlers of several routes and of successive generations share: a limiter, a key
   * cache, a breaker. The same kind, name and hash give the same object; the factory is called for
   * the first. It is closed, if it is AutoCloseable, when the last snapshot that asked for it ends.
   *
   * @param kind the piece's type, also part of its identity
   * @param definitionHash of the configuration that shapes it; numbers that may change without
   *     losing state stay out of it
   */
  <T> T shared(Class<T> kind, String name, String definitionHash, Supplier<T> factory);
}
