/**
 * Sockets: event loops, listeners, TLS, HTTP on the wire, connection pools. The only module that
 * names channels.
 */
@org.jspecify.annotations.NullMarked
module tollgate.transport {
  requires transitive tollgate.core;
  requires transitive io.netty.transport;
  requires io.netty.codec;
  requires io.netty.codec.dns;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.resolver;
  requires io.netty.resolver.dns;
  requires io.netty.transport.classes.epoll;
  requires io.netty.transport.unix.common;
  requires org.slf4j;

  exports tollgate.transport.client;
  exports tollgate.transport.http1;
  exports tollgate.transport.loop;
  exports tollgate.transport.server;
  exports tollgate.transport.tls;
  exports tollgate.transport.wire;
}
