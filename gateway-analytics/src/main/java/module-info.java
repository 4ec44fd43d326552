/**
 * What happened, told to operators: metrics and access log. Everything that happens per request is
 * counted on the event loop it happens on; rendering and writing are done elsewhere.
 */
@org.jspecify.annotations.NullMarked
module tollgate.analytics {
  requires transitive tollgate.core;
  requires transitive micrometer.core;
  requires io.netty.common;
  // Micrometer, which cannot say so itself, reads these for jvm_* and process_*.
  requires java.management;
  requires jdk.management;
  requires micrometer.registry.prometheus;
  requires org.slf4j;

  exports tollgate.analytics.accesslog;
  exports tollgate.analytics.metrics;
  exports tollgate.analytics.telemetry;
}
