/** OpenAPI 3.0 and 3.1 documents: text to records, with the place of whatever is wrong. */
@org.jspecify.annotations.NullMarked
package tollgate.config.openapi;
