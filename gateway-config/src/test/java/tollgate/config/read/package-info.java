/** Tests of the reader, with golden cases in {@code src/test/resources/golden}. */
@org.jspecify.annotations.NullMarked
package tollgate.config.read;
