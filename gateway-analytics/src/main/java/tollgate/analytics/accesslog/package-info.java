/**
 * The access log: one JSON object a line for every ended exchange. Event loops hand records to
 * bounded rings; one thread encodes and writes them. {@code docs/reference/access-log.md} lists the
 * fields.
 */
package tollgate.analytics.accesslog;
