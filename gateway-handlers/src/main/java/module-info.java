/** The handlers that come with the gateway, one package each, none knowing another. */
@org.jspecify.annotations.NullMarked
module tollgate.handlers {
  requires transitive tollgate.core;
  requires com.networknt.schema;
  requires java.xml;
  requires org.slf4j;
  requires re2j;
  requires tools.jackson.databind;

  exports tollgate.handlers;
}
