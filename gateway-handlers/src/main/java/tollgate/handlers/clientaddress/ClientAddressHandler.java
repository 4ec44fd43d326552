package tollgate.handlers.clientaddress;

import static java.util.Objects.requireNonNull;

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
  private final TrustedProxies proxies;

  public ClientAddressHandler(TrustedProxies proxies) {
    this.proxies = requireNonNull(proxies, "proxies");
  }

  @Override
  public String name() {
    return "clientAddress";
  }

  @Override
  public boolean appliesTo(Exchange exchange) {
    return proxies.trusts(exchange.connection().peerAddress());
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    ClientConnection connection = exchange.connection();
    ReceivedRequest received = exchange.request().received();
    TrustedProxies.Caller caller =
        proxies.caller(
            connection.peerAddress(),
            received.scheme(),
            connection.local().getPort(),
            received.authority(),
            exchange.request().fields());
    exchange.clientAddress(caller.address());
    exchange.forwarded(caller.facts());
    return Verdict.Proceed.PROCEED;
  }
}
