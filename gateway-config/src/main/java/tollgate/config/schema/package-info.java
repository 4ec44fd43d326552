/**
 * Schema files that a configuration names: what they refer to, and whether that can be used. Files
 * below the root folder only; nothing is fetched.
 */
@org.jspecify.annotations.NullMarked
package tollgate.config.schema;
