/**
 * The meaning of a request: heads, exchanges, chain, routes, upstream decisions. No sockets, no
 * threads of its own.
 */
@org.jspecify.annotations.NullMarked
module tollgate.core {
  requires transitive tollgate.config;
  requires transitive io.netty.buffer;
  requires transitive java.xml;
  requires transitive org.jspecify;
  requires com.aayushatharva.brotli4j;
  requires com.github.luben.zstd_jni;
  requires io.netty.common;
  requires org.slf4j;

  exports tollgate.core.chain;
  exports tollgate.core.coding;
  exports tollgate.core.exchange;
  exports tollgate.core.expression;
  exports tollgate.core.fault;
  exports tollgate.core.grpc;
  exports tollgate.core.handler;
  exports tollgate.core.http;
  exports tollgate.core.media;
  exports tollgate.core.message.json;
  exports tollgate.core.message.multipart;
  exports tollgate.core.message.scan;
  exports tollgate.core.message.soap;
  exports tollgate.core.message.typed;
  exports tollgate.core.message.xml;
  exports tollgate.core.message;
  exports tollgate.core.overload;
  exports tollgate.core.plugin;
  exports tollgate.core.port;
  exports tollgate.core.route;
  exports tollgate.core.telemetry;
  exports tollgate.core.testkit;
  exports tollgate.core.time;
  exports tollgate.core.upstream;
  exports tollgate.core.websocket;
}
