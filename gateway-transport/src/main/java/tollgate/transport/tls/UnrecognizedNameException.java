package tollgate.transport.tls;

import javax.net.ssl.SSLException;

/** A client asked for a name nobody here has a certificate for. Immutable. */
public final class UnrecognizedNameException extends SSLException {
  private static final long serialVersionUID = 1L;

  UnrecognizedNameException() {
    super("no certificate for the server name");
  }
}
