package tollgate.handlers.clientaddress;

import java.util.Map;
import tollgate.core.exchange.ClientConnection;
import tollgate.core.exchange.Exchange;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Verdict;
import tollgate.core.http.ReceivedRequest;
import tollgate.core.http.TrustedProxies;

/**
 * Believes a trusted proxy's word about the caller: its address, and the scheme, host and port it
 * used. Of anybody else nothing is believed, and the exchange keeps what the connection says. Event
 * loop only.
 */
public final class ClientAddressHandler implements Handler {
  private final Map<String, TrustedProxies> byListener;

  /**
   * @param byListener the peers a listener trusts, by its name; a listener that trusts nobody is
   *     absent
   */
  public ClientAddressHandler(Map<String, TrustedProxies> byListener) {
    this.byListener = Map.copyOf(byListener);
  }

  @Override
  public String name() {
    return "clientAddress";
  }

  @Override
  public boolean appliesTo(Exchange exchange) {
    return proxies(exchange).trusts(exchange.connection().peerAddress());
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    ClientConnection connection = exchange.connection();
    ReceivedRequest received = exchange.request().received();
    TrustedProxies.Caller caller =
        proxies(exchange)
            .caller(
                connection.peerAddress(),
                received.scheme(),
                connection.local().getPort(),
                received.authority(),
                exchange.request().fields());
    exchange.clientAddress(caller.address());
    exchange.forwarded(caller.facts());
    return Verdict.Proceed.PROCEED;
  }

  private TrustedProxies proxies(Exchange exchange) {
    return byListener.getOrDefault(exchange.connection().listener(), TrustedProxies.NONE);
  }
}
