package tollgate.transport.wire;

/** Which versions of HTTP a listener speaks. */
public enum HttpVersions {
  HTTP1,
  HTTP2,
  /** As ALPN decides; in plain text HTTP/2 where the client begins with its preface. */
  BOTH;

  public boolean hasHttp1() {
    return this != HTTP2;
  }

  public boolean hasHttp2() {
    return this != HTTP1;
  }
}
