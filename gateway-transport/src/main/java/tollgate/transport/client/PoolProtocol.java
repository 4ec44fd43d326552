package tollgate.transport.client;

/** The version of HTTP that a pool's connections speak. */
public enum PoolProtocol {
  HTTP1,
  /** By ALPN where there is TLS, else by prior knowledge. */
  H2,
  /** What the target chooses by ALPN; HTTP/1.1 without TLS. */
  AUTO
}
