/**
 * What a WebSocket may say (RFC 6455, RFC 7692): handshake and frames, checked as they pass. Knows
 * no connection.
 */
package tollgate.core.websocket;
