package tollgate.core.exchange;

/**
 * The span of an exchange (W3C Trace Context). Immutable.
 *
 * @param traceId 32 lower-case hex digits
 * @param spanId 16 lower-case hex digits, ours
 */
public record TraceContext(String traceId, String spanId) {
  /** Set in the LISTENER stage. */
  public static final Key<TraceContext> KEY = Key.of("trace");
}
