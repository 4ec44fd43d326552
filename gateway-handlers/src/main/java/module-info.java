/** The handlers that come with the gateway, one package each, none knowing another. */
@org.jspecify.annotations.NullMarked
module tollgate.handlers {
  requires transitive tollgate.core;

  exports tollgate.handlers;
}
