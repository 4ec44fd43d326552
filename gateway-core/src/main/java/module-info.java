/** The meaning of a request: heads, exchanges, chain, routes, upstream decisions. No sockets, no threads of its own. */
@org.jspecify.annotations.NullMarked
module tollgate.core {
  requires transitive tollgate.config;
  requires transitive io.netty.buffer;
  requires transitive org.jspecify;
  requires org.slf4j;
}
