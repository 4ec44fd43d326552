/** Makes a leak fail the tests. */
@org.jspecify.annotations.NullMarked
package tollgate.transport.leaks;
