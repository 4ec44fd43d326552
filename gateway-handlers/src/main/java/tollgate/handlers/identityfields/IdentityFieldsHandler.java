package tollgate.handlers.identityfields;

import java.util.Map;
import tollgate.core.exchange.Exchange;
import tollgate.core.handler.Handler;
import tollgate.core.handler.Verdict;
import tollgate.core.http.FieldName;
import tollgate.core.http.Fields;
import tollgate.core.http.ReceivedFields;
import tollgate.core.http.TrustedProxies;

/**
 * Removes fields by which a proxy tells a backend whom it has authenticated, unless the peer is one
 * that the listener trusts: backends that believe them would believe any client. Event loop only.
 *
 * <p>Not entered by requests without such a field, so that these pay for a look at their names.
 */
public final class IdentityFieldsHandler implements Handler {
  private static final FieldName X_USER = FieldName.of("X-User");
  private static final String EXPERIMENTAL = "x-";

  /** Names that begin with {@code x-}, and what they begin with. */
  private static final String[] EXPERIMENTAL_FAMILIES = {
    "x-client-cert",
    "x-client-verify",
    "x-client-dn",
    "x-client-s-dn",
    "x-client-i-dn",
    "x-ssl-",
    "x-tls-client-",
    "x-jwt-assertion",
    "x-amzn-mtls-",
    "x-arr-clientcert",
    "x-wso2-client-certificate",
  };

  /** RFC 9440: Client-Cert and Client-Cert-Chain. */
  private static final String[] OTHER_FAMILIES = {"client-cert", "ssl-client-"};

  private final Map<String, TrustedProxies> byListener;

  /**
   * @param byListener the peers a listener trusts, by its name; a listener that trusts nobody is
   *     absent
   */
  public IdentityFieldsHandler(Map<String, TrustedProxies> byListener) {
    this.byListener = Map.copyOf(byListener);
  }

  @Override
  public String name() {
    return "identityFields";
  }

  @Override
  public boolean appliesTo(Exchange exchange) {
    ReceivedFields received = exchange.request().received().fields();
    int count = received.count();
    for (int i = 0; i < count; i++) {
      if (isIdentity(received, i)) {
        return !isTrusted(exchange);
      }
    }
    return received.indexOf(X_USER, 0) >= 0 && !isTrusted(exchange);
  }

  @Override
  public Verdict onRequest(Exchange exchange) {
    Fields fields = exchange.request().fields();
    ReceivedFields received = fields.received();
    int count = received.count();
    for (int i = 0; i < count; i++) {
      if (isIdentity(received, i)) {
        fields.removeReceived(i);
      }
    }
    for (int i = received.indexOf(X_USER, 0); i >= 0; i = received.indexOf(X_USER, i + 1)) {
      fields.removeReceived(i);
    }
    return Verdict.Proceed.PROCEED;
  }

  private boolean isTrusted(Exchange exchange) {
    return byListener
        .getOrDefault(exchange.connection().listener(), TrustedProxies.NONE)
        .trusts(exchange.connection().peerAddress());
  }

  private static boolean isIdentity(ReceivedFields received, int index) {
    return received.nameStartsWith(index, EXPERIMENTAL)
        ? beginsWithOneOf(received, index, EXPERIMENTAL_FAMILIES)
        : beginsWithOneOf(received, index, OTHER_FAMILIES);
  }

  private static boolean beginsWithOneOf(ReceivedFields received, int index, String[] families) {
    for (String family : families) {
      if (received.nameStartsWith(index, family)) {
        return true;
      }
    }
    return false;
  }
}
