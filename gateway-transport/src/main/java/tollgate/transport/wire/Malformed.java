package tollgate.transport.wire;

import tollgate.core.fault.Fault;

/**
 * What came in is not to be read on. Stackless: thrown by the decoders, caught by the connection
 * that called them, never seen by anybody else.
 */
public final class Malformed extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Fault fault;

  public Malformed(Fault fault) {
    super(fault.detail(), null, false, false);
    this.fault = fault;
  }

  /** As the client is told it. */
  public Fault fault() {
    return fault;
  }

  /** For the log. */
  public String detail() {
    return fault.detail();
  }
}
