package tollgate.core.fault;

/** What refusals look like where the caller leaves it open. */
public enum FaultStyle {
  /** Problem details (RFC 9457), as JSON or XML. */
  PROBLEM,
  /** The flat body of the reference system, as JSON or XML. */
  WSO2
}
