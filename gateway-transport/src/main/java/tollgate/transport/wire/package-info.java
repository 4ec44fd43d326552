/**
 * What the protocols share: bytes on their way in and out, field lines, limits, and the watches
 * over a peer that is slow.
 */
package tollgate.transport.wire;
