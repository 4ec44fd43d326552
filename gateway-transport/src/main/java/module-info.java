/** Sockets: listeners, protocols, connection pools, TLS, event loops. */
@org.jspecify.annotations.NullMarked
module tollgate.transport {
  requires transitive tollgate.core;
  requires transitive io.netty.transport;
  requires io.netty.common;
  requires io.netty.handler;
  requires org.slf4j;

  exports tollgate.transport.http1;
}
