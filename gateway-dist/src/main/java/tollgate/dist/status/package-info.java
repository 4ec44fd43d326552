/**
 * Services of this process over HTTP: the status port and the control socket. Served by the same
 * transport and chain as everything else.
 */
@org.jspecify.annotations.NullMarked
package tollgate.dist.status;
