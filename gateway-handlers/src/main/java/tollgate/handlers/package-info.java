/** The list of the handlers that come with the gateway, and how they stand in a chain. */
package tollgate.handlers;
