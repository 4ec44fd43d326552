package tollgate.transport.http1;

import tollgate.core.fault.Fault;

/**
 * What came in is not to be read on. Stackless: thrown by the decoders, caught by the connection
 * that called them, never seen by anybody else.
 */
final class Malformed extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Fault fault;

  Malformed(Fault fault) {
    super(fault.detail(), null, false, false);
    this.fault = fault;
  }

  /** As the client is told it. */
  Fault fault() {
    return fault;
  }

  /** For the log. */
  String detail() {
    return fault.detail();
  }
}
