/** Listeners: accepting, the pipeline of a connection, draining. */
package tollgate.transport.server;
