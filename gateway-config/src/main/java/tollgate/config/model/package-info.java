/**
 * What a configuration says, as immutable records: one record per kind and per nested section, with
 * its defaults as named constants. Only records, enums and sealed interfaces live here; {@code
 * tollgate.config.read} makes them from text.
 */
@org.jspecify.annotations.NullMarked
package tollgate.config.model;
