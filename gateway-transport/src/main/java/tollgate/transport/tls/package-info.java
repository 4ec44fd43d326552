/**
 * TLS on both sides: server contexts by server name, re-read without a restart, and client contexts
 * that verify who answers.
 */
package tollgate.transport.tls;
