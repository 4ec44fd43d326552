/**
 * What the core needs from outside and what outside needs of it: loops, streams, connectors, local
 * services.
 */
package tollgate.core.port;
