/**
 * HTTP/2 from outside. A client that writes frames byte by byte and shares nothing with the
 * gateway, the cases that a server must get right by RFC 9113 and RFC 7541, floods, other people's
 * clients, and a browser. {@link tollgate.it.http2.Conformance} runs the cases against any server.
 */
@NullMarked
package tollgate.it.http2;

import org.jspecify.annotations.NullMarked;
