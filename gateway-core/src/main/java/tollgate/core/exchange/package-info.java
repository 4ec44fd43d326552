/** One request and its response as handlers and telemetry see them. */
package tollgate.core.exchange;
