package tollgate.core.http;

import org.jspecify.annotations.Nullable;

/**
 * A request head as it came in, decoded and checked by the codec. Immutable; any thread.
 *
 * @param protocol as access log and metrics name it: {@code HTTP/1.0}, {@code HTTP/1.1}, {@code h2}
 * @param scheme {@code http} or {@code https}, by the connection, never by the request
 * @param authority host and optional port as received, lower-cased; empty if there was none
 * @param path the one canonical path for routing, policy and backend (RFC 3986 section 6.2.2); of a
 *     request that is malformed it is the part that could be read, for nobody's eyes but the log's
 * @param query without the question mark, as received; null if there was none
 * @param bodyLength see {@link BodyLength}
 * @param expectsContinue {@code Expect: 100-continue} on HTTP/1.1
 * @param upgrade what the client asks to switch this connection or stream to, lower-cased: the
 *     {@code Upgrade} of an HTTP/1.1 request whose {@code Connection} names it, {@code websocket}
 *     wherever it stands in it; the {@code :protocol} of an extended CONNECT, which otherwise comes
 *     as a GET without a body, whatever follows it on its stream (RFC 8441); null if it asks for
 *     nothing
 */
public record ReceivedRequest(
    String protocol,
    Method method,
    String scheme,
    String authority,
    String path,
    @Nullable String query,
    ReceivedFields fields,
    long bodyLength,
    boolean expectsContinue,
    @Nullable String upgrade) {
  /** Asks to switch to nothing. */
  public ReceivedRequest(
      String protocol,
      Method method,
      String scheme,
      String authority,
      String path,
      @Nullable String query,
      ReceivedFields fields,
      long bodyLength,
      boolean expectsContinue) {
    this(
        protocol,
        method,
        scheme,
        authority,
        path,
        query,
        fields,
        bodyLength,
        expectsContinue,
        null);
  }
}
