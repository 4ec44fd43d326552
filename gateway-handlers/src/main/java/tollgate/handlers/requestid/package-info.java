/**
 * The id under which log, backend and client know an exchange. Always on, in the LISTENER stage.
 */
package tollgate.handlers.requestid;
