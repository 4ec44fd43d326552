/**
 * The configuration: text to located tree to immutable records. A leaf: no Netty, no other gateway
 * module.
 */
@org.jspecify.annotations.NullMarked
module tollgate.config {
  requires transitive org.jspecify;
  requires java.xml;
  requires org.snakeyaml.engine;

  exports tollgate.config.model;
  exports tollgate.config.openapi;
  exports tollgate.config.read;
  exports tollgate.config.schema;
  exports tollgate.config.text;
}
