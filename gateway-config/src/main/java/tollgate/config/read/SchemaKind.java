package tollgate.config.read;

/** What a file that the configuration names is written in, where it may name further files. */
enum SchemaKind {
  JSON_SCHEMA,
  XSD,
  OPENAPI
}
