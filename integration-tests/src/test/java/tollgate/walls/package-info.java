/**
 * The walls between modules and packages, and the documents that speak of classes: tests over what
 * was built, without a socket.
 */
@org.jspecify.annotations.NullMarked
package tollgate.walls;
