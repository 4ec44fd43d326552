/** W3C Trace Context in and out. Always on, in the LISTENER stage. */
package tollgate.handlers.tracecontext;
