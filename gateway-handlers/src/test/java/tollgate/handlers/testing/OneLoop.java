package tollgate.handlers.testing;

import java.util.function.Supplier;
import tollgate.core.handler.HandlerContext;
import tollgate.core.port.Offload;
import tollgate.core.testkit.ManualTicker;
import tollgate.core.time.Ticker;

/** A context with one event loop in which nothing is shared. Any thread. */
public final class OneLoop implements HandlerContext {
  public static final OneLoop CONTEXT = new OneLoop();

  private OneLoop() {}

  @Override
  public Ticker ticker() {
    return new ManualTicker();
  }

  @Override
  public int loopCount() {
    return 1;
  }

  @Override
  public Offload offload() {
    return Offload.here();
  }

  @Override
  public <T> T shared(Class<T> kind, String name, String definitionHash, Supplier<T> factory) {
    return factory.get();
  }
}
