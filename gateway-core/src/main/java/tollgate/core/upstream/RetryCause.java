package tollgate.core.upstream;

/** Why an attempt may be made again. */
public enum RetryCause {
  /** A reused connection died before any response byte: the backend may have closed it before. */
  DEAD_ON_REUSE("dead_on_reuse"),
  /** No connection came about, so that the backend saw nothing of the request. */
  CONNECT_FAILURE("connect_failure"),
  /** Closed or reset before the head of a response. */
  RESET("reset"),
  /** No head of a response in time. */
  TIMEOUT("timeout"),
  /** The response's status says so. */
  STATUS("status");

  private final String word;

  RetryCause(String word) {
    this.word = word;
  }

  /** As label {@code reason} of {@code gw_upstream_retries_total}. */
  public String word() {
    return word;
  }
}
