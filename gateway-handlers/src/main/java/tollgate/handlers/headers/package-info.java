/** The step {@code headers}: sets, adds and removes header fields. In the CONTENT stage. */
package tollgate.handlers.headers;
