/** The step {@code rewrite}: another path, query or host for the backend. In the CONTENT stage. */
package tollgate.handlers.rewrite;
