/** The step {@code respond}: a fixed answer instead of the backend's. In the CONTENT stage. */
package tollgate.handlers.respond;
