/**
 * HTTP/2 on both sides (RFC 9113, RFC 7541): frames, header compression, streams and flow control
 * of our own, one handler for each connection, and what turns its streams into exchanges and
 * attempts. What the RFC calls an error is one; floods end the connection.
 */
package tollgate.transport.http2;
