/**
 * Decisions about upstreams: which target, whether it is healthy, whether to try again. No sockets.
 */
package tollgate.core.upstream;
