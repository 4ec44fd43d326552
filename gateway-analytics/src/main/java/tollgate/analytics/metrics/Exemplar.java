package tollgate.analytics.metrics;

/** One observed value and the trace it belongs to. Immutable. */
record Exemplar(String traceId, long nanos, long epochMillis) {}
