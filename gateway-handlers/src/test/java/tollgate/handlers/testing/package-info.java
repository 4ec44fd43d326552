/** What the tests of several handlers use. */
@org.jspecify.annotations.NullMarked
package tollgate.handlers.testing;
