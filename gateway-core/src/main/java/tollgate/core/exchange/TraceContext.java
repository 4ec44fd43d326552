package tollgate.core.exchange;

/**
 * The span of an exchange (W3C Trace Context). Immutable.
 *
 * @param traceparent what the backend is sent, valid: {@code 00-}, 32 digits, {@code -}, 16 digits,
 *     {@code -}, flags; the ids are cut out of it only where somebody reads them
 */
public record TraceContext(String traceparent) {
  /** Set in the LISTENER stage. */
  public static final Key<TraceContext> KEY = Key.of("trace");

  /** Where the trace id begins and ends: 32 lower-case hex digits. */
  public static final int TRACE_ID = 3;

  public static final int TRACE_ID_END = 35;

  /** Where the span id, ours, begins and ends: 16 lower-case hex digits. */
  public static final int SPAN_ID = 36;

  public static final int SPAN_ID_END = 52;

  public String traceId() {
    return traceparent.substring(TRACE_ID, TRACE_ID_END);
  }

  public String spanId() {
    return traceparent.substring(SPAN_ID, SPAN_ID_END);
  }
}
