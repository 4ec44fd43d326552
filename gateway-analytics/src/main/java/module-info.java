/**
 * What happened, told to operators: metrics and access log. Everything that happens per request is
 * counted on the event loop it happens on; rendering and writing are done elsewhere.
 */
@org.jspecify.annotations.NullMarked
module tollgate.analytics {
  requires transitive tollgate.core;
  requires transitive micrometer.core;
  requires io.netty.common;
  requires micrometer.registry.prometheus;
  requires org.slf4j;

  exports tollgate.analytics.accesslog;
  exports tollgate.analytics.metrics;
  exports tollgate.analytics.telemetry;
}
