package tollgate.core.chain;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tollgate.core.exchange.ClientConnection;
import tollgate.core.exchange.ExchangeStarter;
import tollgate.core.fault.Fault;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.port.ClientStream;
import tollgate.core.port.Loop;
import tollgate.core.port.RequestEvents;

/** Starts exchanges on the generation that serves at that moment. Any thread; one per listener. */
public final class Exchanges implements ExchangeStarter {
  private final Supplier<Site> sites;

  /**
   * @param sites the present generation's view; one volatile read
   */
  public Exchanges(Supplier<Site> sites) {
    this.sites = sites;
  }

  @Override
  public RequestEvents begin(
      ReceivedRequest request,
      @Nullable Fault malformed,
      ClientConnection connection,
      ClientStream stream,
      Loop loop) {
    ChainRun run =
        new ChainRun(sites.get(), new RunningExchange(request, connection, loop), stream);
    run.begin(malformed);
    return run;
  }

  @Override
  public void takenBack(
      ReceivedRequest request, ClientConnection connection, ClientStream stream, Loop loop) {
    new ChainRun(sites.get(), new RunningExchange(request, connection, loop), stream).takenBack();
  }
}
