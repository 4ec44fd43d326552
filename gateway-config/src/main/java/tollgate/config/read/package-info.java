/**
 * Tree to records. {@link tollgate.config.read.ConfigReader} reads a folder; a {@link
 * tollgate.config.read.Shape} says once, for the reader, the JSON Schema and the reference page,
 * which keys a map has. Modules with options of their own declare them as shapes.
 */
@org.jspecify.annotations.NullMarked
package tollgate.config.read;
