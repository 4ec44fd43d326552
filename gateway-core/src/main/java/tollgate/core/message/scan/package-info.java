/**
 * Scanners that check JSON and XML chunk by chunk, without a tree and without a copy: whether the
 * payload is well-formed, and whether it stays within limits.
 */
package tollgate.core.message.scan;
