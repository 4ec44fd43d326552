/** Tests of text to tree. */
@org.jspecify.annotations.NullMarked
package tollgate.config.text;
