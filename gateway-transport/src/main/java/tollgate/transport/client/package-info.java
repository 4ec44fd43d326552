/**
 * Connections to backends: pools per event loop and target behind process-wide permits, and the
 * names they are looked up by.
 */
package tollgate.transport.client;
