/** JSON and XML of one another by a schema, which was compiled to a tree of types before. */
@org.jspecify.annotations.NullMarked
package tollgate.core.message.typed;
