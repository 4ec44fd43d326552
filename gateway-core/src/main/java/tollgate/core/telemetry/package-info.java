/** What is told about an exchange when it has ended. */
package tollgate.core.telemetry;
