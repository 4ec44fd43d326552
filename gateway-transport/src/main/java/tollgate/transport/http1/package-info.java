/**
 * HTTP/1.1 on both sides (RFC 9112): a strict decoder and an encoder of our own, and what turns
 * their messages into exchanges and attempts. Where the RFC lets a recipient choose between
 * repairing and refusing, this refuses.
 */
package tollgate.transport.http1;
