/** What the core tells, handed to metrics and access log. */
package tollgate.analytics.telemetry;
