/** The program: its entry point. What it is made of stands in the packages below. */
@org.jspecify.annotations.NullMarked
package tollgate.dist;
